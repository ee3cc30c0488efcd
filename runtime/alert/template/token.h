// token.h - the words of a template: text, delimiters, and what stands between them.
//
// In: a template's text. Out: tokens in order, one a call; after an error token or the end there are no more.
// The rules and the messages are those of Go's text/template.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick::tmpl {

enum class Token : uint8_t {
  Error,  // the text is the message
  Bool,
  Char,
  CharConstant,
  Assign,
  Declare,
  End,
  Field,  // begins with '.'
  Identifier,
  LeftDelim,
  LeftParen,
  Number,
  Pipe,
  RawString,
  RightDelim,
  RightParen,
  Space,
  String,
  Text,
  Variable,  // begins with '$'
  // keywords
  Block,
  Break,
  Continue,
  Dot,
  Define,
  Else,
  EndKeyword,
  If,
  Nil,
  Range,
  Template,
  With
};

struct Item {
  Token token = Token::End;
  uint32_t pos = 0;  // bytes from the start of the template
  uint32_t line = 1;
  std::string text;
};

// As messages show it: `"."`, `<end>`, `EOF`.
std::string Describe(const Item &item);

class Scanner {
 public:
  explicit Scanner(std::string_view input) : input_(input) {}
  Item next();

 private:
  enum class State : uint8_t { Text, LeftDelim, Inside, RightDelim, Done };
  char32_t take();
  char32_t peek();
  void back();
  bool accept(std::string_view valid);
  void accept_run(std::string_view valid);
  void ignore();
  Item make(Token token);
  Item fail(std::string message);
  bool at_right_delim(bool *trim) const;
  bool at_terminator();

  bool scan_text(Item *item);
  bool scan_left_delim(Item *item);
  bool scan_comment(Item *item);
  Item scan_right_delim();
  Item scan_inside();
  Item scan_space();
  Item scan_identifier();
  Item scan_name(Token token);
  Item scan_quoted(char32_t quote, Token token, std::string_view what);
  Item scan_raw();
  Item scan_number();
  bool scan_digits();

  std::string_view input_;
  uint32_t pos_ = 0, start_ = 0, line_ = 1, start_line_ = 1;
  uint32_t width_ = 0;  // of the rune taken last, for back()
  int parens_ = 0;
  State state_ = State::Text;
};

}  // namespace tick::tmpl
