// statement_reader.h - runs the generated parser, a statement at a time.
//
// In: tokens. Out: the parse tree of the next statement, or null and the place of the first token in it that does
// not fit. Everything ANTLR throws stops here. A statement's end is never predicted from what follows it, so no
// decision of the grammar needs more than two tokens and SLL prediction is exact (grammar/TickParser.g4).
#pragma once

#include "frontend/parse/syntax_error.h"
#include "frontend/parse/tokens.h"

namespace tick {

class StatementReader {
 public:
  explicit StatementReader(Tokens &tokens);

  bool at_end() { return parser_.getInputStream()->LA(1) == antlr4::Token::EOF; }
  size_t position() { return parser_.getInputStream()->index(); }  // the token that is next
  void seek(size_t token) { parser_.getInputStream()->seek(token); }

  TickParser::StatementContext *statement() { return run(&TickParser::statement); }
  TickParser::DottedStatementContext *dotted_statement() { return run(&TickParser::dottedStatement); }
  TickParser::LambdaBodyContext *lambda_body() { return run(&TickParser::lambdaBody); }
  // A chain's next link alone, to go on behind a mistake in the links before it.
  antlr4::ParserRuleContext *link();

  const SyntaxFailure &failure() const { return strategy_->failure; }

 private:
  // Gives up at the first token that does not fit.
  struct StopAtFirst : antlr4::ANTLRErrorStrategy {
    const Tokens *tokens = nullptr;
    SyntaxFailure failure;

    void reset(antlr4::Parser *) override {}
    antlr4::Token *recoverInline(antlr4::Parser *parser) override;
    void recover(antlr4::Parser *parser, std::exception_ptr error) override;
    void sync(antlr4::Parser *) override {}
    bool inErrorRecoveryMode(antlr4::Parser *) override { return false; }
    void reportMatch(antlr4::Parser *) override {}
    void reportError(antlr4::Parser *parser, const antlr4::RecognitionException &error) override;
    void note(antlr4::Parser *parser, antlr4::Token *token);
  };

  template <class Context>
  Context *run(Context *(TickParser::*rule)()) {
    try {
      return (parser_.*rule)();
    } catch (const antlr4::ParseCancellationException &) {
      return nullptr;
    }
  }

  Tokens &tokens_;
  std::shared_ptr<StopAtFirst> strategy_;
  TickParser parser_;
};

}  // namespace tick
