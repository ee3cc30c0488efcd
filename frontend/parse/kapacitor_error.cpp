// kapacitor_error.cpp - the reference parser's sentence for a syntax error.
//
//   parser: unexpected <what> line <L> char <C> in "<excerpt>". expected: <list>
// Log searches and clients know this text, so it is kept to the byte (language.md 1.10), 0.2's odd number for
// the lambda token included.
#include <algorithm>

#include "frontend/parse/syntax_error.h"

namespace tick {
namespace {

struct KindName {
  size_t kind;
  std::string_view kapacitor, name;
};
constexpr KindName kKinds[] = {
    {antlr4::Token::EOF, "EOF", "end"},
    {TickLexer::VAR, "var", "var"},
    {TickLexer::DBRP, "dbrp", "dbrp"},
    {TickLexer::IDENT, "identifier", "identifier"},
    {TickLexer::REFERENCE, "reference", "reference"},
    {TickLexer::DURATION, "duration", "duration"},
    {TickLexer::LAMBDA, "lambda", "lambda"},
    {TickLexer::NUMBER, "number", "number"},
    {TickLexer::STRING, "string", "string"},
    {TickLexer::TRIPLE_STRING, "string", "triple-string"},
    {TickLexer::REGEX, "regex", "regex"},
    {TickLexer::COMMENT, "//", "comment"},
    {TickLexer::STAR, "*", "star"},
    {TickLexer::DOT, ".", "dot"},
    {TickLexer::PIPE, "|", "pipe"},
    {TickLexer::AT, "@", "at"},
    {TickLexer::ASSIGN, "=", "assign"},
    {TickLexer::LPAREN, "(", "open-paren"},
    {TickLexer::RPAREN, ")", "close-paren"},
    {TickLexer::LBRACKET, "[", "open-bracket"},
    {TickLexer::RBRACKET, "]", "close-bracket"},
    {TickLexer::COMMA, ",", "comma"},
    {TickLexer::NOT, "!", "not"},
    {TickLexer::TRUE, "TRUE", "boolean"},
    {TickLexer::FALSE, "FALSE", "boolean"},
    {TickLexer::AND, "AND", "operator"},
    {TickLexer::OR, "OR", "operator"},
    {TickLexer::PLUS, "+", "operator"},
    {TickLexer::MINUS, "-", "operator"},
    {TickLexer::MULT, "*", "operator"},
    {TickLexer::DIV, "/", "operator"},
    {TickLexer::MOD, "%", "operator"},
    {TickLexer::EQUAL, "==", "operator"},
    {TickLexer::NOT_EQUAL, "!=", "operator"},
    {TickLexer::MATCH, "=~", "operator"},
    {TickLexer::NOT_MATCH, "!~", "operator"},
    {TickLexer::LESS, "<", "operator"},
    {TickLexer::LESS_EQUAL, "<=", "operator"},
    {TickLexer::GREATER, ">", "operator"},
    {TickLexer::GREATER_EQUAL, ">=", "operator"},
};

const KindName *Find(size_t kind) {
  const KindName *row = std::find_if(std::begin(kKinds), std::end(kKinds), [&](auto &k) { return k.kind == kind; });
  return row == std::end(kKinds) ? nullptr : row;
}

// Code points that Go's %q writes as they are; of the rest only those that can reach the lexer's UNKNOWN matter.
bool IsPrintable(char32_t rune) {
  if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || rune == 0xad) return false;
  bool format = (rune >= 0x600 && rune <= 0x605) || rune == 0x61c || rune == 0x6dd || rune == 0x70f ||
                rune == 0x180e || (rune >= 0x200b && rune <= 0x200f) || (rune >= 0x202a && rune <= 0x202e) ||
                (rune >= 0x2060 && rune <= 0x206f) || rune == 0xfeff || (rune >= 0xfff9 && rune <= 0xfffb) ||
                (rune >= 0xe0000 && rune <= 0xe0fff);
  bool private_use = (rune >= 0xe000 && rune <= 0xf8ff) || rune >= 0xf0000;
  bool noncharacter = (rune & 0xfffe) == 0xfffe || (rune >= 0xfdd0 && rune <= 0xfdef);
  return !format && !private_use && !noncharacter;
}

// A rune as Go's %q writes it.
std::string QuoteRune(char32_t rune, std::string_view bytes) {
  constexpr std::string_view kEscapes = "\aa\bb\ff\nn\rr\tt\vv\\\\''";
  for (size_t i = 0; i < kEscapes.size(); i += 2)
    if (rune == static_cast<unsigned char>(kEscapes[i])) return std::string("'\\") + kEscapes[i + 1] + "'";
  if (IsPrintable(rune)) return "'" + (rune == 0xfffd ? std::string("\xef\xbf\xbd") : std::string(bytes)) + "'";
  char text[16];
  std::snprintf(text, sizeof text, rune < 0x80 ? "'\\x%02x'" : rune < 0x10000 ? "'\\u%04x'" : "'\\U%08x'",
                static_cast<unsigned>(rune));
  return text;
}

std::string What(const Tokens &tokens, size_t i) {
  std::string error = LexicalError(tokens, i);
  if (!error.empty()) return error;
  if (tokens.dialect() == ast::Dialect::Dotted && tokens.kind(i) == TickLexer::LAMBDA) return "7";
  const KindName *row = Find(tokens.kind(i));
  return row ? std::string(row->kapacitor) : "";
}

std::string_view ExpectedList(Expected expected) {
  switch (expected) {
    case Expected::Statement:
    case Expected::Operand:
      return R"("number","string","duration","identifier","TRUE","FALSE","==","(","-","!")";
    case Expected::ListItem: return R"("identifier","string","*")";
    case Expected::Argument:
    case Expected::CloseParen: return "\")\"";
    case Expected::CloseBracket: return R"("]")";
    case Expected::Reference: return R"("reference")";
    case Expected::Name: return R"("identifier")";
    case Expected::OpenParen: return "\"(\"";
    case Expected::Dot: return R"(".")";
    case Expected::Assign: return R"("=")";
    case Expected::End: return R"("EOF")";
  }
  return "";
}

// Ten bytes on both sides of `at`, within its line.
std::string_view Excerpt(std::string_view text, size_t at) {
  size_t begin = at < 10 ? 0 : at - 10, end = std::min(text.size(), at + 10);
  std::string_view before = text.substr(begin, at - begin), behind = text.substr(at, end - at);
  if (size_t newline = before.rfind('\n'); newline != std::string_view::npos) begin += newline + 1;
  if (size_t newline = behind.find('\n'); newline != std::string_view::npos) end = at + newline;
  return text.substr(begin, end - begin);
}

}  // namespace

