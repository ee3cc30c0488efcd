// pipeline.cpp - linking, numbering and walking the nodes of a script.
#include "frontend/check/pipeline.h"

#include <algorithm>

namespace tick::check {
namespace {

ir::Edge FixedEdge(NodeEdge edge) {
  if (edge == NodeEdge::StreamEdge) return ir::Edge::Stream;
  if (edge == NodeEdge::BatchEdge) return ir::Edge::Batch;
  return ir::Edge::None;
}

// What Kapacitor says when a node that takes one kind of edge is put behind the other.
std::string MismatchText(const PipeNode &parent, const PipeNode &child) {
  if (child.row->method == "window") return "cannot Window batch edge";
  if (child.row->method == "trickle") return "cannot Trickle stream edge";
  return "cannot add child mismatched edges: " + parent.name() + ":" + std::string(EdgeWord(parent.provides)) + " -> " +
         child.name() + ":" + std::string(EdgeWord(child.wants));
}

}  // namespace

std::string_view EdgeWord(ir::Edge edge) {
  return edge == ir::Edge::Stream ? "stream" : edge == ir::Edge::Batch ? "batch" : "none";
}

const PropertyCall *PipeNode::property(std::string_view name) const {
  const PropertyCall *last = nullptr;
  for (const PropertyCall &call : properties)
    if (!call.handler && call.name == name) last = &call;
  return last;
}

uint32_t Pipeline::add_source(const NodeRow &row, SourceRange range) {
  PipeNode &node = nodes_.emplace_back();
  node.row = &row;
  node.range = range;
  node.provides = FixedEdge(row.provides);
  node.id = next_id_++;
  uint32_t index = static_cast<uint32_t>(nodes_.size() - 1);
  sources_.push_back(index);
  return index;
}

uint32_t Pipeline::add(const NodeRow &row, std::vector<uint32_t> parents, uint32_t caller, SourceRange range,
                       const UdfSpec *udf) {
  uint32_t index = static_cast<uint32_t>(nodes_.size());
  nodes_.emplace_back();
  PipeNode &node = nodes_.back();
  node.row = &row;
  node.range = range;
  ir::Edge given = nodes_[caller].provides;
  node.wants = row.wants == NodeEdge::AnyEdge ? given : FixedEdge(row.wants);
  node.provides = row.provides == NodeEdge::SameEdge ? node.wants : FixedEdge(row.provides);
  if (udf) {
    node.udf = udf;
    node.wants = udf->wants;
    node.provides = udf->provides;
  }
  bool told = false;
  for (uint32_t parent : parents) {
    node.id = next_id_++;
    PipeNode &from = nodes_[parent];
    if (from.provides != node.wants && !told) {
      auto words = [](ir::Edge edge) { return edge == ir::Edge::Batch ? "batches" : "a stream of points"; };
      std::string kapacitor = context_.at(range.begin) + "error calling func \"" + std::string(context_.text(range)) +
                              "\" on obj " + GoType(*this, Object{caller}) + ": " + MismatchText(from, node);
      Diagnostic &diagnostic = context_.report(
          DiagId::EdgeMismatch, range, {udf ? udf->name : std::string(row.method), words(node.wants), from.name(), words(from.provides)},
          std::move(kapacitor));
      if (row.method == "window")
        diagnostic.hint = "the data are batches already; `|window()` stands before the first of them";
      told = true;
    }
    from.children.push_back(index);
    node.parents.push_back(parent);
  }
  return index;
}

std::vector<uint32_t> Pipeline::walk() const {
  std::vector<uint32_t> order;
  std::vector<bool> seen(nodes_.size());
  struct Frame {
    uint32_t node;
    size_t child;
  };
  std::vector<Frame> stack;
  for (auto source = sources_.rbegin(); source != sources_.rend(); ++source) {
    if (seen[*source]) continue;
    seen[*source] = true;
    stack.push_back({*source, 0});
    while (!stack.empty()) {
      Frame &top = stack.back();
      if (top.child == nodes_[top.node].children.size()) {
        order.push_back(top.node);
        stack.pop_back();
        continue;
      }
      uint32_t child = nodes_[top.node].children[top.child++];
      if (seen[child]) continue;
      seen[child] = true;
      stack.push_back({child, 0});
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

void Pipeline::number_by_walk() {
  uint32_t id = 0;
  for (uint32_t index : walk()) nodes_[index].id = id++;
}

std::string GoType(const Pipeline &pipeline, const Object &object) {
  const PipeNode &node = pipeline.node(object.node);
  if (object.handler >= 0)
    return "*pipeline." + std::string(node.properties[static_cast<size_t>(object.handler)].handler->go_type);
  return "*pipeline." + std::string(node.row->go_type) +
         (object.after_method && node.row->id == NodeId::Alert ? "Data" : "");
}

std::string GoType(const Context &context, const Pipeline &pipeline, const Value &value) {
  std::string ast = context.dotted() ? "*tick." : "*ast.";
  switch (value.kind) {
    case ValueKind::Object:
      return GoType(pipeline, value.object);
    case ValueKind::Reference:
      return ast + "ReferenceNode";
    case ValueKind::Star:
      return ast + "StarNode";
    case ValueKind::Lambda:
      return ast + (context.dotted() ? "BinaryNode" : "LambdaNode");
    case ValueKind::Name:
      return ast + "IdentifierNode";
    case ValueKind::Deferred:
      return "tick.unboundFunc";
    case ValueKind::Dimension:
      return "kapacitor.TimeDimension";
    case ValueKind::Reducer:
      return "pipeline.MapReduceInfo";
    case ValueKind::Nothing:
    case ValueKind::Poison:
    case ValueKind::Library:
      return "<nil>";
    default:
      return std::string(GoTypeName(TypeOf(value)));
  }
}

std::string ObjectPhrase(const Pipeline &pipeline, const Object &object) {
  const PipeNode &node = pipeline.node(object.node);
  if (object.handler >= 0) return "`" + node.properties[static_cast<size_t>(object.handler)].name + "`";
  return "`" + (node.udf ? node.udf->name : std::string(node.row->method)) + "`";
}

}  // namespace tick::check
