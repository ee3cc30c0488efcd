// expression_builder.cpp - the part of AstBuilder for lambdas, lists, operators and literals.
#include "frontend/parse/ast_builder.h"
#include "frontend/parse/literals.h"

namespace tick {
namespace {

size_t Index(antlr4::tree::TerminalNode *node) { return node->getSymbol()->getTokenIndex(); }

Operator OperatorOf(size_t kind) {
  switch (kind) {
    case TickLexer::OR: return Operator::Or;
    case TickLexer::AND: return Operator::And;
    case TickLexer::EQUAL: return Operator::Equal;
    case TickLexer::NOT_EQUAL: return Operator::NotEqual;
    case TickLexer::MATCH: return Operator::Match;
    case TickLexer::NOT_MATCH: return Operator::NotMatch;
    case TickLexer::LESS: return Operator::Less;
    case TickLexer::LESS_EQUAL: return Operator::LessEqual;
    case TickLexer::GREATER: return Operator::Greater;
    case TickLexer::GREATER_EQUAL: return Operator::GreaterEqual;
    case TickLexer::PLUS: return Operator::Plus;
    case TickLexer::MINUS: return Operator::Minus;
    case TickLexer::MULT: return Operator::Mult;
    case TickLexer::DIV: return Operator::Div;
    default: return Operator::Mod;
  }
}

}  // namespace

ast::NodePtr AstBuilder::lambda(size_t token, TickParser::BinaryContext *body) {
  auto node = make<ast::LambdaNode>(token);
  node->body = binary(body);
  node->range.end = node->body->range.end;
  return node;
}

ast::NodePtr AstBuilder::list(TickParser::ListContext *ctx) {
  auto node = make<ast::ListNode>(Index(ctx->LBRACKET()));
  node->range.end = tokens_.range(Index(ctx->RBRACKET())).end;
  std::vector<TickParser::ItemContext *> items = ctx->item();
  if (!within(items.size(), kMaxItems, "a list", node->range)) return node;
  for (TickParser::ItemContext *item : items) node->items.push_back(literal(item->getStart()->getTokenIndex()));
  return node;
}

ast::NodePtr AstBuilder::binary(TickParser::BinaryContext *ctx) {
  Operators flat;
  for (TickParser::BinaryOperatorContext *op : ctx->binaryOperator())
    flat.tokens.push_back(op->getStart()->getTokenIndex());
  for (TickParser::PrimaryContext *next : ctx->primary()) flat.operands.push_back(primary(next));
  return combine(std::move(flat));
}

ast::NodePtr AstBuilder::primary(TickParser::PrimaryContext *ctx) {
  if (ctx->operand()) return operand(ctx->operand());
  return name_or_call(Index(ctx->IDENT()), ctx->valueArguments(), arguments(ctx->valueArguments()));
}

ast::NodePtr AstBuilder::operand(TickParser::OperandContext *ctx) {
  size_t first = ctx->getStart()->getTokenIndex();
  if (ctx->binary()) {
    ast::NodePtr node = binary(ctx->binary());
    std::optional<ast::Comment> comment = comments_.take(first);
    Append(std::move(node->comment), &comment);
    node->comment = std::move(comment);
    if (node->kind == ast::Kind::Binary) {
      static_cast<ast::BinaryNode &>(*node).parens = true;
      node->range = {tokens_.range(first).begin, tokens_.range(ctx->getStop()->getTokenIndex()).end};
    }
    return node;
  }
  if (ctx->primary()) {
    auto node = make<ast::UnaryNode>(first);
    node->negate = tokens_.kind(first) == TickLexer::MINUS;
    node->operand = primary(ctx->primary());
    node->range.end = node->operand->range.end;
    return node;
  }
  return literal(first);
}

ast::NodePtr AstBuilder::literal(size_t token) {
  std::string_view text = tokens_.text(token);
  switch (tokens_.kind(token)) {
    case TickLexer::NUMBER: {
      auto node = make<ast::NumberNode>(token);
      NumberValue value = ReadNumber(text, tokens_.dialect()).value_or(NumberValue{});
      node->is_int = value.is_int;
      node->octal = value.octal;
      node->int_value = value.int_value;
      node->float_value = value.float_value;
      return node;
    }
    case TickLexer::DURATION: {
      auto node = make<ast::DurationNode>(token);
      node->ns = ReadDuration(text).value_or(0);
      node->text = text;
      return node;
    }
    case TickLexer::STRING:
    case TickLexer::TRIPLE_STRING: {
      auto node = make<ast::StringNode>(token);
      node->value = ReadQuoted(text);
      node->triple = tokens_.kind(token) == TickLexer::TRIPLE_STRING;
      return node;
    }
    case TickLexer::REGEX: {
      auto node = make<ast::RegexNode>(token);
      node->raw = text.substr(1, text.size() - 2);
      node->pattern = ReadRegex(text);
      return node;
    }
    case TickLexer::REFERENCE: {
      auto node = make<ast::ReferenceNode>(token);
      node->name = ReadQuoted(text);
      return node;
    }
    case TickLexer::IDENT: {
      auto node = make<ast::IdentifierNode>(token);
      node->name = text;
      return node;
    }
    case TickLexer::STAR: return make<ast::StarNode>(token);
    default: {
      auto node = make<ast::BoolNode>(token);
      node->value = tokens_.kind(token) == TickLexer::TRUE;
      return node;
    }
  }
}

int AstBuilder::precedence(size_t op_token) const { return RowOf(OperatorOf(tokens_.kind(op_token))).precedence; }

ast::NodePtr AstBuilder::combine(Operators flat) {
  if (flat.tokens.empty()) return std::move(flat.operands[0]);
  if (!within(flat.tokens.size(), kMaxOperators, "an expression's operators", flat.operands[0]->range))
    return std::move(flat.operands[0]);
  if (tokens_.dialect() == ast::Dialect::Modern) return combine_left(std::move(flat));
  size_t next = 0;
  ast::NodePtr left = std::move(flat.operands[0]);
  return combine_dotted(&flat, &next, std::move(left), 0);
}

// Shunting-yard: equal precedence binds to the left.
ast::NodePtr AstBuilder::combine_left(Operators flat) {
  std::vector<ast::NodePtr> operands;
  std::vector<size_t> open;
  auto close = [&] {
    ast::NodePtr right = std::move(operands.back());
    operands.pop_back();
    operands.back() = join(open.back(), std::move(operands.back()), std::move(right));
    open.pop_back();
  };
  operands.push_back(std::move(flat.operands[0]));
  for (size_t i = 0; i < flat.tokens.size(); ++i) {
    while (!open.empty() && precedence(open.back()) >= precedence(flat.tokens[i])) close();
    open.push_back(flat.tokens[i]);
    operands.push_back(std::move(flat.operands[i + 1]));
  }
  while (!open.empty()) close();
  return std::move(operands[0]);
}

// 0.2's own rule, under which equal precedence binds to the right (language.md 6.2). `next` counts operators used.
ast::NodePtr AstBuilder::combine_dotted(Operators *flat, size_t *next, ast::NodePtr left, int min_precedence) {
  auto follows = [&](int least) { return *next < flat->tokens.size() && precedence(flat->tokens[*next]) >= least; };
  while (follows(min_precedence)) {
    size_t op = flat->tokens[(*next)++];
    ast::NodePtr right = std::move(flat->operands[*next]);
    while (follows(precedence(op)))
      right = combine_dotted(flat, next, std::move(right), precedence(flat->tokens[*next]));
    left = join(op, std::move(left), std::move(right));
  }
  return left;
}

ast::NodePtr AstBuilder::join(size_t op, ast::NodePtr left, ast::NodePtr right) {
  auto node = make<ast::BinaryNode>(op);
  node->op = OperatorOf(tokens_.kind(op));
  node->range = {left->range.begin, right->range.end};
  node->multi_line = has_newline(left->at, right->at);
  if (node->op == Operator::Match || node->op == Operator::NotMatch) Append(TakeLeading(right.get()), &node->comment);
  node->left = std::move(left);
  node->right = std::move(right);
  return node;
}

}  // namespace tick
