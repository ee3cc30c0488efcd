// statement_reader.cpp - ANTLR's errors as a token and what was expected there.
#include "frontend/parse/statement_reader.h"

namespace tick {
namespace {

// Kapacitor's lists are coarser than what could stand here; language.md 1.10 has them.
Expected Classify(antlr4::Parser *parser, size_t previous_kind) {
  // What stands behind a comma or an opening bracket may be left out, and the parser no longer expects it when it
  // meets the wrong token.
  bool in_list = parser->getContext()->getRuleIndex() == TickParser::RuleList;
  if (previous_kind == TickParser::COMMA) return in_list ? Expected::ListItem : Expected::Operand;
  if (previous_kind == TickParser::LBRACKET) return Expected::ListItem;
  if (previous_kind == TickParser::LPAREN) return Expected::Operand;
  antlr4::misc::IntervalSet expected = parser->getExpectedTokens();
  auto has = [&](size_t kind) { return expected.contains(kind); };
  if (has(TickParser::VAR)) return Expected::Statement;
  if (has(TickParser::NUMBER)) return Expected::Operand;
  if (has(TickParser::STRING)) return Expected::ListItem;
  if (has(TickParser::RPAREN)) return has(TickParser::COMMA) ? Expected::Argument : Expected::CloseParen;
  if (has(TickParser::RBRACKET)) return Expected::CloseBracket;
  if (has(TickParser::REFERENCE)) return Expected::Reference;
  if (has(TickParser::IDENT)) return Expected::Name;
  if (has(TickParser::LPAREN)) return Expected::OpenParen;
  if (has(TickParser::DOT)) return Expected::Dot;
  if (has(TickParser::ASSIGN)) return Expected::Assign;
  return Expected::End;
}

}  // namespace

StatementReader::StatementReader(Tokens &tokens)
    : tokens_(tokens), strategy_(std::make_shared<StopAtFirst>()), parser_(&tokens.stream()) {
  strategy_->tokens = &tokens;
  parser_.removeErrorListeners();
  parser_.setErrorHandler(strategy_);
  parser_.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  tokens.stream().seek(0);
}

antlr4::ParserRuleContext *StatementReader::link() {
  if (tokens_.dialect() == ast::Dialect::Modern) return run(&TickParser::link);
  parser_.getInputStream()->consume();  // the dot, which is no part of the rule
  return run(&TickParser::dottedCall);
}

void StatementReader::StopAtFirst::note(antlr4::Parser *parser, antlr4::Token *token) {
  failure.token = token->getTokenIndex();
  size_t previous = tokens->before(failure.token);
  failure.expected = Classify(parser, previous == Tokens::kNone ? antlr4::Token::EOF : tokens->kind(previous));
}

antlr4::Token *StatementReader::StopAtFirst::recoverInline(antlr4::Parser *parser) {
  note(parser, parser->getCurrentToken());
  throw antlr4::ParseCancellationException();
}

void StatementReader::StopAtFirst::recover(antlr4::Parser *, std::exception_ptr) {
  throw antlr4::ParseCancellationException();
}

void StatementReader::StopAtFirst::reportError(antlr4::Parser *parser, const antlr4::RecognitionException &error) {
  note(parser, error.getOffendingToken());
}

}  // namespace tick
