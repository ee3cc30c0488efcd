// eval_expr.cpp - expressions outside lambdas, and lambdas as values.
#include "frontend/check/constants.h"
#include "frontend/check/evaluator.h"

namespace tick::check {

Value Evaluator::evaluate(const ast::Node &node) {
  Value value;
  if (context_.dotted() && (node.kind == ast::Kind::Unary || node.kind == ast::Kind::Binary)) {
    value = dotted_operator(node);
    value.range = node.range;
    return value;
  }
  switch (node.kind) {
    case ast::Kind::Identifier:
      value = lookup(static_cast<const ast::IdentifierNode &>(node));
      break;
    case ast::Kind::Unary:
      value = unary(static_cast<const ast::UnaryNode &>(node));
      break;
    case ast::Kind::Binary:
      value = binary(node);
      break;
    case ast::Kind::List:
      value = list(static_cast<const ast::ListNode &>(node));
      break;
    case ast::Kind::Lambda:
      value = lambda(node, *static_cast<const ast::LambdaNode &>(node).body);
      break;
    case ast::Kind::Chain:
      value = chain(static_cast<const ast::ChainNode &>(node));
      break;
    case ast::Kind::Call:
      value = MakeKind(ValueKind::Deferred);
      value.call = static_cast<const ast::CallNode *>(&node);
      break;
    default:
      value = LiteralValue(node);
  }
  value.range = node.range;
  return value;
}

Value Evaluator::lookup(const ast::IdentifierNode &node) {
  if (const Value *value = scope_.find(node.name)) return *value;
  return undefined(node, false);
}

Value Evaluator::undefined(const ast::IdentifierNode &node, bool in_lambda) {
  if (!told_.insert(node.name).second) return Value();
  Diagnostic &diagnostic =
      context_.report(DiagId::UndefinedName, node.range, {node.name},
                      "name \"" + node.name + "\" is undefined. Names in scope: " + scope_.joined());
  std::string lower;
  for (char c : node.name) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (lower == "true" || lower == "false")
    Suggest(diagnostic, lower == "true" ? "TRUE" : "FALSE", node.range);
  else if (lower == "and" || lower == "or")
    Suggest(diagnostic, lower == "and" ? "AND" : "OR", node.range);
  else
    Suggest(diagnostic, NearName(node.name, scope_.names()), node.range);
  if (diagnostic.hint.empty() && in_lambda) {
    diagnostic.hint = "a field or tag stands in double quotes: `\"" + node.name + "\"`";
    diagnostic.hint_range = node.range;
  } else if (diagnostic.hint.empty()) {
    diagnostic.hint = "a text stands in single quotes: `'" + node.name + "'`";
    diagnostic.hint_range = node.range;
  }
  return Value();
}

Value Evaluator::unary(const ast::UnaryNode &node) {
  Value value = evaluate(*node.operand);
  if (value.poison()) return value;
  bool negatable = value.is(Type::Int) || value.is(Type::Float) || value.is(Type::Duration);
  if (node.negate ? !negatable : !value.is(Type::Bool)) {
    std::string op = node.negate ? "-" : "!";
    context_.report(DiagId::InvalidUnary, node.range, {op, Phrase(value)},
                    context_.at(node.at) + "invalid arugument to '" + op + "' " + GoText(value));
    return Value();
  }
  if (!node.negate)
    value.scalar.i = !value.scalar.i;
  else if (value.is(Type::Float))
    value.scalar.f = -value.scalar.f;
  else
    value.scalar.i = static_cast<int64_t>(0 - static_cast<uint64_t>(value.scalar.i));
  return value;
}

Value Evaluator::binary(const ast::Node &node) {
  bool open = false;
  ast::NodePtr expr = substitute(node, &open);
  if (!expr) return Value();
  ConstantFailure failure;
  if (std::optional<ir::Literal> result = EvaluateConstant(*expr, &failure)) {
    Value value = MakeScalar(std::move(*result));
    value.open = open;
    return value;
  }
  Diagnostic &diagnostic = context_.report(failure.id, failure.range, failure.arguments, failure.kapacitor);
  if (failure.id == DiagId::ConstantReference) {
    diagnostic.hint = "a text stands in single quotes: `'" + failure.arguments[0] + "'`";
    diagnostic.hint_range = failure.range;
  }
  return Value();
}

Value Evaluator::list(const ast::ListNode &node) {
  Value value = MakeKind(ValueKind::List);
  for (const ast::NodePtr &item : node.items) {
    value.items.push_back(evaluate(*item));
    if (value.items.back().poison()) value.kind = ValueKind::Poison;
    value.open |= value.items.back().open;
  }
  return value;
}

Value Evaluator::lambda(const ast::Node &node, const ast::Node &body) {
  ast::NodePtr expr = substitute(body);
  if (!expr) return Value();
  Value value = MakeLambda(std::shared_ptr<const ast::Node>(std::move(expr)));
  value.range = node.range;
  return value;
}

ast::NodePtr Evaluator::substitute(const ast::Node &node, bool *open) {
  ast::NodePtr copy = CloneExpr(node);
  bool ok = true;
  // Replaces in place, so that what a variable holds is never looked into again.
  auto replace = [&](auto &&self, ast::NodePtr &slot) -> void {
    switch (slot->kind) {
      case ast::Kind::Identifier: {
        const auto &identifier = static_cast<const ast::IdentifierNode &>(*slot);
        const Value *value = scope_.find(identifier.name);
        if (!value) undefined(identifier, true);
        ast::NodePtr literal = value ? LiteralNode(*value, slot->range) : nullptr;
        if (value && !literal && !value->poison())
          context_.report(DiagId::LambdaOperand, slot->range, {"`" + identifier.name + "`, which is " + Phrase(*value)},
                          "unsupported literal type " + GoType(context_, pipeline_, *value));
        if (value && value->open && open) *open = true;
        if (literal)
          slot = std::move(literal);
        else
          ok = false;
        return;
      }
      case ast::Kind::Unary:
        return self(self, static_cast<ast::UnaryNode &>(*slot).operand);
      case ast::Kind::Binary:
        self(self, static_cast<ast::BinaryNode &>(*slot).left);
        return self(self, static_cast<ast::BinaryNode &>(*slot).right);
      case ast::Kind::Call:
        for (ast::NodePtr &arg : static_cast<ast::CallNode &>(*slot).args) self(self, arg);
        return;
      default:
        return;
    }
  };
  replace(replace, copy);
  return ok ? std::move(copy) : nullptr;
}

Value Evaluator::force(Value value) {
  if (value.kind != ValueKind::Deferred) return value;
  const ast::CallNode &call = *value.call;
  std::string place = context_.at(call.name_range.begin);
  if (call.name != "time") {
    evaluate_ignored(call);
    const Value *other = scope_.find(call.name);
    std::string kapacitor = other ? "error calling func \"" + call.name +
                                        "\" on obj <nil>: reflect: call of reflect.Value.Call on ptr Value"
                                  : "no global function \"" + call.name + "\" defined";
    Diagnostic &diagnostic = context_.report(DiagId::UnknownGlobal, call.name_range, {call.name}, place + kapacitor);
    if (IsFunction(call.name))
      diagnostic.hint = "use it inside an expression: `'' + " + std::string(context_.text(call.range)) + "`";
    else if (FindChainMethod(RowOf(NodeId::From), call.name))
      diagnostic.hint = "a node follows another: `stream|from()|" + call.name + "(…)`";
    return Value();
  }
  Value dimension = MakeKind(ValueKind::Dimension);
  dimension.range = value.range;
  for (const ast::NodePtr &arg : call.args) {
    Value item = force(evaluate(*arg));
    if (item.poison()) return item;
    dimension.items.push_back(std::move(item));
  }
  size_t n = dimension.items.size();
  if (n < 1 || n > 2) {
    context_.report(DiagId::ArgumentCount, call.name_range,
                    {"time", "a length and perhaps an offset", std::to_string(n) + " arguments"},
                    place + "time() function expects 1 or 2 args, got " + std::to_string(n));
    return Value();
  }
  for (const Value &item : dimension.items) {
    if (item.is(Type::Duration)) continue;
    context_.report(
        item.is(Type::Int) ? DiagId::DurationUnit : DiagId::ArgumentType, item.range,
        item.is(Type::Int) ? std::vector<std::string>{"time", GoText(item)}
                           : std::vector<std::string>{"time", "durations", Phrase(item)},
        place + "invalid dimension type:" + GoType(context_, pipeline_, item) + ", must be string or time.Duration");
    return Value();
  }
  return dimension;
}

}  // namespace tick::check
