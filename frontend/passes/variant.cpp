// variant.cpp - types a lambda's tree and builds the typed instructions.
//
// Kapacitor computes the type of a node before any value (language.md 4.3): comparisons, AND, OR and `!` are
// boolean without a look at their operands, arithmetic and calls have a type only where their operands' types
// fit. So a comparison that cannot work is an error where it is evaluated, and AND or OR may never get there,
// while a call that cannot work is an error at once. 0.2 has no types beforehand and evaluates everything.
#include "frontend/passes/variant.h"

#include "frontend/ir/state.h"

namespace tick {

using ir::Expr;
using ir::ExprOp;
using ir::Inst;
using ir::InstOp;

const OverloadRow *OverloadOf(uint8_t dialect, Operator op, Type left, Type right) {
  if (dialect == 2) {
    bool math = RowOf(op).kind == OperatorKind::Math;
    if (left == Type::Duration || right == Type::Duration || (math && left == Type::String)) return nullptr;
  }
  return FindOverload(op, left, right);
}

int FunctionOf(uint8_t dialect, const std::string &name, const Type *types, size_t n) {
  if (dialect == 2) {
    // int and float of booleans, bool of numbers came later; of the rest 0.2 has what is math, and count. Its sigma
    // gives NaN for equal values, which only the tagged body knows.
    static constexpr std::string_view kLater[] = {
        "sigma", "duration", "string", "spread", "humanBytes", "if",  "isPresent", "regexReplace", "rand",
        "now",   "unixNano", "minute", "hour",   "weekday",    "day", "month",     "year"};
    for (std::string_view later : kLater)
      if (name == later) return -1;
    if (name.starts_with("str")) return -1;
    if ((name == "int" || name == "float") && n == 1 && types[0] == Type::Bool) return -1;
    if (name == "bool" && n == 1 && types[0] != Type::Bool && types[0] != Type::String) return -1;
  }
  return FindFunction(name, types, n);
}

bool VariantTyper::type(const std::vector<Type> &types) {
  types_ = types;
  for (size_t i = 0; i < lambda_.body.size(); ++i) {
    const Expr &expr = lambda_.body[i];
    Typing typing = type(expr, types);
    for (uint32_t operand : expr.operands) typing.missing |= typings_[operand].missing;
    if (dialect_ == 2) {
      for (uint32_t operand : expr.operands) typing.fails |= typings_[operand].fails;
    }
    typings_[i] = typing;
  }
  const Typing &root = typings_.back();
  return !root.no_type && !root.fails;
}

Typing VariantTyper::type(const Expr &expr, const std::vector<Type> &types) const {
  Typing typing;
  switch (expr.op) {
    case ExprOp::Ref:
      typing.type = types[expr.index];
      typing.missing = typing.fails = typing.type == Type::Missing;
      return typing;
    case ExprOp::Literal: typing.type = lambda_.literals[expr.index].type; return typing;
    case ExprOp::Negate: case ExprOp::Not: return type_unary(expr);
    case ExprOp::Binary: return type_binary(expr);
    case ExprOp::Call: return type_call(expr);
  }
  return typing;
}

Typing VariantTyper::type_unary(const Expr &expr) const {
  const Typing &operand = typings_[expr.operands[0]];
  Typing typing;
  if (expr.op == ExprOp::Not) {
    typing.type = Type::Bool;
    typing.refused = operand.no_type || operand.type != Type::Bool;
  } else {
    typing.type = operand.type;
    bool boolean = operand.type == Type::Bool && dialect_ != 2;  // negated logically
    bool number = operand.type == Type::Int || operand.type == Type::Float || operand.type == Type::Duration;
    typing.refused = typing.no_type = operand.no_type || !(boolean || number);
  }
  if (dialect_ == 2) {
    ExprOp below = lambda_.body[expr.operands[0]].op;
    typing.refused |= below != ExprOp::Literal && below != ExprOp::Call;
  }
  typing.fails = typing.refused || operand.fails;
  return typing;
}

Typing VariantTyper::type_binary(const Expr &expr) const {
  const Typing &left = typings_[expr.operands[0]], &right = typings_[expr.operands[1]];
  OperatorKind kind = RowOf(expr.binary).kind;
  const OverloadRow *row = OverloadOf(dialect_, expr.binary, left.type, right.type);
  Typing typing;
  typing.refused = left.no_type || right.no_type || !row;
  if (kind == OperatorKind::Math) {
    typing.no_type = typing.refused;
    if (row) typing.type = row->result;
  } else {
    typing.type = Type::Bool;
  }
  typing.fails = typing.refused || left.fails || (kind != OperatorKind::Logical && right.fails);
  return typing;
}

Typing VariantTyper::type_call(const Expr &expr) const {
  Typing typing;
  std::vector<Type> types;
  for (uint32_t operand : expr.operands) {
    types.push_back(typings_[operand].type);
    typing.refused |= typings_[operand].no_type;
    typing.fails |= typings_[operand].fails;
  }
  // The one function that can do with a value that is not there, if it is just the reference.
  bool absent = expr.function == "isPresent" && types.size() == 1 && types[0] == Type::Missing &&
                lambda_.body[expr.operands[0]].op == ExprOp::Ref;
  if (absent) {
    typing.fails = false;
    types[0] = Type::Bool;
  }
  typing.function = FunctionOf(dialect_, expr.function, types.data(), types.size());
  typing.refused |= typing.function < 0;
  typing.no_type = typing.refused;
  typing.fails |= typing.refused;
  if (typing.function >= 0) typing.type = kFunctions[typing.function].result;
  return typing;
}

size_t VariantTyper::mismatches() const {
  size_t count = 0;
  for (const Typing &typing : typings_) count += typing.refused && !typing.missing;
  return count;
}

namespace {

// Instructions of one variant, operands first.
class VariantBuilder {
 public:
  VariantBuilder(const ir::Lambda &lambda, uint8_t dialect, const std::vector<Typing> &typings, std::vector<Type> types)
      : lambda_(lambda),
        dialect_(dialect),
        typings_(typings),
        states_(FunctionStates(lambda)),
        place_(lambda.body.size()) {
    variant_.types = std::move(types);
  }

