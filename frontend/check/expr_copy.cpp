// expr_copy.cpp - literal nodes made of values, and copies of expressions.
#include "frontend/ast/format.h"
#include "frontend/check/values.h"

namespace tick::check {
namespace {

template <class T>
std::unique_ptr<T> Placed(SourceRange range) {
  auto node = std::make_unique<T>();
  node->at = range.begin;
  node->range = range;
  return node;
}

ast::NodePtr ScalarNode(const ir::Literal &literal, SourceRange range) {
  switch (literal.type) {
    case Type::Bool: {
      auto node = Placed<ast::BoolNode>(range);
      node->value = literal.i != 0;
      return node;
    }
    case Type::Int: {
      auto node = Placed<ast::NumberNode>(range);
      node->int_value = literal.i;
      return node;
    }
    case Type::Float: {
      auto node = Placed<ast::NumberNode>(range);
      node->is_int = false;
      node->float_value = literal.f;
      return node;
    }
    case Type::Duration: {
      auto node = Placed<ast::DurationNode>(range);
      node->ns = literal.i;
      node->text = FormatDuration(literal.i);
      return node;
    }
    case Type::String: {
      auto node = Placed<ast::StringNode>(range);
      node->value = literal.s;
      return node;
    }
    case Type::Regex: {
      // The reference prints a regex that came from a variable as `//`; so does `raw`, left empty.
      auto node = Placed<ast::RegexNode>(range);
      node->pattern = literal.s;
      return node;
    }
    default:
      return nullptr;
  }
}

}  // namespace

ast::NodePtr LiteralNode(const Value &value, SourceRange range) {
  switch (value.kind) {
    case ValueKind::Scalar:
      return ScalarNode(value.scalar, range);
    case ValueKind::Star:
      return Placed<ast::StarNode>(range);
    case ValueKind::List: {
      auto list = Placed<ast::ListNode>(range);
      for (const Value &item : value.items)
        if (ast::NodePtr node = LiteralNode(item, range)) list->items.push_back(std::move(node));
      return list;
    }
    case ValueKind::Lambda: {
      // A template may leave a lambda open: a reference stands in, since its type is not known either.
      if (!value.lambda) return Placed<ast::ReferenceNode>(range);
      auto lambda = Placed<ast::LambdaNode>(range);
      lambda->body = CloneExpr(*value.lambda, &range);
      return lambda;
    }
    default:
      return nullptr;
  }
}

namespace {

// What is no leaf, or null; children are copied by `clone`.
template <class Clone>
ast::NodePtr CopyOf(const ast::Node &node, const SourceRange *place, Clone clone) {
  switch (node.kind) {
    case ast::Kind::Unary: {
      const auto &from = static_cast<const ast::UnaryNode &>(node);
      auto copy = std::make_unique<ast::UnaryNode>();
      copy->negate = from.negate;
      copy->operand = clone(from.operand);
      return copy;
    }
    case ast::Kind::Binary: {
      const auto &from = static_cast<const ast::BinaryNode &>(node);
      auto copy = std::make_unique<ast::BinaryNode>();
      copy->op = from.op;
      copy->parens = from.parens;
      copy->multi_line = from.multi_line;
      copy->left = clone(from.left);
      copy->right = clone(from.right);
      return copy;
    }
    case ast::Kind::Lambda: {
      auto copy = std::make_unique<ast::LambdaNode>();
      copy->body = clone(static_cast<const ast::LambdaNode &>(node).body);
      return copy;
    }
    case ast::Kind::List: {
      auto copy = std::make_unique<ast::ListNode>();
      for (const ast::NodePtr &item : static_cast<const ast::ListNode &>(node).items)
        copy->items.push_back(clone(item));
      return copy;
    }
    case ast::Kind::Call: {
      const auto &from = static_cast<const ast::CallNode &>(node);
      auto copy = std::make_unique<ast::CallNode>();
      copy->name = from.name;
      copy->name_range = place ? *place : from.name_range;
      copy->multi_line = from.multi_line;
      for (const ast::NodePtr &arg : from.args) copy->args.push_back(clone(arg));
      return copy;
    }
    default:
      return nullptr;
  }
}

// A leaf as it is written, octal numbers and triple quotes among them.
ast::NodePtr LeafOf(const ast::Node &node) {
  switch (node.kind) {
    case ast::Kind::Number: {
      const auto &from = static_cast<const ast::NumberNode &>(node);
      auto copy = std::make_unique<ast::NumberNode>();
      copy->is_int = from.is_int;
      copy->octal = from.octal;
      copy->int_value = from.int_value;
      copy->float_value = from.float_value;
      return copy;
    }
    case ast::Kind::Duration: {
      const auto &from = static_cast<const ast::DurationNode &>(node);
      auto copy = std::make_unique<ast::DurationNode>();
      copy->ns = from.ns;
      copy->text = from.text;
      return copy;
    }
    case ast::Kind::Bool: {
      auto copy = std::make_unique<ast::BoolNode>();
      copy->value = static_cast<const ast::BoolNode &>(node).value;
      return copy;
    }
    case ast::Kind::String: {
      const auto &from = static_cast<const ast::StringNode &>(node);
      auto copy = std::make_unique<ast::StringNode>();
      copy->value = from.value;
      copy->triple = from.triple;
      return copy;
    }
    case ast::Kind::Regex: {
      const auto &from = static_cast<const ast::RegexNode &>(node);
      auto copy = std::make_unique<ast::RegexNode>();
      copy->raw = from.raw;
      copy->pattern = from.pattern;
      return copy;
    }
    case ast::Kind::Reference: {
      auto copy = std::make_unique<ast::ReferenceNode>();
      copy->name = static_cast<const ast::ReferenceNode &>(node).name;
      return copy;
    }
    case ast::Kind::Identifier: {
      auto copy = std::make_unique<ast::IdentifierNode>();
      copy->name = static_cast<const ast::IdentifierNode &>(node).name;
      return copy;
    }
    default:
      return std::make_unique<ast::StarNode>();
  }
}

}  // namespace

ast::NodePtr CloneExpr(const ast::Node &node, const SourceRange *place) {
  auto clone = [place](const ast::NodePtr &child) { return child ? CloneExpr(*child, place) : nullptr; };
  ast::NodePtr copy = CopyOf(node, place, clone);
  if (!copy) copy = LeafOf(node);
  copy->at = place ? place->begin : node.at;
  copy->range = place ? *place : node.range;
  return copy;
}

}  // namespace tick::check
