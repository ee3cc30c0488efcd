// lambda_builder.cpp - flattens an expression: operands before their user, the root last.
#include "frontend/check/lambda_builder.h"

#include <algorithm>

#include "frontend/ast/format.h"
#include "frontend/check/values.h"

namespace tick::check {
namespace {

class Builder {
 public:
  Builder(ir::Lambda &lambda, Context &context) : lambda_(lambda), context_(context) {}

  uint32_t build(const ast::Node &node) {
    ir::Expr expr;
    expr.nested = scope_;
    expr.range = node.range;
    switch (node.kind) {
      case ast::Kind::Reference:
        expr.op = ir::ExprOp::Ref;
        expr.index = reference(static_cast<const ast::ReferenceNode &>(node).name);
        break;
      case ast::Kind::Unary: {
        const auto &unary = static_cast<const ast::UnaryNode &>(node);
        expr.op = unary.negate ? ir::ExprOp::Negate : ir::ExprOp::Not;
        expr.operands = {build(*unary.operand)};
        break;
      }
      case ast::Kind::Binary: {
        const auto &binary = static_cast<const ast::BinaryNode &>(node);
        chained(binary);
        expr.op = ir::ExprOp::Binary;
        expr.binary = binary.op;
        uint32_t left = build(*binary.left);
        expr.operands = {left, build(*binary.right)};
        break;
      }
      case ast::Kind::Call:
        call(static_cast<const ast::CallNode &>(node), &expr);
        break;
      case ast::Kind::Lambda:
        return nested(static_cast<const ast::LambdaNode &>(node));
      case ast::Kind::Star:
      case ast::Kind::List:
      case ast::Kind::Identifier:
        invalid(node);
        [[fallthrough]];
      default: {
        Value literal = LiteralValue(node);
        expr.op = ir::ExprOp::Literal;
        expr.index = static_cast<uint32_t>(lambda_.literals.size());
        lambda_.literals.push_back(literal.kind == ValueKind::Scalar ? literal.scalar
                                                                     : ir::Literal{.type = Type::Bool});
      }
    }
    lambda_.body.push_back(std::move(expr));
    return static_cast<uint32_t>(lambda_.body.size() - 1);
  }

 private:
  uint32_t reference(const std::string &name) {
    auto found = std::find(lambda_.refs.begin(), lambda_.refs.end(), name);
    if (found == lambda_.refs.end()) found = lambda_.refs.insert(found, name);
    return static_cast<uint32_t>(found - lambda_.refs.begin());
  }

  // a < b < c without parentheses
  void chained(const ast::BinaryNode &node) {
    const auto *left = ast::As<ast::BinaryNode>(node.left.get());
    if (!left || left->parens || context_.dotted() || RowOf(node.op).kind != OperatorKind::Comparison ||
        RowOf(left->op).kind != OperatorKind::Comparison)
      return;
    // Of different levels (`1 < 2 == 3 < 4`), or with TRUE, it is plain that a result is compared.
    if (node.right->kind == ast::Kind::Bool || RowOf(node.op).precedence != RowOf(left->op).precedence) return;
    std::string before = FormatExpr(*left), middle = FormatExpr(*left->right), right = FormatExpr(*node.right);
    std::string op(RowOf(node.op).spelling);
    Diagnostic &diagnostic = context_.report(DiagId::ChainedComparison, node.range, {op, before}, "");
    diagnostic.hint = "write `" + before + " AND " + middle + " " + op + " " + right + "`";
  }

  uint32_t nested(const ast::LambdaNode &lambda) {
    uint32_t outer = scope_;
    scope_ = ++scopes_;
    uint32_t root = build(*lambda.body);
    scope_ = outer;
    return root;
  }

  void call(const ast::CallNode &node, ir::Expr *expr) {
    expr->op = ir::ExprOp::Call;
    expr->function = node.name;
    for (const ast::NodePtr &arg : node.args) expr->operands.push_back(build(*arg));
    if (IsFunction(node.name)) return;
    Diagnostic &diagnostic = context_.report(DiagId::UndefinedFunction, node.name_range, {node.name},
                                             "undefined function: \"" + node.name + "\"");
    std::vector<std::string_view> names;
    for (const FunctionRow &row : kFunctions) names.push_back(row.name);
    Suggest(diagnostic, NearName(node.name, names), node.name_range);
  }

  void invalid(const ast::Node &node) {
    bool star = node.kind == ast::Kind::Star, list = node.kind == ast::Kind::List;
    std::string what = star   ? "*"
                       : list ? "a list"
                              : "the name `" + static_cast<const ast::IdentifierNode &>(node).name + "`";
    std::string go = star ? "StarNode" : list ? "ListNode" : "IdentifierNode";
    context_.report(DiagId::LambdaOperand, node.range, {what},
                    "Given node type is not valid evaluation node: *ast." + go);
  }

  ir::Lambda &lambda_;
  Context &context_;
  uint32_t scope_ = 0, scopes_ = 0;
};

}  // namespace

ir::Lambda BuildLambda(const ast::Node &expr, SourceRange range, Context &context) {
  ir::Lambda lambda;
  lambda.text = FormatExpr(expr);
  lambda.range = range;
  Builder(lambda, context).build(expr);
  return lambda;
}

}  // namespace tick::check
