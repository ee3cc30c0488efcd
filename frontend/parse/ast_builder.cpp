// ast_builder.cpp - statements, chains and calls. Expressions are in expression_builder.cpp.
#include "frontend/parse/ast_builder.h"

#include "frontend/parse/line_breaks.h"
#include "frontend/parse/literals.h"

namespace tick {
namespace {

size_t Index(antlr4::tree::TerminalNode *node) { return node->getSymbol()->getTokenIndex(); }
size_t First(antlr4::ParserRuleContext *ctx) { return ctx->getStart()->getTokenIndex(); }
size_t Last(antlr4::ParserRuleContext *ctx) { return ctx->getStop()->getTokenIndex(); }

}  // namespace

ast::NodePtr AstBuilder::statement(TickParser::StatementContext *ctx) {
  ast::NodePtr node = ctx->databaseDeclaration() ? declaration(ctx->databaseDeclaration())
                      : ctx->variable()          ? declaration(ctx->variable())
                                                 : expression(ctx->expression());
  comments_.keep_rest(First(ctx), Last(ctx), PrintedFirst(node.get()));
  SettleLineBreaks(node.get());
  return node;
}

ast::NodePtr AstBuilder::statement(TickParser::DottedStatementContext *ctx) {
  ast::NodePtr node = dotted_expression(ctx->dottedExpression());
  if (ctx->VAR()) node = variable(Index(ctx->VAR()), Index(ctx->IDENT()), std::move(node));
  comments_.keep_rest(First(ctx), Last(ctx), PrintedFirst(node.get()));
  SettleLineBreaks(node.get());
  return node;
}

ast::NodePtr AstBuilder::lambda_body(TickParser::LambdaBodyContext *ctx) {
  ast::NodePtr node = binary(ctx->binary());
  comments_.keep_rest(First(ctx), tokens_.size() - 1, node.get());
  SettleLineBreaks(node.get());
  return node;
}

ast::NodePtr AstBuilder::final_comment() {
  std::optional<ast::Comment> comment = comments_.at_end();
  if (!comment) return nullptr;
  auto node = std::make_unique<ast::CommentStmtNode>();
  uint32_t end = static_cast<uint32_t>(tokens_.source().text.size());
  node->at = end;
  node->range = {end, end};
  node->comment = std::move(comment);
  return node;
}

ast::NodePtr AstBuilder::declaration(TickParser::DatabaseDeclarationContext *ctx) {
  auto node = make<ast::DbrpDeclNode>(Index(ctx->DBRP()));
  size_t database = Index(ctx->REFERENCE(0)), policy = Index(ctx->REFERENCE(1));
  node->database = ReadQuoted(tokens_.text(database));
  node->retention_policy = ReadQuoted(tokens_.text(policy));
  node->range.end = tokens_.range(policy).end;
  return node;
}

ast::NodePtr AstBuilder::declaration(TickParser::VariableContext *ctx) {
  size_t var = Index(ctx->VAR()), name = Index(ctx->IDENT(0));
  if (ctx->expression()) return variable(var, name, expression(ctx->expression()));
  size_t type = Index(ctx->IDENT(1));
  auto node = make<ast::TypeDeclNode>(var);
  node->name = tokens_.text(name);
  node->type = tokens_.text(type);
  node->name_range = tokens_.range(name);
  node->type_range = tokens_.range(type);
  node->range.end = node->type_range.end;
  node->name_comment = comments_.take(name);
  node->type_comment = comments_.take(type);
  return node;
}

ast::NodePtr AstBuilder::variable(size_t var, size_t name, ast::NodePtr value) {
  auto node = make<ast::VarDeclNode>(var);
  node->name = tokens_.text(name);
  node->name_range = tokens_.range(name);
  node->name_comment = comments_.take(name);
  node->range.end = value->range.end;
  Append(TakeLeading(value.get()), &node->comment);
  node->value = std::move(value);
  return node;
}

ast::NodePtr AstBuilder::expression(TickParser::ExpressionContext *ctx) {
  if (ctx->LAMBDA()) return lambda(Index(ctx->LAMBDA()), ctx->binary());
  if (ctx->list()) return list(ctx->list());
  Operators flat;
  flat.operands.push_back(ctx->operand() ? operand(ctx->operand())
                                         : name_or_call(Index(ctx->IDENT()), ctx->arguments(), arguments(ctx->arguments())));
  std::vector<TickParser::LinkContext *> links = ctx->link();
  if (!links.empty()) {
    ast::NodePtr chain = std::move(flat.operands[0]);
    if (!within(links.size(), kMaxLinks, "a chain", chain->range)) return chain;
    for (TickParser::LinkContext *step : links) {
      ast::NodePtr right = name_or_call(Index(step->IDENT()), step->arguments(), arguments(step->arguments()));
      chain = link(std::move(chain), First(step), Last(step), std::move(right));
    }
    return chain;
  }
  for (TickParser::BinaryOperatorContext *op : ctx->binaryOperator()) flat.tokens.push_back(First(op));
  for (TickParser::PrimaryContext *next : ctx->primary()) flat.operands.push_back(primary(next));
  return combine(std::move(flat));
}

ast::NodePtr AstBuilder::dotted_expression(TickParser::DottedExpressionContext *ctx) {
  if (ctx->operand()) return operand(ctx->operand());
  std::vector<TickParser::DottedCallContext *> steps = ctx->dottedCall();
  ast::NodePtr chain = dotted_call(steps[0]);
  if (!within(steps.size(), kMaxLinks, "a chain", chain->range)) return chain;
  for (size_t i = 1; i < steps.size(); ++i)
    chain = link(std::move(chain), Index(ctx->DOT(i - 1)), Last(steps[i]), dotted_call(steps[i]));
  return chain;
}

ast::NodePtr AstBuilder::dotted_call(TickParser::DottedCallContext *ctx) {
  return name_or_call(Index(ctx->IDENT()), ctx->dottedArguments(), arguments(ctx->dottedArguments()));
}

ast::NodePtr AstBuilder::dotted_argument(TickParser::DottedArgumentContext *ctx) {
  if (ctx->LAMBDA()) return lambda(Index(ctx->LAMBDA()), ctx->binary());
  return dotted_expression(ctx->dottedExpression());
}

// `left OP right`; the tokens from op to last are the link's own.
ast::NodePtr AstBuilder::link(ast::NodePtr left, size_t op, size_t last, ast::NodePtr right) {
  auto node = make<ast::ChainNode>(op);
  node->op = tokens_.text(op)[0];
  node->range = {left->range.begin, right->range.end};
  comments_.keep_rest(op, last, node.get());
  node->left = std::move(left);
  node->right = std::move(right);
  return node;
}

// An identifier, or with the rule of its parentheses a call.
ast::NodePtr AstBuilder::name_or_call(size_t name, antlr4::ParserRuleContext *arguments,
                                      std::vector<ast::NodePtr> values) {
  if (!arguments) {
    auto node = make<ast::IdentifierNode>(name);
    node->name = tokens_.text(name);
    return node;
  }
  auto node = make<ast::CallNode>(name);
  node->name = tokens_.text(name);
  node->name_range = node->range;
  node->range.end = tokens_.range(Last(arguments)).end;
  if (within(values.size(), kMaxItems, "a call's arguments", node->name_range)) node->args = std::move(values);
  node->multi_line = breaks_arguments(node->at, node->args);
  return node;
}

std::vector<ast::NodePtr> AstBuilder::arguments(TickParser::ArgumentsContext *ctx) {
  std::vector<ast::NodePtr> out;
  if (ctx)
    for (TickParser::ExpressionContext *arg : ctx->expression()) out.push_back(expression(arg));
  return out;
}

std::vector<ast::NodePtr> AstBuilder::arguments(TickParser::ValueArgumentsContext *ctx) {
  std::vector<ast::NodePtr> out;
  if (ctx)
    for (TickParser::BinaryContext *arg : ctx->binary()) out.push_back(binary(arg));
  return out;
}

std::vector<ast::NodePtr> AstBuilder::arguments(TickParser::DottedArgumentsContext *ctx) {
  std::vector<ast::NodePtr> out;
  if (ctx)
    for (TickParser::DottedArgumentContext *arg : ctx->dottedArgument()) out.push_back(dotted_argument(arg));
  return out;
}

bool AstBuilder::has_newline(uint32_t from, uint32_t to) const {
  return from < to && std::string_view(tokens_.source().text).substr(from, to - from).find('\n') != std::string_view::npos;
}

// A newline between the name and the position of the last argument puts each argument on a line of its own. The
// breaks before the links of a chain do not count: the formatter makes them, and would not settle otherwise.
bool AstBuilder::breaks_arguments(uint32_t name, const std::vector<ast::NodePtr> &args) const {
  if (args.empty()) return false;
  uint32_t from = name;
  for (const ast::NodePtr &arg : args) {
    for (const ast::ChainNode *link : ast::Unchain(*arg).links) {
      if (has_newline(from, link->left->range.end)) return true;
      from = link->at;
    }
  }
  return has_newline(from, args.back()->at);
}

bool AstBuilder::within(size_t count, size_t limit, std::string_view what, SourceRange range) {
  if (count <= limit) return true;
  diagnostics_.report(DiagId::TooManyParts, range, {std::string(what), std::to_string(count), std::to_string(limit)});
  return false;
}

}  // namespace tick
