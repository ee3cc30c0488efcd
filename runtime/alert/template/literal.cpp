// literal.cpp - reads the constants of templates as Go's strconv does.
#include "runtime/alert/template/literal.h"

#include <charconv>
#include <cmath>

#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct Char {
  char32_t value = 0;
  bool byte = false;  // \x and octal escapes of strings give a byte, not a rune
};

bool TakeDigits(std::string_view *rest, int digits, int base, uint32_t *out) {
  if (rest->size() < static_cast<size_t>(digits)) return false;
  *out = 0;
  for (int i = 0; i < digits; ++i) {
    int digit = HexDigit((*rest)[static_cast<size_t>(i)]);
    if (digit < 0 || digit >= base) return false;
    *out = *out * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
  }
  rest->remove_prefix(static_cast<size_t>(digits));
  return true;
}

// One character of a quoted text, escapes decoded.
bool TakeChar(std::string_view *rest, char quote, Char *out) {
  if (rest->empty() || rest->front() == quote) return false;
  if (rest->front() != '\\') {
    Rune rune = DecodeRune(*rest);
    // An invalid byte stands for itself in the result.
    if (rune.value == kRuneError && rune.width == 1)
      *out = {static_cast<unsigned char>(rest->front()), true};
    else
      *out = {rune.value, false};
    rest->remove_prefix(rune.width);
    return true;
  }
  if (rest->size() < 2) return false;
  char c = (*rest)[1];
  rest->remove_prefix(2);
  uint32_t value = 0;
  switch (c) {
    case 'a':
      *out = {'\a', false};
      return true;
    case 'b':
      *out = {'\b', false};
      return true;
    case 'f':
      *out = {'\f', false};
      return true;
    case 'n':
      *out = {'\n', false};
      return true;
    case 'r':
      *out = {'\r', false};
      return true;
    case 't':
      *out = {'\t', false};
      return true;
    case 'v':
      *out = {'\v', false};
      return true;
    case '\\':
      *out = {'\\', false};
      return true;
    case '\'':
    case '"':
      *out = {static_cast<char32_t>(c), false};
      return c == quote;
    case 'x':
      if (!TakeDigits(rest, 2, 16, &value)) return false;
      *out = {value, true};
      return true;
    case 'u':
    case 'U':
      if (!TakeDigits(rest, c == 'u' ? 4 : 8, 16, &value) || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return false;
      *out = {value, false};
      return true;
    default:
      if (c < '0' || c > '7') return false;
      uint32_t more;
      if (!TakeDigits(rest, 2, 8, &more)) return false;
      value = static_cast<uint32_t>(c - '0') * 64 + more;
      *out = {value, true};
      return value <= 255;
  }
}

bool ParseChar(std::string_view text, Number *number, std::string *error) {
  std::string_view rest = text.substr(1);
  Char c;
  if (!TakeChar(&rest, '\'', &c)) {
    *error = "invalid syntax";
    return false;
  }
  if (rest != "'") {
    *error = "malformed character constant: " + std::string(text);
    return false;
  }
  number->is_int = number->is_float = true;
  number->i = static_cast<int64_t>(c.value);
  number->f = static_cast<double>(c.value);
  return true;
}

// Removes a base prefix and underscores: what is left is digits of the base. False: not an integer.
bool Digits(std::string_view text, int *base, std::string *digits) {
  *base = 10;
  if (text.size() > 1 && text[0] == '0') {
    switch (text[1] | 0x20) {
      case 'x':
        *base = 16;
        break;
      case 'o':
        *base = 8;
        break;
      case 'b':
        *base = 2;
        break;
    }
    text.remove_prefix(*base == 10 ? 1 : 2);
    if (*base == 10) *base = 8;
  }
  for (char c : text)
    if (c != '_') *digits += c;
  return !digits->empty();
}

enum class Parsed : uint8_t { No, Yes, Unsigned };

Parsed ParseInteger(std::string_view text, int64_t *out) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  int base;
  std::string digits;
  if (!Digits(text, &base, &digits)) return Parsed::No;
  uint64_t value;
  auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (failure != std::errc() || end != digits.data() + digits.size()) return Parsed::No;
  if (value > static_cast<uint64_t>(INT64_MAX) + negative) return negative ? Parsed::No : Parsed::Unsigned;
  *out = static_cast<int64_t>(negative ? 0 - value : value);
  return Parsed::Yes;
}

}  // namespace

bool Unquote(std::string_view quoted, std::string *out) {
  if (quoted.size() < 2) return false;
  char quote = quoted.front();
  std::string_view rest = quoted.substr(1, quoted.size() - 2);
  if (quote == '`') {
    for (char c : rest)
      if (c != '\r') *out += c;  // carriage returns are dropped from raw strings
    return true;
  }
  while (!rest.empty()) {
    Char c;
    if (!TakeChar(&rest, quote, &c)) return false;
    if (c.byte)
      *out += static_cast<char>(c.value);
    else
      AppendRune(*out, c.value);
  }
  return true;
}

bool ParseNumber(std::string_view text, Number *number, std::string *error) {
  if (text[0] == '\'') return ParseChar(text, number, error);
  Parsed parsed = ParseInteger(text, &number->i);
  if (parsed == Parsed::Yes) {
    number->is_int = number->is_float = true;
    number->f = static_cast<double>(number->i);
    return true;
  }
  double value;
  bool is_float = ParseGoFloat(text, &value) == NumberError::None;
  if (parsed == Parsed::Unsigned) {
    number->overflows = true;
    number->is_float = true;
    number->f = is_float ? value : 0;
    return true;
  }
  if (!is_float) {
    *error = "illegal number syntax: " + GoQuote(text);
    return false;
  }
  if (text.find_first_of(".eEpP") == text.npos) {
    *error = "integer overflow: " + GoQuote(text);
    return false;
  }
  number->is_float = true;
  number->f = value;
  if (std::fabs(value) < 9.2e18 && std::trunc(value) == value) {
    number->is_int = true;
    number->i = static_cast<int64_t>(value);
  }
  return true;
}

}  // namespace tick::tmpl
