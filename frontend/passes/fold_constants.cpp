// fold_constants.cpp - operators over literals become literals.
//
// In: raw lambdas that CheckConstants accepted. Out: the same lambdas with fewer nodes; literals no longer used are
// gone. Whether a node is folded depends on types only, never on values, so that scripts which differ in values
// keep sharing code: what fails for some values (int division) stays. Arguments of calls stay as written, since
// messages quote them. 0.2's lambdas stay too: its unary operators take literals but nothing computed.
#include <cmath>
#include <limits>
#include <optional>

#include "frontend/passes/steps.h"

namespace tick {
namespace {

using ir::Expr;
using ir::ExprOp;
using ir::Lambda;
using ir::Literal;

int64_t Wrapped(uint64_t bits) { return static_cast<int64_t>(bits); }
uint64_t Bits(int64_t value) { return static_cast<uint64_t>(value); }

// Truncates as x86-64 does: what does not fit is the smallest int.
int64_t ToInt(double value) {
  return value >= -0x1p63 && value < 0x1p63 ? static_cast<int64_t>(value) : std::numeric_limits<int64_t>::min();
}

Literal MakeBool(bool value) { return {.type = Type::Bool, .i = value}; }
Literal MakeInteger(Type type, int64_t value) { return {.type = type, .i = value}; }
Literal MakeFloat(double value) { return {.type = Type::Float, .f = value}; }

template <class T>
bool Compare(Operator op, const T &left, const T &right) {
  switch (op) {
    case Operator::Equal: return left == right;
    case Operator::NotEqual: return left != right;
    case Operator::Less: return left < right;
    case Operator::LessEqual: return left <= right;
    case Operator::Greater: return left > right;
    default: return left >= right;
  }
}

Literal Comparison(Operator op, const Literal &left, const Literal &right) {
  if (left.type == Type::String) return MakeBool(Compare(op, left.s, right.s));
  if (left.type != Type::Float && right.type != Type::Float) return MakeBool(Compare(op, left.i, right.i));
  double l = left.type == Type::Float ? left.f : static_cast<double>(left.i);
  double r = right.type == Type::Float ? right.f : static_cast<double>(right.i);
  return MakeBool(Compare(op, l, r));
}

Literal Floats(Operator op, double left, double right) {
  switch (op) {
    case Operator::Plus: return MakeFloat(left + right);
    case Operator::Minus: return MakeFloat(left - right);
    case Operator::Mult: return MakeFloat(left * right);
    default: return MakeFloat(left / right);
  }
}

// A duration and a float in either order; the float is the divisor of `/`.
Literal Scaled(Operator op, const Literal &left, const Literal &right) {
  double l = left.type == Type::Float ? left.f : static_cast<double>(left.i);
  double r = right.type == Type::Float ? right.f : static_cast<double>(right.i);
  return MakeInteger(Type::Duration, ToInt(op == Operator::Mult ? l * r : l / r));
}

Literal Math(const OverloadRow &row, const Literal &left, const Literal &right) {
  if (row.result == Type::String) return {.type = Type::String, .s = left.s + right.s};
  if (row.result == Type::Float) return Floats(row.op, left.f, right.f);
  if (row.left == Type::Float || row.right == Type::Float) return Scaled(row.op, left, right);
  switch (row.op) {
    case Operator::Plus: return MakeInteger(row.result, Wrapped(Bits(left.i) + Bits(right.i)));
    case Operator::Minus: return MakeInteger(row.result, Wrapped(Bits(left.i) - Bits(right.i)));
    default: return MakeInteger(row.result, Wrapped(Bits(left.i) * Bits(right.i)));
  }
}

std::optional<Literal> Unary(ExprOp op, const Literal &operand) {
  if (operand.type == Type::Bool) return MakeBool(!operand.i);  // `-` negates booleans, too
  if (op == ExprOp::Not) return std::nullopt;
  if (operand.type == Type::Float) return MakeFloat(-operand.f);
  if (operand.type == Type::Int || operand.type == Type::Duration)
    return MakeInteger(operand.type, Wrapped(0 - Bits(operand.i)));
  return std::nullopt;
}

std::optional<Literal> Binary(Operator op, const Literal &left, const Literal &right) {
  const OverloadRow *row = FindOverload(op, left.type, right.type);
  if (!row || row->may_fail || row->right == Type::Regex) return std::nullopt;
  switch (RowOf(op).kind) {
    case OperatorKind::Logical: return MakeBool(op == Operator::And ? left.i && right.i : left.i || right.i);
    case OperatorKind::Comparison: return Comparison(op, left, right);
    case OperatorKind::Math: break;
  }
  return Math(*row, left, right);
}

// What the node is worth if all below it are literals.
std::optional<Literal> Value(const Lambda &lambda, const Expr &expr,
                             const std::vector<std::optional<Literal>> &values) {
  switch (expr.op) {
    case ExprOp::Literal: return lambda.literals[expr.index];
    case ExprOp::Ref: case ExprOp::Call: return std::nullopt;
    case ExprOp::Negate: case ExprOp::Not: {
      const std::optional<Literal> &operand = values[expr.operands[0]];
      return operand ? Unary(expr.op, *operand) : std::nullopt;
    }
    case ExprOp::Binary: break;
  }
  const std::optional<Literal> &left = values[expr.operands[0]], &right = values[expr.operands[1]];
  return left && right ? Binary(expr.binary, *left, *right) : std::nullopt;
}

void Fold(Lambda &lambda) {
  const std::vector<Expr> &body = lambda.body;
  std::vector<std::optional<Literal>> values(body.size());
  for (size_t i = 0; i < body.size(); ++i) values[i] = Value(lambda, body[i], values);
  // From the root down: what stands in a call's arguments, what becomes a literal, what lies below such.
  std::vector<uint8_t> quoted(body.size()), folds(body.size()), gone(body.size());
  auto math = [&](size_t i) {
    return body[i].op == ExprOp::Binary && RowOf(body[i].binary).kind == OperatorKind::Math;
  };
  for (size_t i = body.size(); i-- > 0;) {
    // A result of arithmetic that ought to be boolean is refused in other words than a literal.
    folds[i] = folds[i] && values[i] && !quoted[i];
    if (i + 1 == body.size()) folds[i] = values[i] && !math(i);
    for (uint32_t operand : body[i].operands) {
      quoted[operand] = quoted[i] || body[i].op == ExprOp::Call;
      folds[operand] = !(body[i].op == ExprOp::Not && math(operand));
      gone[operand] = gone[i] || folds[i];
    }
  }
  std::vector<Expr> folded;
  std::vector<Literal> literals;
  std::vector<uint32_t> place(body.size());
  for (size_t i = 0; i < body.size(); ++i) {
    if (gone[i]) continue;
    Expr expr = body[i];
    if (expr.op == ExprOp::Literal || folds[i]) {
      expr = {.op = ExprOp::Literal,
              .index = static_cast<uint32_t>(literals.size()),
              .nested = expr.nested,
              .range = expr.range};
      literals.push_back(std::move(*values[i]));
    }
    for (uint32_t &operand : expr.operands) operand = place[operand];
    place[i] = static_cast<uint32_t>(folded.size());
    folded.push_back(std::move(expr));
  }
  lambda.body = std::move(folded);
  lambda.literals = std::move(literals);
}

}  // namespace

void FoldConstants(ir::Graph &graph) {
  if (graph.dialect == 2) return;
  for (Lambda &lambda : graph.lambdas) Fold(lambda);
}

}  // namespace tick
