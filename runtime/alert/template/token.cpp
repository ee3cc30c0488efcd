// token.cpp - the scanner of templates.
//
// A state machine: text up to `{{`, the delimiter with its trim marker or comment, the words of an action,
// the closing delimiter, text again.
#include "runtime/alert/template/token.h"

#include <cstdio>

#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

constexpr char32_t kEnd = 0xFFFFFFFF;
constexpr std::string_view kLeft = "{{", kRight = "}}", kSpaces = " \t\r\n";

struct Keyword {
  std::string_view text;
  Token token;
};
constexpr Keyword kKeywords[] = {{"block", Token::Block},
                                 {"break", Token::Break},
                                 {"continue", Token::Continue},
                                 {"define", Token::Define},
                                 {"else", Token::Else},
                                 {"end", Token::EndKeyword},
                                 {"if", Token::If},
                                 {"range", Token::Range},
                                 {"nil", Token::Nil},
                                 {"template", Token::Template},
                                 {"with", Token::With}};

bool IsBlank(char32_t r) { return r == ' ' || r == '\t' || r == '\r' || r == '\n'; }
bool IsWord(char32_t r) {
  if (r < 0x80) return r == '_' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z');
  // Letters and digits of other scripts: what prints, without the blocks of signs.
  bool sign = (r >= 0x2000 && r < 0x2C00) || (r >= 0x3000 && r < 0x3005) || (r >= 0x1F000 && r < 0x20000) ||
              (r < 0xC0 && r != 0xAA && r != 0xB5 && r != 0xBA) || r == 0xD7 || r == 0xF7;
  return r != kEnd && !sign && IsPrintRune(r);
}
bool LeftTrim(std::string_view s) { return s.size() >= 2 && s[0] == '-' && IsBlank(static_cast<unsigned char>(s[1])); }
bool RightTrim(std::string_view s) { return s.size() >= 2 && IsBlank(static_cast<unsigned char>(s[0])) && s[1] == '-'; }

// Go's "%#U": U+0040 '@'.
std::string UnicodeName(char32_t r) {
  if (r == kEnd) return "U+FFFFFFFFFFFFFFFF";
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(r));
  std::string out = text;
  if (IsPrintRune(r)) {
    out += " '";
    AppendRune(out, r);
    out += '\'';
  }
  return out;
}

}  // namespace

std::string Describe(const Item &item) {
  if (item.token == Token::End) return "EOF";
  if (item.token == Token::Error) return item.text;
  if (item.token >= Token::Block) return "<" + item.text + ">";
  if (item.text.size() <= 10) return GoQuote(item.text);
  std::string_view rest = item.text;
  size_t bytes = 0;
  for (int i = 0; i < 10 && bytes < rest.size(); ++i) bytes += DecodeRune(rest.substr(bytes)).width;
  return GoQuote(rest.substr(0, bytes)) + "...";
}

char32_t Scanner::take() {
  if (pos_ >= input_.size()) {
    width_ = 0;
    return kEnd;
  }
  Rune rune = DecodeRune(input_.substr(pos_));
  width_ = rune.width;
  pos_ += width_;
  if (rune.value == '\n') ++line_;
  return rune.value;
}

void Scanner::back() {
  pos_ -= width_;
  if (width_ == 1 && input_[pos_] == '\n') --line_;
  width_ = 0;
}

char32_t Scanner::peek() {
  char32_t r = take();
  back();
  return r;
}

bool Scanner::accept(std::string_view valid) {
  char32_t r = take();
  if (r < 0x80 && valid.find(static_cast<char>(r)) != valid.npos) return true;
  back();
  return false;
}

void Scanner::accept_run(std::string_view valid) {
  while (accept(valid)) {
  }
}

void Scanner::ignore() {
  start_ = pos_;
  start_line_ = line_;
}

Item Scanner::make(Token token) {
  Item item{token, start_, start_line_, std::string(input_.substr(start_, pos_ - start_))};
  start_ = pos_;
  start_line_ = line_;
  return item;
}

Item Scanner::fail(std::string message) {
  state_ = State::Done;
  return {Token::Error, start_, start_line_, std::move(message)};
}

