// verify_lambda.cpp - what lambdas promise (docs/ir.md, rules L and V).
#include <algorithm>

#include "frontend/ir/verify.h"

namespace tick::ir {
namespace {

bool IsLiteralType(Type type) {
  return type == Type::Bool || type == Type::Int || type == Type::Float || type == Type::String ||
         type == Type::Duration || type == Type::Regex;
}

// Operands come first and each value is used once, the last by the lambda: so the list is a tree.
template <class Node>
std::string VerifyTree(const std::vector<Node> &nodes, const std::string &where) {
  if (nodes.empty()) return where + " is empty";
  std::vector<uint8_t> used(nodes.size(), 0);
  for (size_t i = 0; i < nodes.size(); ++i)
    for (uint32_t operand : nodes[i].operands) {
      if (operand >= i)
        return where + ": %" + std::to_string(i) + " uses %" + std::to_string(operand) +
               ", which does not come before it";
      if (used[operand]++) return where + ": %" + std::to_string(operand) + " is used twice";
    }
  for (size_t i = 0; i + 1 < nodes.size(); ++i)
    if (!used[i]) return where + ": %" + std::to_string(i) + " is not used";
  return "";
}

size_t OperandCount(ExprOp op, size_t have) {
  switch (op) {
    case ExprOp::Ref: case ExprOp::Literal: return 0;
    case ExprOp::Negate: case ExprOp::Not: return 1;
    case ExprOp::Binary: return 2;
    case ExprOp::Call: return have;
  }
  return have;
}

class VariantVerifier {
 public:
  VariantVerifier(const Lambda &lambda, const Variant &variant, std::string where)
      : lambda_(lambda), variant_(variant), where_(std::move(where)) {}

  std::string verify() const {
    if (variant_.types.size() != lambda_.refs.size())
      return where_ + " has another number of types than the lambda has refs";
    for (Type type : variant_.types)
      if (type > Type::Time) return where_ + " gives a ref the type " + std::string(TypeName(type));
    if (std::string broken = VerifyTree(variant_.insts, where_); !broken.empty()) return broken;
    bool may_fail = false;
    for (size_t i = 0; i < variant_.insts.size(); ++i) {
      if (std::string broken = verify(variant_.insts[i]); !broken.empty())
        return where_ + ": %" + std::to_string(i) + " " + broken;
      if (variant_.insts[i].type == Type::Missing &&
          (variant_.insts[i].op != InstOp::Ref || i + 1 == variant_.insts.size()))
        return where_ + ": %" + std::to_string(i) + " gives a value that is missing";
      may_fail |= variant_.insts[i].may_fail;
    }
    if (variant_.insts.back().type != variant_.result)
      return where_ + " says it gives another type than its last instruction";
    if (may_fail != variant_.may_fail) return where_ + " is wrong about whether it may fail";
    return "";
  }

