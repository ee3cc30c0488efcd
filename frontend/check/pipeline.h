// pipeline.h - the nodes of a script while it is being evaluated, numbered as Kapacitor numbers them.
//
// In: what chains and properties say. Out: nodes with parents, children, arguments and property calls, which
// graph_builder.cpp turns into IR. Indexes follow creation, so a parent always comes before its children.
#pragma once

#include <string>
#include <vector>

#include "frontend/check/context.h"
#include "frontend/check/values.h"

namespace tick::check {

struct PropertyCall {
  std::string name;                  // as nodes.def spells it
  const PropertyRow *row = nullptr;  // null for a handler
  const HandlerRow *handler = nullptr;
  std::vector<Value> args;
  std::vector<PropertyCall> properties;  // of a handler
  SourceRange range;
};

struct PipeNode {
  const NodeRow *row = nullptr;
  const UdfSpec *udf = nullptr;  // what a Udf calls
  uint32_t id = 0;
  SourceRange range;  // of the method's name
  ir::Edge wants = ir::Edge::None, provides = ir::Edge::None;
  std::vector<uint32_t> parents, children;
  std::vector<Value> args;
  std::vector<PropertyCall> properties;
  uint32_t measured = 0;  // stats: the node whose output is counted
  bool faulty = false;    // an argument or property was reported: nothing further is said about the node
  bool open = false;      // something of it is left to a template's tasks, so its rules wait for them

  std::string name() const { return (udf ? udf->name : std::string(row->description)) + std::to_string(id); }
  // The last call of a property that is no handler, or null.
  const PropertyCall *property(std::string_view name) const;
};

class Pipeline {
 public:
  explicit Pipeline(Context &context) : context_(context) {}

  // The predefined `stream` or `batch`, or a node without data parent (stats).
  uint32_t add_source(const NodeRow &row, SourceRange range);
  // A node behind `parents`, in that order; each link takes an id. Reports an edge that does not fit at `range`;
  // `caller` is the node the method was called on. `udf`: whose edges it has instead of the row's.
  uint32_t add(const NodeRow &row, std::vector<uint32_t> parents, uint32_t caller, SourceRange range,
               const UdfSpec *udf = nullptr);

  PipeNode &node(uint32_t index) { return nodes_[index]; }
  const PipeNode &node(uint32_t index) const { return nodes_[index]; }
  size_t size() const { return nodes_.size(); }
  // nodes.md 1.9: indexes in the order of dot output.
  std::vector<uint32_t> walk() const;
  // 0.2 numbers nodes after the script has run, in walk order.
  void number_by_walk();

 private:
  Context &context_;
  std::vector<PipeNode> nodes_;
  std::vector<uint32_t> sources_;
  uint32_t next_id_ = 0;
};

std::string GoType(const Context &context, const Pipeline &pipeline, const Value &value);
std::string GoType(const Pipeline &pipeline, const Object &object);
// "from", "the alert", "`stream`": the object in a sentence.
std::string ObjectPhrase(const Pipeline &pipeline, const Object &object);
std::string_view EdgeWord(ir::Edge edge);

}  // namespace tick::check