std::string_view TokenName(size_t kind) {
  const KindName *row = Find(kind);
  return row ? row->name : "error";
}

std::string LexicalError(const Tokens &tokens, size_t i) {
  switch (tokens.kind(i)) {
    case TickLexer::BAD_STRING: return "unterminated string";
    case TickLexer::BAD_REFERENCE: return "unterminated field reference";
    case TickLexer::BAD_REGEX: return "unterminated regex";
    case TickLexer::BAD_NUMBER: return "multiple decimals in number";
    case TickLexer::BAD_LAMBDA: return "missing ':' on lambda keyword";
    case TickLexer::UNKNOWN: {
      if (tokens.dialect() == ast::Dialect::Dotted) return "unknown state";
      Rune rune = DecodeRune(tokens.source().text, tokens.range(i).begin);
      return "unknown state, last char: " + QuoteRune(rune.value, tokens.text(i));
    }
    default: return "";
  }
}

std::string KapacitorSyntaxError(const Tokens &tokens, SyntaxFailure failure) {
  uint32_t at = tokens.range(failure.token).begin;
  LineColumn place = tokens.source().position(at);
  return "parser: unexpected " + What(tokens, failure.token) + " line " + std::to_string(place.line) + " char " +
         std::to_string(place.column) + " in \"" + std::string(Excerpt(tokens.source().text, at)) +
         "\". expected: " + std::string(ExpectedList(failure.expected));
}

}  // namespace tick
