// ast_builder.h - parse trees to syntax trees.
//
// In: ANTLR's tree of one statement, its tokens. Out: the nodes of frontend/ast/ast.h with the reference's
// positions, comments and line breaks. Reports only sizes past the limits; a literal that is wrong was reported
// from its token and becomes a zero here.
#pragma once

#include "frontend/ast/ast.h"
#include "frontend/parse/comment_keeper.h"
#include "frontend/parse/tokens.h"

namespace tick {

// Limits of one list, call, chain or expression: later stages walk them recursively.
inline constexpr size_t kMaxItems = 10'000, kMaxLinks = 20'000, kMaxOperators = 2'000;

class AstBuilder {
 public:
  AstBuilder(const Tokens &tokens, Diagnostics &diagnostics)
      : tokens_(tokens), diagnostics_(diagnostics), comments_(tokens) {}

  ast::NodePtr statement(TickParser::StatementContext *ctx);
  ast::NodePtr statement(TickParser::DottedStatementContext *ctx);
  ast::NodePtr lambda_body(TickParser::LambdaBodyContext *ctx);
  // The comment statement at the end of the script, or null.
  ast::NodePtr final_comment();

 private:
  using Place = antlr4::tree::TerminalNode;
  struct Operators {
    std::vector<ast::NodePtr> operands;
    std::vector<size_t> tokens;  // one fewer
  };

  ast::NodePtr declaration(TickParser::DatabaseDeclarationContext *ctx);
  ast::NodePtr declaration(TickParser::VariableContext *ctx);
  ast::NodePtr variable(size_t var, size_t name, ast::NodePtr value);
  ast::NodePtr expression(TickParser::ExpressionContext *ctx);
  ast::NodePtr dotted_expression(TickParser::DottedExpressionContext *ctx);
  ast::NodePtr dotted_call(TickParser::DottedCallContext *ctx);
  ast::NodePtr dotted_argument(TickParser::DottedArgumentContext *ctx);
  ast::NodePtr lambda(size_t token, TickParser::BinaryContext *body);
  ast::NodePtr list(TickParser::ListContext *ctx);
  ast::NodePtr binary(TickParser::BinaryContext *ctx);
  ast::NodePtr primary(TickParser::PrimaryContext *ctx);
  ast::NodePtr operand(TickParser::OperandContext *ctx);
  ast::NodePtr literal(size_t token);
  ast::NodePtr name_or_call(size_t name, antlr4::ParserRuleContext *arguments, std::vector<ast::NodePtr> values);
  ast::NodePtr link(ast::NodePtr left, size_t op, size_t last, ast::NodePtr right);
  std::vector<ast::NodePtr> arguments(TickParser::ArgumentsContext *ctx);
  std::vector<ast::NodePtr> arguments(TickParser::ValueArgumentsContext *ctx);
  std::vector<ast::NodePtr> arguments(TickParser::DottedArgumentsContext *ctx);

  // Precedence and associativity, per dialect (language.md 2.2 and 6.2).
  ast::NodePtr combine(Operators flat);
  ast::NodePtr combine_left(Operators flat);
  ast::NodePtr combine_dotted(Operators *flat, size_t *next, ast::NodePtr left, int min_precedence);
  ast::NodePtr join(size_t op, ast::NodePtr left, ast::NodePtr right);
  int precedence(size_t op_token) const;

  bool has_newline(uint32_t from, uint32_t to) const;
  bool breaks_arguments(uint32_t name, const std::vector<ast::NodePtr> &args) const;
  bool within(size_t count, size_t limit, std::string_view what, SourceRange range);
  template <class T>
  std::unique_ptr<T> make(size_t token) {
    auto node = std::make_unique<T>();
    node->at = tokens_.range(token).begin;
    node->range = tokens_.range(token);
    node->comment = comments_.take(token);
    return node;
  }

  const Tokens &tokens_;
  Diagnostics &diagnostics_;
  CommentKeeper comments_;
};

}  // namespace tick
