// influxql_lexer.h - InfluxQL's tokens.
//
// In: a query's text. Out: tokens one by one, with their places for messages. Whether a slash begins a regex or
// divides depends on the grammar, so the parser asks for a regex where one may stand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick {

enum class QlToken : uint8_t {
  End,
  Word,
  QuotedWord,
  Text,
  BadText,
  Integer,
  Number,
  Duration,
  Parameter,
  Plus,
  Minus,
  Times,
  Divide,
  Modulo,
  BitAnd,
  BitOr,
  BitXor,
  Equal,
  NotEqual,
  Matches,
  NotMatches,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Open,
  Close,
  Comma,
  Colon,
  DoubleColon,
  Semicolon,
  Dot,
  Regex,
  Illegal
};

struct QlLexeme {
  QlToken token = QlToken::End;
  std::string text;     // of words, texts and regexes without quotes and escapes; of others as written
  int64_t integer = 0;  // of integers and durations (nanoseconds)
  size_t at = 0, end = 0;
};

class QlLexer {
 public:
  explicit QlLexer(std::string_view text) : text_(text) {}
  // The token at `at`, after blanks and comments.
  QlLexeme scan(size_t at) const;
  // A regex there; a lexeme that is none where no slash stands.
  QlLexeme scan_regex(size_t at) const;
  // "line 1, char 9"
  std::string place(size_t at) const;

 private:
  size_t skip_blanks(size_t at) const;
  QlLexeme quoted(size_t at, char quote) const;
  QlLexeme number(size_t at) const;
  char get(size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  std::string_view text_;
};

// Whether the word is one of InfluxQL's keywords, in any case.
bool IsQlKeyword(std::string_view word);
// As InfluxQL prints an identifier: in double quotes only where it must be.
std::string QlIdent(std::string_view name);
std::string QlText(std::string_view text);
// In the largest unit that divides it: 90m, 1500ms, 0s.
std::string QlDuration(int64_t ns);

}  // namespace tick
