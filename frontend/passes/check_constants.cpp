// check_constants.cpp - operators over operands whose types are known before any point is there.
//
// In: raw lambdas of today's dialect; 0.2 looks at nothing before it runs. Out: a report for each operator that
// cannot take its operands, with Kapacitor's text of the same error (language.md 4.5, 4.6). Known are the types
// of literals, comparisons, AND, OR and `!`, and of `-` and arithmetic over such; never of calls and references.
#include <optional>

#include "frontend/ir/stage.h"
#include "frontend/passes/steps.h"

namespace tick {
namespace {

using ir::Expr;
using ir::ExprOp;
using ir::Lambda;

// How the node's error begins in Kapacitor (language.md 4.6).
std::string NodePrefix(const ir::Stage &stage, const ir::LambdaUse &use) {
  if (stage.kind == "where") return "Failed to compile expression in where clause: ";
  if (stage.kind == "from" || stage.kind == "stream") return "Failed to compile from expression: ";
  if (stage.kind == "eval" || stage.kind == "combine")
    return "Failed to compile " + std::to_string(use.position) + " expression: ";
  if (stage.kind == "alert") return "Failed to compile stateful expression for " + std::string(use.property) + ": ";
  return "";
}

class ConstantChecker {
 public:
  ConstantChecker(const Lambda &lambda, std::string prefix, Diagnostics &diagnostics)
      : lambda_(lambda),
        prefix_(std::move(prefix)),
        diagnostics_(diagnostics),
        types_(lambda.body.size()),
        users_(lambda.body.size()) {}

  // Operands come first, so the first report is the one Kapacitor would give.
  bool check() {
    for (uint32_t i = 0; i < lambda_.body.size(); ++i)
      for (uint32_t operand : lambda_.body[i].operands) users_[operand] = i;
    bool fits = true;
    for (uint32_t i = 0; i < lambda_.body.size(); ++i) fits &= check(i);
    return fits;
  }

 private:
  bool check(uint32_t index) {
    const Expr &expr = lambda_.body[index];
    switch (expr.op) {
      case ExprOp::Ref: case ExprOp::Call: return true;
      case ExprOp::Literal: types_[index] = lambda_.literals[expr.index].type; return true;
      case ExprOp::Not: types_[index] = Type::Bool; return true;
      case ExprOp::Negate: types_[index] = types_[expr.operands[0]]; return true;
      case ExprOp::Binary: break;
    }
    if (RowOf(expr.binary).kind != OperatorKind::Math) types_[index] = Type::Bool;
    std::optional<Type> left = types_[expr.operands[0]], right = types_[expr.operands[1]];
    if (!left || !right) return true;
    if (const OverloadRow *row = FindOverload(expr.binary, *left, *right)) {
      types_[index] = row->result;
      return true;
    }
    report(index, *left, *right);
    return false;
  }

  void report(uint32_t index, Type left, Type right) {
    const Expr &expr = lambda_.body[index];
    std::string op(RowOf(expr.binary).spelling), l(TypeName(left)), r(TypeName(right));
    static constexpr std::string_view kKinds[] = {"logical", "comparison", "math"};
    std::string kind(kKinds[static_cast<size_t>(RowOf(expr.binary).kind)]);
    bool none = !HasOperation(expr.binary, left);
    std::string text = none ? "invalid " + kind + " operator " + op + " for type " + l
                            : "mismatched type to binary operator. got " + l + " " + op + " " + r +
                                  ". see bool(), int(), float(), string(), duration()";
    Diagnostic &diagnostic = diagnostics_.report(DiagId::ConstantOperands, expr.range, {op, l, r});
    diagnostic.kapacitor = prefix_ + path(index) + text;
    diagnostic.hint = hint(expr, left != right && !none);
  }

  std::string hint(const Expr &expr, bool converts) const {
    const Expr &before = lambda_.body[expr.operands[0]];
    auto compares = [](const Expr &e) {
      return e.op == ExprOp::Binary && RowOf(e.binary).kind == OperatorKind::Comparison;
    };
    if (compares(expr) && compares(before)) return "comparisons do not chain: write `a < b AND b < c`";
    const std::string &script = diagnostics_.source().text;
    for (uint32_t operand : expr.operands) {
      const Expr &one = lambda_.body[operand];
      bool quoted = one.range.begin < script.size() && script[one.range.begin] == '\'';
      if (one.op == ExprOp::Literal && types_[operand] == Type::String && quoted && compares(expr))
        return "a field stands in double quotes: `\"" + lambda_.literals[one.index].s + "\"`";
    }
    return converts ? "bool(), int(), float(), string() and duration() convert" : "";
  }

  // The way from the lambda down to a node, outermost first.
  std::string path(uint32_t index) const {
    std::string out;
    for (uint32_t at = index; at + 1 < lambda_.body.size(); at = users_[at]) {
      const Expr &user = lambda_.body[users_[at]];
      // A lambda held by a variable is a node of its own.
      if (lambda_.body[at].nested > user.nested) out = "Failed to handle node: " + out;
      switch (user.op) {
        case ExprOp::Binary:
          out = (user.operands[0] == at ? "Failed to handle left node: " : "Failed to handle right node: ") + out;
          break;
        case ExprOp::Call: {
          size_t argument = 1;
          while (user.operands[argument - 1] != at) ++argument;
          out = "Failed to handle " + std::to_string(argument) + " argument: " + out;
          break;
        }
        default: out = "Failed to handle node: " + out;
      }
    }
    return out;
  }

  const Lambda &lambda_;
  std::string prefix_;
  Diagnostics &diagnostics_;
  std::vector<std::optional<Type>> types_;  // by node: what is known of it
  std::vector<uint32_t> users_;             // by node: who uses it
};

}  // namespace

bool CheckConstants(const ir::Graph &graph, Diagnostics &diagnostics) {
  if (graph.dialect == 2) return true;
  bool fits = true;
  for (const ir::Stage &stage : graph.stages)
    for (const ir::LambdaUse &use : LambdasOf(stage))
      fits &= ConstantChecker(graph.lambdas[use.lambda], NodePrefix(stage, use), diagnostics).check();
  return fits;
}

}  // namespace tick