  ir::Variant build() {
    // What lies below a failure is never evaluated.
    std::vector<uint8_t> gone(lambda_.body.size());
    for (size_t i = gone.size(); i-- > 0;)
      for (uint32_t operand : lambda_.body[i].operands) gone[operand] = gone[i] || typings_[i].refused;
    for (uint32_t i = 0; i < lambda_.body.size(); ++i)
      if (!gone[i]) place_[i] = add(i);
    variant_.result = variant_.insts.back().type;
    for (const Inst &inst : variant_.insts) variant_.may_fail |= inst.may_fail;
    return std::move(variant_);
  }

 private:
  uint32_t push(Inst inst) {
    variant_.insts.push_back(std::move(inst));
    return static_cast<uint32_t>(variant_.insts.size() - 1);
  }

  uint32_t add(uint32_t index) {
    const Expr &expr = lambda_.body[index];
    const Typing &typing = typings_[index];
    Inst inst{.type = typing.type};
    if (typing.refused) {
      inst.op = InstOp::Fail;
      inst.may_fail = true;
      return push(std::move(inst));
    }
    for (uint32_t operand : expr.operands) inst.operands.push_back(place_[operand]);
    switch (expr.op) {
      case ExprOp::Ref: inst.op = InstOp::Ref, inst.index = expr.index; break;
      case ExprOp::Literal: inst.op = InstOp::Literal, inst.index = expr.index; break;
      case ExprOp::Not: inst.op = InstOp::Not; break;
      case ExprOp::Negate: inst.op = typing.type == Type::Bool ? InstOp::Not : InstOp::Negate; break;
      case ExprOp::Binary: binary(expr, inst); break;
      case ExprOp::Call: call(expr, typing, inst); break;
    }
    return push(std::move(inst));
  }

  void binary(const Expr &expr, Inst &inst) {
    OperatorKind kind = RowOf(expr.binary).kind;
    if (kind == OperatorKind::Logical) {
      inst.op = expr.binary == Operator::And ? InstOp::And : InstOp::Or;
      return;
    }
    inst.op = InstOp::Binary;
    inst.binary = expr.binary;
    Type left = type(inst, 0), right = type(inst, 1);
    if (kind == OperatorKind::Comparison) {
      // 0.2 compares ints as doubles, too.
      bool floats = left == Type::Float || right == Type::Float || dialect_ == 2;
      if (floats && left == Type::Int) to_float(inst, 0);
      if (floats && right == Type::Int) to_float(inst, 1);
    }
    inst.may_fail = FindOverload(expr.binary, type(inst, 0), type(inst, 1))->may_fail;
  }

  void call(const Expr &expr, const Typing &typing, Inst &inst) {
    inst.op = InstOp::Call;
    inst.function = static_cast<uint32_t>(typing.function);
    inst.may_fail = kFunctions[inst.function].failure == Failure::MayFail;
    for (const ir::FunctionState &state : states_)
      if (state.scope == expr.nested && state.function == expr.function) inst.state = state.offset;
  }

  Type type(const Inst &inst, size_t operand) const { return variant_.insts[inst.operands[operand]].type; }
  void to_float(Inst &inst, size_t operand) {
    inst.operands[operand] = push({.op = InstOp::ToFloat, .type = Type::Float, .operands = {inst.operands[operand]}});
  }

  const ir::Lambda &lambda_;
  const uint8_t dialect_;
  const std::vector<Typing> &typings_;
  std::vector<ir::FunctionState> states_;
  std::vector<uint32_t> place_;  // by node: its instruction
  ir::Variant variant_;
};

}  // namespace

ir::Variant VariantTyper::build() const { return VariantBuilder(lambda_, dialect_, typings_, types_).build(); }

}  // namespace tick
