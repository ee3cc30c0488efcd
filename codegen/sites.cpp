// sites.cpp - texts of a lambda's nodes in Go's forms (language.md 5.1).
#include "codegen/sites.h"

#include "runtime/text/go_float.h"

namespace tick {
namespace {

// Digits of `value` behind the point of a number whose unit is 10^places, without trailing zeros.
std::string Fraction(uint64_t value, int places) {
  if (value == 0) return "";
  std::string text = std::to_string(value);
  text.insert(0, static_cast<size_t>(places) - text.size(), '0');
  while (text.back() == '0') text.pop_back();
  return "." + text;
}

// Go's time.Duration.String: "1h0m0s", "1.5s", "100ms".
std::string DurationText(int64_t ns) {
  if (ns == 0) return "0s";
  std::string sign = ns < 0 ? "-" : "";
  uint64_t left = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  if (left < 1000) return sign + std::to_string(left) + "ns";
  if (left < 1000000) return sign + std::to_string(left / 1000) + Fraction(left % 1000, 3) + "µs";
  if (left < 1000000000) return sign + std::to_string(left / 1000000) + Fraction(left % 1000000, 6) + "ms";
  uint64_t seconds = left / 1000000000;
  std::string text = std::to_string(seconds % 60) + Fraction(left % 1000000000, 9) + "s";
  if (seconds >= 60) text = std::to_string(seconds / 60 % 60) + "m" + text;
  if (seconds >= 3600) text = std::to_string(seconds / 3600) + "h" + text;
  return sign + text;
}

std::string LiteralText(const ir::Literal &literal) {
  switch (literal.type) {
    case Type::Bool: return literal.i ? "true" : "false";
    case Type::Int: return std::to_string(literal.i);
    case Type::Float: return GoFloat(literal.f);
    case Type::Duration: return DurationText(literal.i);
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
