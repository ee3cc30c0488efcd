// syntax_error.cpp - what does not fit, where, and what would.
#include "frontend/parse/syntax_error.h"

#include <algorithm>

namespace tick {
namespace {

// At most 40 bytes of a token, on one line and whole characters only.
std::string Shown(std::string_view text) {
  size_t end = std::min(text.size(), size_t{40});
  while (end < text.size() && end > 0 && (text[end] & 0xc0) == 0x80) --end;
  std::string out;
  for (char c : text.substr(0, end)) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return end < text.size() ? out + "…" : out;
}

std::string Wanted(Expected expected) {
  switch (expected) {
    case Expected::Statement: return "a statement or the end of the script";
    case Expected::Operand: return "a value";
    case Expected::ListItem: return "a string, a name or `*`";
    case Expected::Argument: return "`,` or `)`";
    case Expected::CloseParen: return "`)`";
    case Expected::CloseBracket: return "`,` or `]`";
    case Expected::Reference: return "a name in double quotes";
    case Expected::Name: return "a name";
    case Expected::OpenParen: return "`(`";
    case Expected::Dot: return "`.`";
    case Expected::Assign: return "`=`";
    case Expected::End: return "the end of the expression";
  }
  return "";
}

// The range to mark: a token that runs to the end of the script is marked to the end of its first line, and the
// end itself behind the last token.
SourceRange Marked(const Tokens &tokens, size_t i) {
  SourceRange range = tokens.range(i);
  if (tokens.kind(i) == antlr4::Token::EOF) {
    size_t last = tokens.before(i);
    return last == Tokens::kNone ? range : SourceRange{tokens.range(last).end, tokens.range(last).end};
  }
  std::string_view text = tokens.text(i);
  size_t line_end = text.find_first_of("\r\n");
  if (line_end != std::string_view::npos) range.end = range.begin + static_cast<uint32_t>(line_end);
  return range;
}

Diagnostic &ReportLexical(const Tokens &tokens, size_t i, Diagnostics &diagnostics) {
  SourceRange range = Marked(tokens, i);
  std::string text(tokens.text(i));
  switch (tokens.kind(i)) {
    case TickLexer::BAD_STRING: return diagnostics.report(DiagId::Unterminated, range, {"string"});
    case TickLexer::BAD_REFERENCE: return diagnostics.report(DiagId::Unterminated, range, {"name in double quotes"});
    case TickLexer::BAD_REGEX: return diagnostics.report(DiagId::Unterminated, range, {"regular expression"});
    case TickLexer::BAD_NUMBER:
      return diagnostics.report(DiagId::BadNumber, range, {Shown(text), "a number has one decimal point"});
    case TickLexer::BAD_LAMBDA: return diagnostics.report(DiagId::SyntaxError, range, {"`lambda` without a colon", "`lambda:`"});
    default: {
      Rune rune = DecodeRune(text, 0);
      char code[16];
      std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(rune.value));
      bool plain = rune.value >= 0x20 && rune.value < 0x7f;
      if (!plain && rune.length == 1 && static_cast<unsigned char>(text[0]) >= 0x80)
        std::snprintf(code, sizeof code, "byte 0x%02x", static_cast<unsigned char>(text[0]));
      return diagnostics.report(DiagId::UnknownCharacter, range, {plain ? "`" + text + "`" : std::string(code)});
    }
  }
}

}  // namespace

std::string TokenPhrase(const Tokens &tokens, size_t i) {
  std::string quoted = "`" + Shown(tokens.text(i)) + "`";
  switch (tokens.kind(i)) {
    case antlr4::Token::EOF: return "end of the script";
    case TickLexer::IDENT: return "name " + quoted;
    case TickLexer::NUMBER: return "number " + quoted;
    case TickLexer::DURATION: return "duration " + quoted;
    case TickLexer::REFERENCE: return "reference " + quoted;
    case TickLexer::STRING:
    case TickLexer::TRIPLE_STRING: return "string " + quoted;
    case TickLexer::REGEX: return "regular expression " + quoted;
    default: return quoted;
  }
}

size_t OpenBracket(const Tokens &tokens, size_t i) {
  size_t closed = 0;
  while (i-- > 0) {
    size_t kind = tokens.kind(i);
    if (kind == TickLexer::RPAREN || kind == TickLexer::RBRACKET) {
      ++closed;
    } else if (kind == TickLexer::LPAREN || kind == TickLexer::LBRACKET) {
      if (closed == 0) return i;
      --closed;
    }
  }
  return Tokens::kNone;
}

void ReportSyntaxError(const Tokens &tokens, SyntaxFailure failure, Diagnostics &diagnostics) {
  size_t i = failure.token;
  bool lexical = !LexicalError(tokens, i).empty();
  Diagnostic &d = lexical ? ReportLexical(tokens, i, diagnostics)
                          : diagnostics.report(DiagId::SyntaxError, Marked(tokens, i),
                                               {TokenPhrase(tokens, i), Wanted(failure.expected)});
  d.kapacitor = KapacitorSyntaxError(tokens, failure);
  SyntaxHint hint = HintFor(tokens, failure);
  d.hint = hint.text;
  d.hint_range = hint.range;
}

}  // namespace tick
