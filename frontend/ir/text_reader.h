// text_reader.h - the pieces every part of the IR's text is made of: words, names, indexes, lists, places.
//
// In: tokens. Out: values; the first thing that does not fit is reported with its place. Every method returns false
// once something was reported, and then its caller returns false, so one mistake gives one report.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "frontend/ir/ir.h"
#include "frontend/ir/text_lexer.h"
#include "frontend/support/diagnostics.h"

namespace tick::ir {

class TextReader {
 public:
  TextReader(const Source &source, Diagnostics &diagnostics)
      : lexer_(source.text), diagnostics_(diagnostics), token_(lexer_.next()) {}

 protected:
  // Reports what was found instead; always false.
  bool expected(std::string_view what);
  void advance() { token_ = lexer_.next(); }
  bool accept(std::string_view word) {
    if (!token_.is(word)) return false;
    advance();
    return true;
  }
  bool expect(std::string_view word) { return accept(word) || expected("`" + std::string(word) + "`"); }
  bool string(std::string &out) {
    if (token_.kind != TokenKind::String) return expected("a string");
    out = std::move(token_.text);
    advance();
    return true;
  }
  bool word_or_string(std::string &out) {
    if (token_.kind != TokenKind::Word && token_.kind != TokenKind::String) return expected("a name");
    out = std::move(token_.text);
    advance();
    return true;
  }
  bool index(uint32_t &out) {
    if (token_.kind != TokenKind::Int || token_.number < 0 || token_.number > std::numeric_limits<uint32_t>::max())
      return expected("an index");
    out = static_cast<uint32_t>(token_.number);
    advance();
    return true;
  }
  bool numbered(TokenKind kind, size_t want, std::string_view what) {
    bool match = kind == TokenKind::Int ? token_.number == static_cast<int64_t>(want) : token_.bits == want;
    if (token_.kind != kind || !match) return expected(std::string(what) + std::to_string(want));
    advance();
    return true;
  }
  template <size_t n>
  bool one_of(const std::string_view (&words)[n], size_t &out, std::string_view what) {
    for (out = 0; out < n; ++out)
      if (accept(words[out])) return true;
    return expected(what);
  }
  bool type(Type &out) {
    if (token_.kind == TokenKind::Word)
      for (size_t i = 0; i <= static_cast<size_t>(Type::Star); ++i)
        if (kTypes[i].name == token_.text) {
          out = static_cast<Type>(i);
          advance();
          return true;
        }
    return expected("a type");
  }
  bool op(Operator &out) {
    if (token_.kind == TokenKind::String)
      for (size_t i = 0; i < std::size(kOperators); ++i)
        if (kOperators[i].spelling == token_.text) {
          out = static_cast<Operator>(i);
          advance();
          return true;
        }
    return expected("an operator in quotes");
  }
  bool at(SourceRange &out) {
    if (!accept("at")) return true;
    return index(out.begin) && expect(":") && index(out.end);
  }
  template <class F>
  bool list(std::string_view close, F &&item) {
    if (accept(close)) return true;
    do {
      if (!item()) return false;
    } while (accept(","));
    return expect(close);
  }
  bool strings(std::vector<std::string> &out) {
    return expect("[") && list("]", [&] { return string(out.emplace_back()); });
  }
  bool numbers(std::vector<uint32_t> &out) {
    return expect("[") && list("]", [&] { return index(out.emplace_back()); });
  }

  TextLexer lexer_;
  Diagnostics &diagnostics_;
  Token token_;
};

}  // namespace tick::ir
