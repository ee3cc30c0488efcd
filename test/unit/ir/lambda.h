// lambda.h - lambdas for tests, written as expressions: Op(">", Ref("v"), Lit(30)).
#pragma once

#include <initializer_list>
#include <memory>
#include <string>

#include "frontend/passes/passes.h"
#include "test/unit/ir/read.h"

namespace tick {

struct Tree {
  ir::ExprOp op;
  std::string name;  // reference, operator or function
  ir::Literal literal;
  std::vector<Tree> operands;
  uint32_t scope = 0;
};
inline Tree Ref(std::string name) { return {ir::ExprOp::Ref, std::move(name), {}, {}}; }
inline Tree Lit(int value) { return {ir::ExprOp::Literal, "", {.type = Type::Int, .i = value}, {}}; }
inline Tree Lit(int64_t value) { return {ir::ExprOp::Literal, "", {.type = Type::Int, .i = value}, {}}; }
inline Tree Lit(double value) { return {ir::ExprOp::Literal, "", {.type = Type::Float, .f = value}, {}}; }
inline Tree Lit(bool value) { return {ir::ExprOp::Literal, "", {.type = Type::Bool, .i = value}, {}}; }
inline Tree Lit(const char *value) { return {ir::ExprOp::Literal, "", {.type = Type::String, .s = value}, {}}; }
inline Tree Dur(int64_t ns) { return {ir::ExprOp::Literal, "", {.type = Type::Duration, .i = ns}, {}}; }
inline Tree Regex(const char *pattern) { return {ir::ExprOp::Literal, "", {.type = Type::Regex, .s = pattern}, {}}; }
inline Tree Op(std::string op, Tree left, Tree right) {
  return {ir::ExprOp::Binary, std::move(op), {}, {std::move(left), std::move(right)}};
}
inline Tree Not(Tree operand) { return {ir::ExprOp::Not, "", {}, {std::move(operand)}}; }
inline Tree Neg(Tree operand) { return {ir::ExprOp::Negate, "", {}, {std::move(operand)}}; }
inline Tree Call(std::string name, std::vector<Tree> args = {}) {
  return {ir::ExprOp::Call, std::move(name), {}, std::move(args)};
}
// What a lambda held by a variable becomes inside another.
inline Tree Nested(uint32_t scope, Tree tree) {
  tree.scope = scope;
  for (Tree &operand : tree.operands) operand = Nested(scope, std::move(operand));
  return tree;
}

inline uint32_t AddTree(ir::Lambda &lambda, const Tree &tree) {
  ir::Expr expr;
  expr.op = tree.op;
  expr.nested = tree.scope;
  for (const Tree &operand : tree.operands) expr.operands.push_back(AddTree(lambda, operand));
  switch (tree.op) {
    case ir::ExprOp::Ref:
      while (expr.index < lambda.refs.size() && lambda.refs[expr.index] != tree.name) ++expr.index;
      if (expr.index == lambda.refs.size()) lambda.refs.push_back(tree.name);
      break;
    case ir::ExprOp::Literal:
      expr.index = static_cast<uint32_t>(lambda.literals.size());
      lambda.literals.push_back(tree.literal);
      break;
    case ir::ExprOp::Binary:
      for (size_t i = 0; i < std::size(kOperators); ++i)
        if (kOperators[i].spelling == tree.name) expr.binary = static_cast<Operator>(i);
      break;
    case ir::ExprOp::Call: expr.function = tree.name; break;
    default: break;
  }
  lambda.body.push_back(std::move(expr));
  return static_cast<uint32_t>(lambda.body.size() - 1);
}
inline ir::Lambda LambdaOf(const Tree &tree) {
  ir::Lambda lambda;
  AddTree(lambda, tree);
  return lambda;
}

// `stream|from()|KIND(LAMBDA)`, raw; eval names its result "r".
inline ir::Graph TaskOf(const Tree &tree, const std::string &kind = "eval", uint8_t dialect = 1) {
  ir::Graph graph = GraphOf("ir 1 task stream dialect " + std::to_string(dialect) + R"( raw
lambda @0 "" { literals [1] body { %0 = literal 0 } }
node 0 "stream0" stream wants none provides stream parents [] {}
node 1 "from1" from wants stream provides stream parents [0] {}
node 2 "node2" )" + kind + R"( wants stream provides stream parents [1] { arg lambda @0 property as ("r") }
)");
  graph.lambdas[0] = LambdaOf(tree);
  return graph;
}
// Its lambda when canonical.
inline ir::Lambda Canonical(const Tree &tree, const std::string &kind = "eval", uint8_t dialect = 1) {
  ir::Graph graph = TaskOf(tree, kind, dialect);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  EXPECT_TRUE(Canonicalize(graph, diagnostics)) << diagnostics.text();
  return graph.lambdas[0];
}

// Types of a lambda's variants in order: "float int -> boolean, …"; `!` where it may fail.
inline std::string VariantsOf(const ir::Lambda &lambda) {
  std::string out;
  for (const ir::Variant &variant : lambda.variants) {
    if (!out.empty()) out += ", ";
    for (Type type : variant.types) out += std::string(TypeName(type)) + " ";
    out += "-> " + std::string(TypeName(variant.result)) + (variant.may_fail ? "!" : "");
  }
  return out;
}
// A variant's instructions as one expression: "and(>(ref v, 30), fail)".
inline std::string InstText(const ir::Lambda &lambda, const ir::Variant &variant, uint32_t index) {
  const ir::Inst &inst = variant.insts[index];
  std::string out;
  switch (inst.op) {
    case ir::InstOp::Ref: return lambda.refs[inst.index] + ":" + std::string(TypeName(inst.type));
    case ir::InstOp::Literal: return "#" + std::to_string(inst.index) + ":" + std::string(TypeName(inst.type));
    case ir::InstOp::Fail: return "fail:" + std::string(TypeName(inst.type));
    case ir::InstOp::ToFloat: out = "float"; break;
    case ir::InstOp::Negate: out = "-"; break;
    case ir::InstOp::Not: out = "!"; break;
    case ir::InstOp::And: out = "AND"; break;
    case ir::InstOp::Or: out = "OR"; break;
    case ir::InstOp::Binary: out = RowOf(inst.binary).spelling; break;
    case ir::InstOp::Call: out = kFunctions[inst.function].symbol; break;
  }
  out += "(";
  for (size_t i = 0; i < inst.operands.size(); ++i)
    out += (i ? ", " : "") + InstText(lambda, variant, inst.operands[i]);
  return out + ")" + (inst.state ? "@" + std::to_string(inst.state) : "");
}
inline std::string InstText(const ir::Lambda &lambda, size_t variant) {
  const ir::Variant &of = lambda.variants.at(variant);
  return InstText(lambda, of, static_cast<uint32_t>(of.insts.size() - 1));
}

}  // namespace tick
