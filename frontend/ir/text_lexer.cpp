// text_lexer.cpp - tokens of the IR's text. Any bytes are safe input.
#include "frontend/ir/text_lexer.h"

#include <charconv>
#include <limits>

#include "frontend/ir/text_words.h"

namespace tick::ir {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

void Fail(Token &token, std::string_view why) {
  token.kind = TokenKind::Bad;
  token.text = why;
}

// magnitude with a sign, as an int64: false where it does not fit.
bool Signed(bool negative, uint64_t magnitude, int64_t *out) {
  uint64_t limit = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + (negative ? 1 : 0);
  if (magnitude > limit) return false;
  *out = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
  return true;
}

}  // namespace

void TextLexer::skip_space() {
  while (pos_ < text_.size()) {
    char c = text_[pos_];
    if (c == ';') {
      while (pos_ < text_.size() && text_[pos_] != '\n') ++pos_;
    } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      ++pos_;
    } else {
      return;
    }
  }
}

Token TextLexer::next() {
  skip_space();
  Token token;
  token.range.begin = static_cast<uint32_t>(pos_);
  char c = peek();
  if (pos_ >= text_.size()) {
    token.text = "the end";
  } else if (c == '"') {
    read_string(token);
  } else if (IsWordByte(c, true)) {
    size_t begin = pos_;
    while (pos_ < text_.size() && IsWordByte(text_[pos_], false)) ++pos_;
    token.kind = TokenKind::Word;
    token.text = text_.substr(begin, pos_ - begin);
  } else if (c == '-' && peek(1) == '>') {
    token.kind = TokenKind::Punct;
    token.text = "->";
    pos_ += 2;
  } else if (IsDigit(c) || c == '-') {
    read_number(token);
  } else if (c == '%' || c == '@') {
    read_index(token, c == '%' ? TokenKind::Value : TokenKind::LambdaId);
  } else if (c != '\0' && std::string_view("{}[](),:.=*").find(c) != std::string_view::npos) {
    token.kind = TokenKind::Punct;
    token.text = c;
    ++pos_;
  } else {
    ++pos_;
    Fail(token, "a byte that begins no token");
  }
  token.range.end = static_cast<uint32_t>(pos_);
  return token;
}

void TextLexer::read_string(Token &token) {
  token.kind = TokenKind::String;
  for (++pos_; pos_ < text_.size(); ++pos_) {
    char c = text_[pos_];
    if (c == '"') {
      ++pos_;
      return;
    }
    if (c == '\n') break;
    if (c != '\\') {
      token.text += c;
      continue;
    }
    switch (char escaped = peek(1)) {
      case '"': case '\\': token.text += escaped, ++pos_; break;
      case 'n': token.text += '\n', ++pos_; break;
      case 't': token.text += '\t', ++pos_; break;
      case 'x':
        if (int high = HexDigit(peek(2)), low = HexDigit(peek(3)); high >= 0 && low >= 0) {
          token.text += static_cast<char>(high * 16 + low);
          pos_ += 3;
          break;
        }
        [[fallthrough]];
      default: return Fail(token, "an escape other than \\\" \\\\ \\n \\t \\x00");
    }
  }
  Fail(token, "a string without closing quote");
}

void TextLexer::read_number(Token &token) {
  bool negative = peek() == '-';
  size_t begin = pos_;
  if (negative) ++pos_;
  if (text_.substr(pos_).starts_with("inf")) {
    pos_ += 3;
    token.kind = TokenKind::Float;
    token.real = negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    return;
  }
  if (!IsDigit(peek())) return Fail(token, "a `-` without number");
  const char *end = text_.data() + text_.size();
  if (peek() == '0' && peek(1) == 'x') {
    auto [stop, error] = std::from_chars(text_.data() + pos_ + 2, end, token.bits, 16);
    pos_ = static_cast<size_t>(stop - text_.data());
    token.kind = TokenKind::Hex;
    if (negative || error != std::errc()) Fail(token, "a hexadecimal number of more than 64 bits");
    return;
  }
  size_t stop = pos_;
  while (stop < text_.size() && IsDigit(text_[stop])) ++stop;
  char after = stop < text_.size() ? text_[stop] : '\0';
  if (after == '.' || after == 'e') {
    auto [last, error] = std::from_chars(text_.data() + begin, end, token.real);
    pos_ = static_cast<size_t>(last - text_.data());
    token.kind = TokenKind::Float;
    if (error != std::errc()) Fail(token, "a float out of range");
    return;
  }
  uint64_t magnitude = 0;
  auto [last, error] = std::from_chars(text_.data() + pos_, end, magnitude);
  pos_ = static_cast<size_t>(last - text_.data());
  if (error != std::errc()) return Fail(token, "a number out of range");
  read_unit(token, negative, magnitude);
}

void TextLexer::read_unit(Token &token, bool negative, uint64_t magnitude) {
  size_t begin = pos_;
  while (pos_ < text_.size() && IsWordByte(text_[pos_], true)) ++pos_;
  std::string_view name = text_.substr(begin, pos_ - begin);
  token.kind = name.empty() ? TokenKind::Int : TokenKind::Duration;
  uint64_t scale = name.empty() ? 1 : 0;
  for (const DurationUnit &unit : kDurationUnits)
    if (unit.name == name) scale = static_cast<uint64_t>(unit.ns);
  uint64_t scaled = 0;
  if (scale == 0) return Fail(token, "a unit other than w d h m s ms u ns");
  if (__builtin_mul_overflow(magnitude, scale, &scaled) || !Signed(negative, scaled, &token.number))
    Fail(token, "a number out of range");
}

void TextLexer::read_index(Token &token, TokenKind kind) {
  ++pos_;
  token.kind = kind;
  uint32_t index = 0;
  auto [last, error] = std::from_chars(text_.data() + pos_, text_.data() + text_.size(), index);
  pos_ = static_cast<size_t>(last - text_.data());
  if (error != std::errc()) return Fail(token, "an index that is no number");
  token.bits = index;
}

}  // namespace tick::ir
