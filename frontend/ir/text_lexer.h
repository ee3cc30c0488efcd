// text_lexer.h - tokens of the IR's text (docs/ir.md).
//
// In: text, any bytes. Out: one token at a time, each with its place; what is no token comes out as Bad with the
// reason in `text`. White space and comments (`;` to the end of the line) only separate.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/support/source.h"

namespace tick::ir {

enum class TokenKind : uint8_t {
  End, Bad,
  Word,      // text
  String,    // text, unescaped
  Int,       // number
  Float,     // real
  Duration,  // number: nanoseconds
  Hex,       // bits
  Value,     // %3: bits
  LambdaId,  // @3: bits
  Punct      // one of { } [ ] ( ) , : . = * or "->" in text
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::string text;
  int64_t number = 0;
  double real = 0;
  uint64_t bits = 0;
  SourceRange range;
  bool is(std::string_view word) const { return (kind == TokenKind::Word || kind == TokenKind::Punct) && text == word; }
};

class TextLexer {
 public:
  explicit TextLexer(std::string_view text) : text_(text) {}
  Token next();

 private:
  char peek(size_t ahead = 0) const { return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0'; }
  void skip_space();
  void read_string(Token &token);
  void read_number(Token &token);
  void read_unit(Token &token, bool negative, uint64_t magnitude);
  void read_index(Token &token, TokenKind kind);

  std::string_view text_;
  size_t pos_ = 0;
};

}  // namespace tick::ir
