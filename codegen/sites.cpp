// sites.cpp - texts of a lambda's nodes in Go's forms (language.md 5.1).
#include "codegen/sites.h"

#include "runtime/text/go_duration.h"
#include "runtime/text/go_float.h"

namespace tick {
namespace {

std::string LiteralText(const ir::Literal &literal) {
  switch (literal.type) {
    case Type::Bool: return literal.i ? "true" : "false";
    case Type::Int: return std::to_string(literal.i);
    case Type::Float: return GoFloat(literal.f);
    case Type::Duration: return GoDuration(literal.i);
    default: return literal.s;
  }
}

}  // namespace

bool HasSite(const ir::Expr &expr) { return expr.op != ir::ExprOp::Ref && expr.op != ir::ExprOp::Literal; }

std::vector<uint32_t> SiteIndexes(const ir::Lambda &lambda) {
  std::vector<uint32_t> indexes;
  uint32_t next = 0;
  for (const ir::Expr &expr : lambda.body) {
    indexes.push_back(next);
    next += HasSite(expr);
  }
  return indexes;
}

std::string OperandText(const ir::Lambda &lambda, uint32_t index) {
  const ir::Expr &expr = lambda.body[index];
  auto operand = [&](size_t i) { return OperandText(lambda, expr.operands[i]); };
  switch (expr.op) {
    case ir::ExprOp::Ref: return '"' + lambda.refs[expr.index] + '"';
    case ir::ExprOp::Literal: return LiteralText(lambda.literals[expr.index]);
    case ir::ExprOp::Negate: return "-" + operand(0);
    case ir::ExprOp::Not: return "!" + operand(0);
    case ir::ExprOp::Binary: return operand(0) + " " + std::string(RowOf(expr.binary).spelling) + " " + operand(1);
    case ir::ExprOp::Call: break;
  }
  std::string text = expr.function + "(";
  for (size_t i = 0; i < expr.operands.size(); ++i) text += (i ? ", " : "") + operand(i);
  return text + ")";
}

}  // namespace tick
