// rules.cpp - runs each node's rules in walk order, and the few rules between nodes.
#include "frontend/check/rules.h"

#include <map>

namespace tick::check {

int64_t RuleScope::number(std::string_view name, int64_t otherwise) const {
  const PropertyCall *call = node.property(name);
  return call && !call->args.empty() ? call->args[0].scalar.i : otherwise;
}

std::string RuleScope::string(std::string_view name, std::string otherwise) const {
  const PropertyCall *call = node.property(name);
  return call && !call->args.empty() ? call->args[0].scalar.s : otherwise;
}

std::vector<Value> RuleScope::list(std::string_view name) const {
  std::vector<Value> values;
  for (const PropertyCall &call : node.properties)
    if (!call.handler && call.name == name) values.insert(values.end(), call.args.begin(), call.args.end());
  return values;
}

SourceRange RuleScope::range(std::string_view name) const {
  const PropertyCall *call = node.property(name);
  return call ? call->range : node.range;
}

Diagnostic &RuleScope::fail(SourceRange at, std::string message, std::string kapacitor, DiagId id) {
  if (kapacitor.empty()) kapacitor = message;
  return context.report(id, at, {std::move(message)}, std::move(kapacitor));
}

namespace {

void CheckNode(RuleScope &scope) {
  switch (scope.node.row->id) {
    case NodeId::From:
    case NodeId::DottedFrom:
    case NodeId::DottedStream:
      return CheckFrom(scope);
    case NodeId::Query:
    case NodeId::DottedQuery:
    case NodeId::QueryFlux:
      return CheckQuery(scope);
    case NodeId::GroupBy:
    case NodeId::DottedGroupBy:
      return CheckGroupBy(scope);
    case NodeId::Eval:
    case NodeId::DottedEval:
      return CheckEval(scope);
    case NodeId::Window:
      return CheckWindow(scope);
    case NodeId::Sample:
    case NodeId::DottedSample:
      return CheckSample(scope);
    case NodeId::Shift:
      return CheckShift(scope);
    case NodeId::Default:
      return CheckDefault(scope);
    case NodeId::Stats:
      return CheckStats(scope);
    case NodeId::Barrier:
      return CheckBarrier(scope);
    case NodeId::Join:
    case NodeId::DottedJoin:
      return CheckJoin(scope);
    case NodeId::Combine:
      return CheckCombine(scope);
    case NodeId::Alert:
    case NodeId::DottedAlert:
      return CheckAlert(scope);
    case NodeId::HttpPost:
      return CheckHttpPost(scope);
    case NodeId::KapacitorLoopback:
      return CheckLoopback(scope);
    case NodeId::K8sAutoscale:
    case NodeId::SwarmAutoscale:
    case NodeId::Ec2Autoscale:
      return CheckAutoscale(scope);
    case NodeId::Sideload:
      return CheckSideload(scope);
    default:
      return;
  }
}

// Two endpoints of one task cannot answer under one path.
void CheckEndpoints(const Pipeline &pipeline, Context &context) {
  std::map<std::string, const PipeNode *> seen;
  for (size_t i = 0; i < pipeline.size(); ++i) {
    const PipeNode &node = pipeline.node(static_cast<uint32_t>(i));
    if ((node.row->id != NodeId::HttpOut && node.row->id != NodeId::DottedHttpOut) || node.args.empty() || node.open)
      continue;
    const std::string &path = node.args[0].scalar.s;
    auto [before, added] = seen.emplace(path, &node);
    if (added) continue;
    LineColumn place = context.source.position(before->second->range.begin);
    context.report(DiagId::NodeRule, node.args[0].range,
                   {"the endpoint '" + path + "' is served already, from line " + std::to_string(place.line)},
                   "http: multiple registrations for " + path);
  }
}

}  // namespace

void CheckRules(const Pipeline &pipeline, Context &context) {
  for (uint32_t index : pipeline.walk()) {
    const PipeNode &node = pipeline.node(index);
    if (node.faulty || node.open || node.row->built == Built::No) continue;
    RuleScope scope(pipeline, node, context);
    CheckNode(scope);
  }
  CheckEndpoints(pipeline, context);
}

}  // namespace tick::check