bool Scanner::at_right_delim(bool *trim) const {
  std::string_view rest = input_.substr(pos_);
  *trim = RightTrim(rest) && rest.substr(2).starts_with(kRight);
  return *trim || rest.starts_with(kRight);
}

bool Scanner::at_terminator() {
  char32_t r = peek();
  if (IsBlank(r)) return true;
  switch (r) {
    case kEnd:
    case '.':
    case ',':
    case '|':
    case ':':
    case ')':
    case '(':
      return true;
  }
  return input_.substr(pos_).starts_with(kRight);
}

Item Scanner::next() {
  Item item;
  for (;;) {
    switch (state_) {
      case State::Text:
        if (scan_text(&item)) return item;
        break;
      case State::LeftDelim:
        if (scan_left_delim(&item)) return item;
        break;
      case State::Inside:
        return scan_inside();
      case State::RightDelim:
        return scan_right_delim();
      case State::Done:
        return {Token::End, pos_, line_, ""};
    }
  }
}

// Text up to the next action. False: there was none; the state has moved on.
bool Scanner::scan_text(Item *item) {
  size_t at = input_.find(kLeft, pos_);
  size_t end = at == input_.npos ? input_.size() : at;
  size_t trimmed = end;
  if (at != input_.npos && LeftTrim(input_.substr(at + 2)))
    while (trimmed > start_ && kSpaces.find(input_[trimmed - 1]) != kSpaces.npos) --trimmed;
  state_ = at == input_.npos ? State::Done : State::LeftDelim;
  bool any = trimmed > start_;
  for (size_t i = start_; i < trimmed; ++i) line_ += input_[i] == '\n';
  pos_ = static_cast<uint32_t>(trimmed);
  if (any) *item = make(Token::Text);
  for (size_t i = trimmed; i < end; ++i) line_ += input_[i] == '\n';
  pos_ = static_cast<uint32_t>(end);
  ignore();
  return any;
}

bool Scanner::scan_left_delim(Item *item) {
  bool trim = LeftTrim(input_.substr(pos_ + 2));
  if (input_.substr(pos_ + 2 + (trim ? 2 : 0)).starts_with("/*")) {
    pos_ += 2 + (trim ? 2 : 0);
    ignore();
    return scan_comment(item);
  }
  pos_ += 2;
  *item = make(Token::LeftDelim);
  if (trim) pos_ += 1, take();
  ignore();
  parens_ = 0;
  state_ = State::Inside;
  return true;
}

// A comment makes no token. True: it makes an error.
bool Scanner::scan_comment(Item *item) {
  size_t end = input_.find("*/", pos_ + 2);
  if (end == input_.npos) {
    *item = fail("unclosed comment");
    return true;
  }
  for (size_t i = pos_; i < end; ++i) line_ += input_[i] == '\n';
  pos_ = static_cast<uint32_t>(end + 2);
  bool trim;
  if (!at_right_delim(&trim)) {
    *item = fail("comment ends before closing delimiter");
    return true;
  }
  if (trim) take(), ++pos_;
  pos_ += 2;
  if (trim) accept_run(kSpaces);
  ignore();
  state_ = State::Text;
  return false;
}

Item Scanner::scan_right_delim() {
  bool trim;
  at_right_delim(&trim);
  if (trim) {
    take();
    ++pos_;
    ignore();
  }
  pos_ += 2;
  Item item = make(Token::RightDelim);
  if (trim) {
    accept_run(kSpaces);
    ignore();
  }
  state_ = State::Text;
  return item;
}

