// rules.h - what must hold inside one node once the whole script is evaluated ("Validation" of nodes.md and
// nodes-alert.md, and what would refuse the node when its task starts).
#pragma once

#include "frontend/check/pipeline.h"

namespace tick::check {

// All nodes, in walk order; nodes that are faulty already are passed over.
void CheckRules(const Pipeline &pipeline, Context &context);

// One node with its reports: rules are written against this.
class RuleScope {
 public:
  RuleScope(const Pipeline &pipeline, const PipeNode &node, Context &context)
      : node(node), pipeline(pipeline), context(context) {}

  const PipeNode &node;
  const Pipeline &pipeline;
  Context &context;

  bool has(std::string_view name) const { return node.property(name) != nullptr; }
  // The first argument of a property, or `otherwise` where it was not called.
  int64_t number(std::string_view name, int64_t otherwise = 0) const;
  std::string string(std::string_view name, std::string otherwise = "") const;
  std::vector<Value> list(std::string_view name) const;
  // Where a property was called, else the node's name.
  SourceRange range(std::string_view name) const;

  // `message` in this compiler's words, `kapacitor` in Kapacitor's (the message again if empty).
  Diagnostic &fail(SourceRange at, std::string message, std::string kapacitor = "", DiagId id = DiagId::NodeRule);
};

// --- rules_shape.cpp, rules_join.cpp, rules_alert.cpp, rules_outside.cpp
void CheckFrom(RuleScope &scope);
void CheckQuery(RuleScope &scope);
void CheckGroupBy(RuleScope &scope);
void CheckEval(RuleScope &scope);
void CheckWindow(RuleScope &scope);
void CheckSample(RuleScope &scope);
void CheckShift(RuleScope &scope);
void CheckDefault(RuleScope &scope);
void CheckStats(RuleScope &scope);
void CheckBarrier(RuleScope &scope);
void CheckJoin(RuleScope &scope);
void CheckCombine(RuleScope &scope);
void CheckAlert(RuleScope &scope);
void CheckHttpPost(RuleScope &scope);
void CheckLoopback(RuleScope &scope);
void CheckAutoscale(RuleScope &scope);
void CheckSideload(RuleScope &scope);
// 'null', 'none' … or a number, as join and query fill.
void CheckFill(RuleScope &scope, std::initializer_list<std::string_view> words);

}  // namespace tick::check
