// tokens.h - a script as tokens with byte ranges; the border between ANTLR's characters and our bytes.
//
// In: any bytes. Out: the token stream the parser reads, and for each token its kind, its bytes and the comment
// before it. ANTLR counts code points; nothing outside this file sees those. Part of frontend/parse.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ANTLRInputStream.h"
#include "CommonTokenStream.h"
#include "TickLexer.h"
#include "TickParser.h"
#include "frontend/ast/ast.h"
#include "frontend/support/diagnostics.h"

namespace tick {

using tick_grammar::TickLexer;
using tick_grammar::TickParser;

class Tokens {
 public:
  Tokens(const Source &source, ast::Dialect dialect);

  const Source &source() const { return source_; }
  ast::Dialect dialect() const { return dialect_; }
  antlr4::CommonTokenStream &stream() { return stream_; }

  size_t size() const { return places_.size(); }  // comments and the last token, EOF, included
  size_t kind(size_t i) const { return places_[i].kind; }
  SourceRange range(size_t i) const { return places_[i].range; }
  std::string_view text(size_t i) const;
  bool is_comment(size_t i) const { return places_[i].kind == TickLexer::COMMENT; }
  // The token before `i` that is no comment, or kNone.
  static constexpr size_t kNone = static_cast<size_t>(-1);
  size_t before(size_t i) const;
  size_t after(size_t i) const;
  // Nothing but white space and comments stands before `i` on its line.
  bool first_on_line(size_t i) const;
  // The comments between the token before `i` and `i`, joined.
  std::optional<ast::Comment> comment_before(size_t i) const;

 private:
  // Code points of a script; a byte that is not UTF-8 counts as U+FFFD.
  struct Runes : antlr4::ANTLRInputStream {
    explicit Runes(const std::string &text);
    std::vector<uint32_t> offsets;  // of each code point, then the length of the text
  };
  struct Place {
    size_t kind;
    SourceRange range;
  };

  const Source &source_;
  ast::Dialect dialect_;
  Runes runes_;
  TickLexer lexer_;
  antlr4::CommonTokenStream stream_;
  std::vector<Place> places_;
};

// The code point at `offset` and its length in bytes, as Go decodes it: an invalid byte is U+FFFD of length 1.
struct Rune {
  char32_t value;
  uint32_t length;
};
Rune DecodeRune(std::string_view text, size_t offset);

}  // namespace tick