 private:
  std::string verify(const Inst &inst) const {
    size_t want = inst.operands.size();
    switch (inst.op) {
      case InstOp::Ref: case InstOp::Literal: case InstOp::Fail: want = 0; break;
      case InstOp::ToFloat: case InstOp::Negate: case InstOp::Not: want = 1; break;
      case InstOp::Binary: case InstOp::And: case InstOp::Or: want = 2; break;
      case InstOp::Call: break;
    }
    if (inst.operands.size() != want) return "needs " + std::to_string(want) + " operands";
    switch (inst.op) {
      case InstOp::Ref: return ref(inst);
      case InstOp::Literal:
        if (inst.index >= lambda_.literals.size()) return "is a literal that is not there";
        return lambda_.literals[inst.index].type == inst.type ? never(inst) : "has another type than its literal";
      case InstOp::ToFloat:
        return type(inst, 0) == Type::Int && inst.type == Type::Float ? never(inst) : "must turn an int into a float";
      case InstOp::Negate:
        if (inst.type != Type::Int && inst.type != Type::Float && inst.type != Type::Duration)
          return "negates what is no number";
        return type(inst, 0) == inst.type ? never(inst) : "has another type than its operand";
      case InstOp::Not:
        return type(inst, 0) == Type::Bool && inst.type == Type::Bool ? never(inst) : "needs a boolean and gives one";
      case InstOp::And: case InstOp::Or:
        return type(inst, 0) == Type::Bool && type(inst, 1) == Type::Bool && inst.type == Type::Bool
                   ? never(inst) : "needs two booleans and gives one";
      case InstOp::Binary: return binary(inst);
      case InstOp::Call: return call(inst);
      case InstOp::Fail: return inst.may_fail ? "" : "fails and must say so";
    }
    return "";
  }
  std::string never(const Inst &inst) const { return inst.may_fail ? "cannot fail but says it may" : ""; }
  Type type(const Inst &inst, size_t operand) const { return variant_.insts[inst.operands[operand]].type; }
  std::string ref(const Inst &inst) const {
    if (inst.index >= lambda_.refs.size()) return "is a ref that is not there";
    return variant_.types[inst.index] == inst.type ? never(inst) : "has another type than its ref";
  }
  std::string binary(const Inst &inst) const {
    if (RowOf(inst.binary).kind == OperatorKind::Logical) return "must be `and` or `or`";
    const OverloadRow *row = FindOverload(inst.binary, type(inst, 0), type(inst, 1));
    if (!row) return "has operands that its operator does not take";
    if (row->result != inst.type) return "has another type than its operator gives";
    return row->may_fail == inst.may_fail ? "" : "is wrong about whether it may fail";
  }
  std::string call(const Inst &inst) const {
    if (inst.function >= kFunctionCount) return "calls a function that is not there";
    const FunctionRow &row = kFunctions[inst.function];
    std::vector<Type> types;
    for (size_t i = 0; i < inst.operands.size(); ++i) types.push_back(type(inst, i));
    if (row.name == "isPresent" && types.size() == 1 && types[0] == Type::Missing) types[0] = row.params[0];
    if (!row.Takes(types.data(), types.size())) return "has operands that its function does not take";
    if (row.result != inst.type) return "has another type than its function gives";
    if ((row.failure == Failure::MayFail) != inst.may_fail) return "is wrong about whether it may fail";
    if (row.state == Statefulness::Stateful &&
        (inst.state % 8 != 0 || inst.state + FunctionStateSize(row.name) > lambda_.state_size))
      return "keeps state outside the lambda's";
    return "";
  }

  const Lambda &lambda_;
  const Variant &variant_;
  std::string where_;
};

std::string VerifyBody(const Lambda &lambda, const std::string &where) {
  if (std::string broken = VerifyTree(lambda.body, where); !broken.empty()) return broken;
  for (size_t i = 0; i < lambda.body.size(); ++i) {
    const Expr &expr = lambda.body[i];
    std::string here = where + ": %" + std::to_string(i);
    if (size_t want = OperandCount(expr.op, expr.operands.size()); want != expr.operands.size())
      return here + " needs " + std::to_string(want) + " operands";
    if (expr.op == ExprOp::Ref && expr.index >= lambda.refs.size()) return here + " is a ref that is not there";
    if (expr.op == ExprOp::Literal && expr.index >= lambda.literals.size())
      return here + " is a literal that is not there";
    if (expr.op == ExprOp::Call && expr.function.empty()) return here + " calls a function without name";
  }
  return "";
}

}  // namespace

std::string VerifyLambda(const Graph &graph, uint32_t number) {
  const Lambda &lambda = graph.lambdas[number];
  std::string where = "lambda @" + std::to_string(number);
  for (size_t i = 0; i < lambda.refs.size(); ++i)
    if (std::find(lambda.refs.begin(), lambda.refs.begin() + static_cast<std::ptrdiff_t>(i), lambda.refs[i]) !=
        lambda.refs.begin() + static_cast<std::ptrdiff_t>(i))
      return where + " lists the ref \"" + lambda.refs[i] + "\" twice";
  for (const Literal &literal : lambda.literals)
    if (!IsLiteralType(literal.type)) return where + " has a literal of type " + std::string(TypeName(literal.type));
  if (std::string broken = VerifyBody(lambda, where); !broken.empty()) return broken;
  if (!graph.canonical)
    return lambda.variants.empty() && lambda.state_size == 0 ? "" : where + " is typed, but the graph is raw";
  if (lambda.state_size % 8 != 0) return where + " has a state size that is no multiple of 8";
  if (lambda.variants.size() > kMaxVariants)
    return where + " has more than " + std::to_string(kMaxVariants) + " variants";
  for (size_t i = 0; i < lambda.variants.size(); ++i) {
    const Variant &variant = lambda.variants[i];
    std::string here = where + " variant " + std::to_string(i);
    for (size_t j = 0; j < i; ++j)
      if (lambda.variants[j].types == variant.types) return here + " has the types of variant " + std::to_string(j);
    if (std::string broken = VariantVerifier(lambda, variant, here).verify(); !broken.empty()) return broken;
  }
  return "";
}

}  // namespace tick::ir