Item Scanner::scan_inside() {
  bool trim;
  if (at_right_delim(&trim)) {
    if (parens_ != 0) return fail("unclosed left paren");
    return scan_right_delim();
  }
  char32_t r = take();
  switch (r) {
    case kEnd:
      return fail("unclosed action");
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      back();
      return scan_space();
    case '=':
      return make(Token::Assign);
    case ':':
      return take() == '=' ? make(Token::Declare) : fail("expected :=");
    case '|':
      return make(Token::Pipe);
    case '"':
      return scan_quoted('"', Token::String, "unterminated quoted string");
    case '\'':
      return scan_quoted('\'', Token::CharConstant, "unterminated character constant");
    case '`':
      return scan_raw();
    case '$':
      return at_terminator() ? make(Token::Variable) : scan_name(Token::Variable);
    case '(':
      ++parens_;
      return make(Token::LeftParen);
    case ')':
      --parens_;  // one too many is the parser's to refuse
      return make(Token::RightParen);
    case '.':
      if (pos_ < input_.size() && (input_[pos_] < '0' || input_[pos_] > '9')) return scan_name(Token::Field);
      break;
  }
  bool digit = r >= '0' && r <= '9';
  if (r == '.' || r == '+' || r == '-' || digit) {
    back();
    return scan_number();
  }
  if (IsWord(r)) {
    back();
    return scan_identifier();
  }
  if (r < 0x80 && r >= 0x20 && r != 0x7f) return make(Token::Char);
  return fail("unrecognized character in action: " + UnicodeName(r));
}

// A run of blanks; the last one may belong to a trimming delimiter.
Item Scanner::scan_space() {
  uint32_t n = 0;
  while (IsBlank(peek())) {
    take();
    ++n;
  }
  std::string_view rest = input_.substr(pos_ - 1);
  if (RightTrim(rest) && rest.substr(2).starts_with(kRight)) {
    --pos_;
    if (input_[pos_] == '\n') --line_;
    if (n == 1) return scan_right_delim();
  }
  return make(Token::Space);
}

Item Scanner::scan_identifier() {
  char32_t r;
  while (IsWord(r = take())) {
  }
  back();
  if (!at_terminator()) return fail("bad character " + UnicodeName(r));
  std::string_view word = input_.substr(start_, pos_ - start_);
  for (const Keyword &keyword : kKeywords)
    if (keyword.text == word) return make(keyword.token);
  return make(word == "true" || word == "false" ? Token::Bool : Token::Identifier);
}

// A field or variable whose '.' or '$' was taken.
Item Scanner::scan_name(Token token) {
  if (at_terminator()) return make(token == Token::Field ? Token::Dot : token);
  char32_t r;
  while (IsWord(r = take())) {
  }
  back();
  if (!at_terminator()) return fail("bad character " + UnicodeName(r));
  return make(token);
}

Item Scanner::scan_quoted(char32_t quote, Token token, std::string_view unterminated) {
  for (;;) {
    char32_t r = take();
    if (r == '\\') {
      r = take();
      if (r == kEnd || r == '\n') return fail(std::string(unterminated));
      continue;
    }
    if (r == kEnd || r == '\n') return fail(std::string(unterminated));
    if (r == quote) return make(token);
  }
}

Item Scanner::scan_raw() {
  for (;;) {
    char32_t r = take();
    if (r == kEnd) return fail("unterminated raw quoted string");
    if (r == '`') return make(Token::RawString);
  }
}

Item Scanner::scan_number() {
  bool ok = scan_digits();
  char32_t sign = ok ? peek() : 0;
  if (sign == '+' || sign == '-') ok = scan_digits() && input_[pos_ - 1] == 'i';
  if (!ok) return fail("bad number syntax: " + GoQuote(input_.substr(start_, pos_ - start_)));
  return make(Token::Number);
}

bool Scanner::scan_digits() {
  accept("+-");
  std::string_view digits = "0123456789_";
  bool decimal = true, hex = false;
  if (accept("0")) {
    if (accept("xX"))
      digits = "0123456789abcdefABCDEF_", decimal = false, hex = true;
    else if (accept("oO"))
      digits = "01234567_", decimal = false;
    else if (accept("bB"))
      digits = "01_", decimal = false;
  }
  accept_run(digits);
  if (accept(".")) accept_run(digits);
  if ((decimal && accept("eE")) || (hex && accept("pP"))) {
    accept("+-");
    accept_run("0123456789_");
  }
  accept("i");
  if (IsWord(peek())) {
    take();
    return false;
  }
  return true;
}

}  // namespace tick::tmpl
