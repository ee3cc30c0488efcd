// syntax_hints.cpp - the mistakes people make, by the tokens around them.
//
// Each function looks at the token that does not fit and its neighbours and knows one family of mistakes. A hint
// is one line and says what to write.
#include <algorithm>

#include "frontend/parse/syntax_error.h"

namespace tick {
namespace {

struct Spot {
  const Tokens &tokens;
  SyntaxFailure failure;
  size_t i;         // the token that does not fit
  size_t previous;  // kNone at the start of the script

  size_t kind() const { return tokens.kind(i); }
  std::string_view text() const { return tokens.text(i); }
  size_t previous_kind() const { return previous == Tokens::kNone ? antlr4::Token::EOF : tokens.kind(previous); }
  std::string_view previous_text() const { return previous == Tokens::kNone ? "" : tokens.text(previous); }
  // Without white space between the two.
  bool touches() const { return previous != Tokens::kNone && tokens.range(previous).end == tokens.range(i).begin; }
  SyntaxHint hint(std::string text) const { return {std::move(text), {}}; }
  SyntaxHint replace(std::string text) const { return {std::move(text), tokens.range(i)}; }
};

bool Is(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// `and`, `or`, `not`, `&&`, `||`, `=`, `===`, `<>`
SyntaxHint Operators(const Spot &at) {
  if (at.kind() == TickLexer::IDENT && Is(at.text(), {"and", "And"})) return at.replace("write `AND`");
  if (at.kind() == TickLexer::IDENT && Is(at.text(), {"or", "Or"})) return at.replace("write `OR`");
  std::string_view before = at.previous_text();
  if (at.previous_kind() == TickLexer::IDENT && Is(before, {"not", "NOT", "Not"}) &&
      at.failure.expected != Expected::OpenParen)
    return {"write `!` for not", at.tokens.range(at.previous)};
  if (at.text() == "&") return at.hint("write `AND` for and");
  if (at.kind() == TickLexer::PIPE && at.tokens.kind(at.tokens.after(at.i)) == TickLexer::PIPE)
    return at.hint("write `OR` for or");
  if (at.text() == "=" && at.previous_kind() == TickLexer::EQUAL) return at.hint("`==` compares; there is no `===`");
  if (at.text() == ">" && before == "<") return at.hint("write `!=` for not equal");
  if (at.text() == "~" && at.previous_kind() == TickLexer::EQUAL) return at.hint("write `=~` to match");
  if (at.text() == "=" && Is(before, {":"})) return at.hint("write `var name = value`");
  if (at.text() == "=" && at.failure.expected != Expected::Statement) return at.replace("`==` compares");
  if (at.text() == "=") return at.hint("write `var name = value`");
  return {};
}

// 1e5, 5us, 5ns, 1h30m, 5sec
SyntaxHint Numbers(const Spot &at) {
  if (!at.touches()) return {};
  std::string_view text = at.text();
  if (at.previous_kind() == TickLexer::NUMBER && at.kind() == TickLexer::IDENT) {
    if ((text[0] == 'e' || text[0] == 'E') && text.find_first_not_of("0123456789", 1) == std::string_view::npos)
      return at.hint("numbers have no exponent; write all digits");
    if (text == "ns") return at.hint("the smallest unit of durations is `u`, a microsecond");
    if (text == "x" || text[0] == 'x') return at.hint("numbers are decimal, or octal with a leading 0");
    return at.hint("the units of durations are u, ms, s, m, h, d and w");
  }
  if (at.previous_kind() != TickLexer::DURATION) return {};
  if (at.kind() == TickLexer::DURATION) return at.hint("a duration has one number and one unit: 90m, not 1h30m");
  if (at.kind() == TickLexer::IDENT) return at.hint("the units of durations are u, ms, s, m, h, d and w");
  return {};
}

// Characters of other languages and of word processors.
SyntaxHint Characters(const Spot &at) {
  if (at.kind() != TickLexer::UNKNOWN) return {};
  std::string_view text = at.text();
  if (text == ";") return at.replace("statements need nothing between them");
  if (text == "#") return at.replace("comments begin with `//`");
  if (text == "{" || text == "}") return at.hint("there are no blocks; a chain goes on with `|` or `.`");
  if (text == "`") return at.replace("strings stand in single quotes");
  if (text == "_") return at.hint("names begin with a letter");
  if (text == ":" && at.previous_text() == "lambda") return at.hint("write `lambda:` in one word");
  if (text == ":") return at.hint("a colon stands only in `lambda:`");
  if (Is(text, {"\u2018", "\u2019"})) return at.replace("use the straight quote '");
  if (Is(text, {"\u201c", "\u201d"})) return at.replace("use the straight quote \"");
  if (text == "\ufeff") return at.replace("save the file without a byte order mark");
  if (at.tokens.dialect() == ast::Dialect::Dotted && Is(text, {"|", "@"}))
    return at.hint("this is read as Kapacitor 0.2's language, where `.` chains nodes");
  bool is_operator = Is(text, {"+", "%", "<", ">", "=", "!"});
  if (is_operator && at.tokens.is_comment(at.i - (at.i > 0)))
    return at.hint("no comment may stand between a value and its operator");
  if (is_operator && at.previous_kind() == TickLexer::RBRACKET) return at.hint("lists have no operators");
  if (is_operator && at.previous_kind() == TickLexer::REGEX) return at.hint("a regular expression stands on the right of `=~` or `!~`");
  return {};
}

// Strings, references and regexes that never end.
SyntaxHint OpenQuotes(const Spot &at) {
  bool string = at.kind() == TickLexer::BAD_STRING;
  if (!string && at.kind() != TickLexer::BAD_REFERENCE && at.kind() != TickLexer::BAD_REGEX) return {};
  std::string_view text = at.text();
  if (text.starts_with("'''")) return at.hint("three single quotes end it; it cannot end in a quote of its own");
  char quote = text[0];
  if (text.find(std::string("\\") + quote) != std::string_view::npos)
    return at.hint(std::string("`\\") + quote + "` is a part of it and does not end it; it cannot end in a backslash");
  return at.hint(std::string("a `") + quote + "` is missing");
}

SyntaxHint Lambdas(const Spot &at) {
  if (at.kind() == TickLexer::LAMBDA && at.previous_kind() == TickLexer::LAMBDA)
    return at.replace("`lambda:` is written once");
  if (at.kind() == TickLexer::LAMBDA && at.tokens.dialect() == ast::Dialect::Dotted)
    return at.hint("in Kapacitor 0.2's language lambdas are only arguments of calls");
  if (at.kind() == TickLexer::LAMBDA)
    return at.hint("`lambda:` begins an argument or the value of a variable and stands in no other expression");
  if (at.previous_kind() == TickLexer::IDENT && at.previous_text() == "lambda")
    return {"write `lambda:` with its colon", at.tokens.range(at.previous)};
  bool value_place = Is(at.previous_text(), {"lambda:", "AND", "OR"});
  if (at.kind() == TickLexer::DIV && value_place) return at.hint("a regular expression needs parentheses here: (/…/)");
  return {};
}

// Calls, chains and brackets.
SyntaxHint Structure(const Spot &at) {
  const Tokens &tokens = at.tokens;
  auto line_of = [&](size_t i) { return std::to_string(tokens.source().position(tokens.range(i).begin).line); };
  if (at.failure.expected == Expected::OpenParen)
    return at.hint("a node is called: `|" + std::string(at.previous_text()) + "()`");
  if (at.failure.expected == Expected::Name && Is(at.text(), {"AND", "OR", "TRUE", "FALSE", "var", "dbrp"}))
    return at.hint("`" + std::string(at.text()) + "` is a word of the language and cannot be a name");
  if (at.failure.expected == Expected::Reference && at.kind() == TickLexer::STRING)
    return at.replace("use double quotes");
  if (at.failure.expected == Expected::Statement && Is(at.text(), {")", "]"})) return at.replace("nothing is open here");
  if (at.failure.expected == Expected::Statement && Is(at.text(), {"|", "@", "."}))
    return at.hint("a chain begins with a name or a call, such as `stream`");
  bool ends = at.kind() == antlr4::Token::EOF || at.kind() == TickLexer::VAR || at.kind() == TickLexer::DBRP;
  if (ends && at.failure.expected == Expected::Operand && at.previous != Tokens::kNone)
    return at.hint("nothing stands behind `" + std::string(at.previous_text()) + "`");
  bool close = at.failure.expected == Expected::Argument || at.failure.expected == Expected::CloseParen ||
               at.previous_kind() == TickLexer::LPAREN;
  size_t open = close ? OpenBracket(tokens, at.i) : Tokens::kNone;
  if (open != Tokens::kNone && (ends || Is(at.text(), {"|", ".", "@"}))) {
    bool same_line = line_of(open) == line_of(at.i);
    return at.hint(same_line ? "a `(` before this is still open" : "the `(` of line " + line_of(open) + " is still open");
  }
  bool value = at.kind() == TickLexer::IDENT || at.kind() == TickLexer::NUMBER || at.kind() == TickLexer::STRING ||
               at.kind() == TickLexer::REFERENCE || at.kind() == TickLexer::DURATION || at.kind() == TickLexer::LAMBDA;
  if (value && at.failure.expected == Expected::Argument) return at.hint("a `,` or an operator is missing before this");
  if (value && close) return at.hint("an operator is missing before this");
  return {};
}

}  // namespace

SyntaxHint HintFor(const Tokens &tokens, SyntaxFailure failure) {
  Spot at{tokens, failure, failure.token, tokens.before(failure.token)};
  for (auto family : {OpenQuotes, Operators, Numbers, Characters, Lambdas, Structure}) {
    SyntaxHint hint = family(at);
    if (!hint.text.empty()) return hint;
  }
  return {};
}

}  // namespace tick
