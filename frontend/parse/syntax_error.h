// syntax_error.h - one syntax error, in our words and in Kapacitor's.
//
// In: the token that does not fit and what could have stood there. Out: a diagnostic with a range, a hint where
// a known mistake is seen, and the reference parser's sentence (language.md 1.10).
#pragma once

#include <string>

#include "frontend/parse/tokens.h"

namespace tick {

// What a place can take; Kapacitor's lists, which are shorter than the truth.
enum class Expected : uint8_t {
  Statement, Operand, ListItem, Argument, CloseParen, CloseBracket, Reference, Name, OpenParen, Dot, Assign, End
};

struct SyntaxFailure {
  size_t token = 0;
  Expected expected = Expected::Operand;
};

void ReportSyntaxError(const Tokens &tokens, SyntaxFailure failure, Diagnostics &diagnostics);

// "parser: unexpected …": the reference's sentence.
std::string KapacitorSyntaxError(const Tokens &tokens, SyntaxFailure failure);

// What was probably meant; empty text: nothing known.
struct SyntaxHint {
  std::string text;
  SourceRange range;
};
SyntaxHint HintFor(const Tokens &tokens, SyntaxFailure failure);

// The innermost `(` or `[` that is still open before token `i`, or Tokens::kNone.
size_t OpenBracket(const Tokens &tokens, size_t i);

// How a message names the token: "`)`", "the name `and`", "the end of the script".
std::string TokenPhrase(const Tokens &tokens, size_t i);
// The name of a token kind in listings: "identifier", "pipe".
std::string_view TokenName(size_t kind);
// What the lexer says about a token that is none ("unterminated string"); empty for a sound one.
std::string LexicalError(const Tokens &tokens, size_t i);

}  // namespace tick
