// lambda_builder.cpp - terms to lambdas: the untyped tree, and a typed variant by the tables.
#include "lambda_builder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tick::test {
namespace {

T Make(Term term) { return std::make_shared<const Term>(std::move(term)); }

T Lit(Type type, int64_t i, double f = 0, std::string s = "") {
  return Make({.op = ir::ExprOp::Literal, .literal = {type, i, f, std::move(s)}});
}

uint32_t AddExpr(ir::Lambda &lambda, const T &term) {
  ir::Expr expr;
  expr.op = term->op;
  expr.binary = term->binary;
  for (const T &operand : term->operands) expr.operands.push_back(AddExpr(lambda, operand));
  if (term->op == ir::ExprOp::Ref) {
    auto at = std::find(lambda.refs.begin(), lambda.refs.end(), term->name);
    expr.index = static_cast<uint32_t>(at - lambda.refs.begin());
    if (at == lambda.refs.end()) lambda.refs.push_back(term->name);
  } else if (term->op == ir::ExprOp::Literal) {
    expr.index = static_cast<uint32_t>(lambda.literals.size());
    lambda.literals.push_back(term->literal);
  } else if (term->op == ir::ExprOp::Call) {
    expr.function = term->name;
    uint32_t size = static_cast<uint32_t>(FunctionStateSize(term->name));
    lambda.stateful |= size > 0;
  }
  lambda.body.push_back(std::move(expr));
  return static_cast<uint32_t>(lambda.body.size() - 1);
}

class VariantBuilder {
 public:
  VariantBuilder(const ir::Lambda &lambda, ir::Variant &variant) : lambda_(lambda), variant_(variant) {}

  uint32_t add(uint32_t index) {
    const ir::Expr &expr = lambda_.body[index];
    ir::Inst inst;
    inst.index = expr.index;
    inst.binary = expr.binary;
    for (uint32_t operand : expr.operands) inst.operands.push_back(add(operand));
    auto type = [&](size_t i) { return variant_.insts[inst.operands[i]].type; };
    switch (expr.op) {
      case ir::ExprOp::Ref:
        inst.op = ir::InstOp::Ref;
        inst.type = variant_.types[expr.index];
        break;
      case ir::ExprOp::Literal:
        inst.op = ir::InstOp::Literal;
        inst.type = lambda_.literals[expr.index].type;
        break;
      case ir::ExprOp::Negate:
      case ir::ExprOp::Not:
        inst.op = expr.op == ir::ExprOp::Not ? ir::InstOp::Not : ir::InstOp::Negate;
        inst.type = type(0);
        break;
      case ir::ExprOp::Binary: binary(inst, expr); break;
      case ir::ExprOp::Call: {
        std::vector<Type> types;
        for (size_t i = 0; i < inst.operands.size(); ++i) types.push_back(type(i));
        int function = FindFunction(expr.function, types.data(), types.size());
        EXPECT_GE(function, 0) << expr.function;
        inst.op = ir::InstOp::Call;
        inst.function = static_cast<uint32_t>(function);
        inst.type = kFunctions[function].result;
        inst.may_fail = kFunctions[function].failure == Failure::MayFail;
        inst.state = ir::StateOffset(lambda_, index);
        break;
      }
    }
    return push(std::move(inst));
  }

 private:
  void binary(ir::Inst &inst, const ir::Expr &expr) {
    inst.op = expr.binary == Operator::And  ? ir::InstOp::And
              : expr.binary == Operator::Or ? ir::InstOp::Or
                                            : ir::InstOp::Binary;
    Type left = variant_.insts[inst.operands[0]].type, right = variant_.insts[inst.operands[1]].type;
    const OverloadRow *row = FindOverload(expr.binary, left, right);
    ASSERT_TRUE(row) << RowOf(expr.binary).spelling;
    bool compares = RowOf(expr.binary).kind == OperatorKind::Comparison;
    if (compares && left == Type::Int && right == Type::Float) inst.operands[0] = to_float(inst.operands[0]);
    if (compares && left == Type::Float && right == Type::Int) inst.operands[1] = to_float(inst.operands[1]);
    inst.type = row->result;
    inst.may_fail = row->may_fail;
  }
  uint32_t to_float(uint32_t operand) {
    ir::Inst inst;
    inst.op = ir::InstOp::ToFloat;
    inst.type = Type::Float;
    inst.operands = {operand};
    return push(std::move(inst));
  }
  uint32_t push(ir::Inst inst) {
    variant_.may_fail |= inst.may_fail;
    variant_.insts.push_back(std::move(inst));
    return static_cast<uint32_t>(variant_.insts.size() - 1);
  }

  const ir::Lambda &lambda_;
  ir::Variant &variant_;
};

}  // namespace

T Ref(std::string name) { return Make({.op = ir::ExprOp::Ref, .name = std::move(name)}); }
T Int(int64_t value) { return Lit(Type::Int, value); }
T Float(double value) { return Lit(Type::Float, 0, value); }
T Bool(bool value) { return Lit(Type::Bool, value); }
T Str(std::string value) { return Lit(Type::String, 0, 0, std::move(value)); }
T Dur(int64_t ns) { return Lit(Type::Duration, ns); }
T Regex(std::string pattern) { return Lit(Type::Regex, 0, 0, std::move(pattern)); }
T Neg(T operand) { return Make({.op = ir::ExprOp::Negate, .operands = {std::move(operand)}}); }
T Not(T operand) { return Make({.op = ir::ExprOp::Not, .operands = {std::move(operand)}}); }
T Bin(T left, Operator op, T right) {
  return Make({.op = ir::ExprOp::Binary, .binary = op, .operands = {std::move(left), std::move(right)}});
}
T Call(std::string function, std::vector<T> args) {
  return Make({.op = ir::ExprOp::Call, .name = std::move(function), .operands = std::move(args)});
}

ir::Lambda MakeLambda(const T &root, const std::vector<std::vector<Type>> &types) {
  ir::Lambda lambda;
  lambda.text = "a lambda";
  uint32_t index = AddExpr(lambda, root);
  // A kind of function keeps one state, whoever calls it.
  for (const char *name : {"count", "sigma", "spread"})
    for (const ir::Expr &expr : lambda.body)
      if (expr.op == ir::ExprOp::Call && expr.function == name) {
        lambda.state_size += static_cast<uint32_t>(FunctionStateSize(name));
        break;
      }
  for (const std::vector<Type> &each : types) {
    EXPECT_EQ(each.size(), lambda.refs.size());
    ir::Variant &variant = lambda.variants.emplace_back();
    variant.types = each;
    variant.result = (VariantBuilder(lambda, variant).add(index), variant.insts.back().type);
  }
  return lambda;
}

ir::Graph MakeGraph(std::vector<ir::Lambda> lambdas) {
  ir::Graph graph;
  graph.canonical = true;
  graph.script = "stream\n    |from()\n";
  ir::Stage stream, from;
  stream.kind = "stream";
  stream.name = "stream0";
  stream.children = {1};
  from.kind = "from";
  from.name = "from1";
  from.parents = {0};
  from.range = {12, 16};
  graph.stages = {stream, from};
  graph.walk = {0, 1};
  graph.domain_sizes = {0};
  graph.lambdas = std::move(lambdas);
  return graph;
}

}  // namespace tick::test
