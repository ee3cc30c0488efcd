// type_sets.cpp - types forward through a lambda's tree, and fields backward through the graph.
#include "frontend/passes/type_sets.h"

#include <algorithm>

#include "frontend/ir/stage.h"

namespace tick {
namespace {

using ir::Expr;
using ir::ExprOp;

bool Has(TypeSet set, Type type) { return set & SetOf(type); }

TypeSet BinaryTypes(Operator op, TypeSet left, TypeSet right) {
  TypeSet results = 0;
  for (const OverloadRow &row : kOverloads)
    if (row.op == op && Has(left, row.left) && Has(right, row.right)) results |= SetOf(row.result);
  return results;
}

TypeSet CallTypes(const Expr &expr, const std::vector<TypeSet> &types) {
  TypeSet results = 0;
  for (const FunctionRow &row : kFunctions) {
    if (row.name != expr.function || row.n_params != expr.operands.size()) continue;
    bool takes = true;
    for (size_t i = 0; i < expr.operands.size(); ++i) takes &= Has(types[expr.operands[i]], row.params[i]);
    if (takes) results |= SetOf(row.result);
  }
  return results;
}

// The field a node writes and its type, where its kind fixes that: 0 where it does not.
TypeSet ResultTypes(const ir::Stage &stage) {
  constexpr std::pair<std::string_view, Type> kResults[] = {
      {"mean", Type::Float},       {"stddev", Type::Float},    {"movingAverage", Type::Float},
      {"derivative", Type::Float}, {"count", Type::Int},       {"elapsed", Type::Int},
      {"stateCount", Type::Int},   {"holtWinters", Type::Float}};
  for (const auto &[kind, type] : kResults)
    if (stage.kind == kind) return SetOf(type);
  return 0;
}

std::string ResultName(const ir::Stage &stage) {
  std::string otherwise = stage.kind == "stateCount" ? "state_count" : stage.kind;
  std::vector<std::string> names = ir::Strings(stage.args);
  if (stage.kind == "derivative") otherwise = names.empty() ? "" : names[0];
  return ir::StringOf(stage, "as", otherwise);
}

// A field that is the result of one of eval's expressions: its types, else 0.
TypeSet EvalTypes(const ir::Graph &graph, uint32_t index, std::string_view field) {
  const ir::Stage &stage = graph.stages[index];
  const ir::Property *as = ir::FindProperty(stage, "as");
  if (!as || stage.parents.empty()) return 0;
  std::vector<std::string> names = ir::Strings(as->args);
  std::vector<ir::LambdaUse> uses = ir::LambdasOf(stage);
  for (size_t i = std::min(names.size(), uses.size()); i-- > 0;) {
    if (names[i] != field) continue;
    const ir::Lambda &lambda = graph.lambdas[uses[i].lambda];
    // An expression may read the results before it, whose types are not followed further.
    std::vector<TypeSet> references(lambda.refs.size(), kAnyField);
    return TypesOf(lambda, references).types.back();
  }
  return 0;
}

}  // namespace

TypedLambda TypesOf(const ir::Lambda &lambda, const std::vector<TypeSet> &references) {
  TypedLambda typed{std::vector<TypeSet>(lambda.body.size()), std::vector<bool>(lambda.body.size(), true)};
  for (size_t i = 0; i < lambda.body.size(); ++i) {
    const Expr &expr = lambda.body[i];
    TypeSet set = 0, otherwise = kAnyValue;
    switch (expr.op) {
      case ExprOp::Ref: set = references[expr.index]; break;
      case ExprOp::Literal: set = SetOf(lambda.literals[expr.index].type); break;
      case ExprOp::Not:
        set = typed.types[expr.operands[0]] & SetOf(Type::Bool);
        otherwise = SetOf(Type::Bool);
        break;
      case ExprOp::Negate:
        set = typed.types[expr.operands[0]] &
              (SetOf(Type::Int) | SetOf(Type::Float) | SetOf(Type::Duration) | SetOf(Type::Bool));
        break;
      case ExprOp::Binary:
        set = BinaryTypes(expr.binary, typed.types[expr.operands[0]], typed.types[expr.operands[1]]);
        if (RowOf(expr.binary).kind != OperatorKind::Math) otherwise = SetOf(Type::Bool);
        break;
      case ExprOp::Call:
        set = IsFunction(expr.function) ? CallTypes(expr, typed.types) : kAnyValue;
        break;
    }
    typed.fits[i] = set != 0;
    typed.types[i] = set ? set : otherwise;
  }
  return typed;
}

TypeSet FieldTypes(const ir::Graph &graph, uint32_t index, std::string_view field) {
  // A bound on the way up keeps a long chain of evals that all ask upward from costing its square.
  for (int steps = 0; steps < 16; ++steps) {
    const ir::Stage &stage = graph.stages[index];
    if (stage.kind == "eval")
      if (TypeSet set = EvalTypes(graph, index, field)) return set;
    if (TypeSet set = ResultTypes(stage); set && ResultName(stage) == field) return set;
    ir::FieldRule rule = ir::RowOfKind(stage.kind).fields;
    bool passes = rule == ir::FieldRule::Pass || rule == ir::FieldRule::Eval;
    if (!passes || stage.parents.size() != 1) return kAnyField;
    index = stage.parents[0];
  }
  return kAnyField;
}

std::vector<TypeSet> ReferenceTypes(const ir::Graph &graph, uint32_t index, const ir::Lambda &lambda) {
  const ir::Stage &stage = graph.stages[index];
  std::vector<std::string> own;  // results of an eval's earlier expressions
  if (const ir::Property *as = stage.kind == "eval" ? ir::FindProperty(stage, "as") : nullptr)
    own = ir::Strings(as->args);
  std::vector<TypeSet> types;
  for (const std::string &name : lambda.refs) {
    bool unknown = stage.parents.size() != 1 || std::find(own.begin(), own.end(), name) != own.end();
    types.push_back(name == "time" ? SetOf(Type::Time)
                    : unknown      ? kAnyField
                                   : FieldTypes(graph, stage.parents[0], name));
  }
  return types;
}

}  // namespace tick
