// go_float.cpp - floats as Go prints and reads them, over std::to_chars and std::from_chars.
#include "runtime/text/go_float.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "runtime/text/utf8.h"

namespace tick {
namespace {

// Enough for the longest plain form: 1 sign, 309 digits, 1 point, and as many places as a caller may ask for.
constexpr size_t kBuffer = 1600;

bool AppendSpecial(std::string &out, double value) {
  if (std::isfinite(value)) return false;
  out += std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return true;
}

// Shortest digits in exponent form; the exponent they carry.
std::string_view Scientific(char (&buffer)[kBuffer], double value, int *exponent) {
  char *end = std::to_chars(buffer, buffer + kBuffer, value, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  size_t e = text.rfind('e');
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), end, *exponent);
  return text;
}

// A number of at most six places and fifteen digits, as most measurements are. No two decimals of fifteen digits are the
// same double, so one that reads back has the shortest digits, once zeros at its end are gone.
bool AppendDecimal(std::string &out, double value) {
  constexpr double kPlaces = 1e6;
  double size = std::fabs(value);
  if (!(size < 1e9) || (size == 0 && std::signbit(value))) return false;
  auto n = static_cast<uint64_t>(size * kPlaces + 0.5);
  if (static_cast<double>(n) / kPlaces != size) return false;
  char text[24], *end = text + sizeof text, *at = end;
  auto whole = static_cast<uint32_t>(n / 1'000'000), fraction = static_cast<uint32_t>(n % 1'000'000);
  if (fraction > 0) {
    for (int i = 0; i < 6; ++i, fraction /= 10) *--at = static_cast<char>('0' + fraction % 10);
    while (end[-1] == '0') --end;
    *--at = '.';
  }
  do *--at = static_cast<char>('0' + whole % 10);
  while ((whole /= 10) > 0);
  if (value < 0) *--at = '-';
  out.append(at, end);
  return true;
}

// The shortest digits without an exponent, padded with zeros (std::to_chars would print all digits a large
// number has instead).
void AppendFixed(std::string &out, double value) {
  if (AppendDecimal(out, value)) return;
  char buffer[kBuffer];
  if (std::fabs(value) < 1e15) {  // all digits of such a number are among the shortest that read back
    out.append(buffer, std::to_chars(buffer, buffer + kBuffer, value, std::chars_format::fixed).ptr);
    return;
  }
  int exponent = 0;
  std::string_view text = Scientific(buffer, value, &exponent);
  if (text[0] == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  std::string digits(text.substr(0, text.rfind('e')));
  if (digits.size() > 1) digits.erase(1, 1);
  if (exponent < 0) {
    out += "0.";
    out.append(static_cast<size_t>(-exponent - 1), '0');
    out += digits;
    return;
  }
  size_t whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  out.append(digits, 0, whole);
  if (digits.size() > whole) out.append(1, '.').append(digits, whole);
}

char LowerLetter(char c) { return static_cast<char>(c | 0x20); }

size_t PrefixIgnoringCase(std::string_view text, std::string_view word) {
  size_t n = 0;
  while (n < text.size() && n < word.size() && LowerLetter(text[n]) == word[n]) ++n;
  return n;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (LowerLetter(c) >= 'a' && LowerLetter(c) <= 'f'); }

// Whether each underscore stands between two digits, or behind the prefix of a hex number.
bool UnderscoresFit(std::string_view digits, bool hex) {
  char before = hex ? '0' : '^';
  for (char c : digits) {
    bool digit = hex ? IsHexDigit(c) : IsDigit(c);
    if (c == '_' ? before != '0' : !digit && before == '_') return false;
    before = c == '_' ? '_' : digit ? '0' : '!';
  }
  return before != '_';
}

// Reads digits, a point and an exponent into `plain`, without underscores. False where the text is no number.
bool ScanNumber(std::string_view text, bool hex, std::string &plain) {
  size_t i = 0;
  bool digits = false, point = false;
  for (; i < text.size(); ++i) {
    char c = text[i];
    if (c == '_') continue;
    if (c == '.') {
      if (point) return false;
      point = true;
    } else if (hex ? IsHexDigit(c) : IsDigit(c)) {
      digits = true;
    } else {
      break;
    }
    plain += c;
  }
  if (!digits || !UnderscoresFit(text, hex)) return false;
  if (i == text.size()) return !hex;  // a hex float must have an exponent
  if (LowerLetter(text[i]) != (hex ? 'p' : 'e')) return false;
  plain += text[i++];
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) plain += text[i++];
  if (i == text.size() || !IsDigit(text[i])) return false;
  for (; i < text.size(); ++i) {
    if (text[i] == '_') continue;
    if (!IsDigit(text[i])) return false;
    plain += text[i];
  }
  return true;
}

}  // namespace

void AppendFloat(std::string &out, double value, char format, int precision) {
  if (AppendSpecial(out, value)) return;
  char buffer[kBuffer];
  bool upper = format == 'E' || format == 'G';
  char kind = LowerLetter(format);
  size_t start = out.size();
  if (precision > 1000) precision = 1000;
  if (precision >= 0) {
    std::chars_format how = kind == 'e'   ? std::chars_format::scientific
                            : kind == 'f' ? std::chars_format::fixed
                                          : std::chars_format::general;
    out.append(buffer, std::to_chars(buffer, buffer + kBuffer, value, how, precision).ptr);
  } else if (kind == 'f') {
    AppendFixed(out, value);
  } else {
    int exponent = 0;
    std::string_view text = Scientific(buffer, value, &exponent);
    if (kind == 'g' && exponent >= -4 && exponent < 6) AppendFixed(out, value);
    else out += text;
  }
  if (upper)
    for (size_t i = start; i < out.size(); ++i)
      if (out[i] == 'e') out[i] = 'E';
}

bool AppendJsonFloat(std::string &out, double value) {
  if (!std::isfinite(value)) return false;
  double size = std::fabs(value);
  if (size == 0 || (size >= 1e-6 && size < 1e21)) {
    AppendFixed(out, value);
    return true;
  }
  char buffer[kBuffer];
  int exponent = 0;
  std::string_view text = Scientific(buffer, value, &exponent);
  out += text.substr(0, text.rfind('e') + 2);
  out += std::to_string(std::abs(exponent));
  return true;
}

std::string GoFloat(double value) {
  std::string out;
  AppendFloat(out, value, 'g', -1);
  return out;
}

std::string PlainFloat(double value) {
  std::string out;
  AppendFloat(out, value, 'f', -1);
  return out;
}

NumberError ParseGoFloat(std::string_view text, double *value) {
  std::string_view rest = text;
  bool sign = !rest.empty() && (rest[0] == '+' || rest[0] == '-');
  bool negative = sign && rest[0] == '-';
  if (sign) rest.remove_prefix(1);
  size_t inf = PrefixIgnoringCase(rest, "infinity");
  if ((inf == 3 || inf == 8) && inf == rest.size()) {
    *value = negative ? -HUGE_VAL : HUGE_VAL;
    return NumberError::None;
  }
  if (!sign && rest.size() == 3 && PrefixIgnoringCase(rest, "nan") == 3) {
    *value = std::numeric_limits<double>::quiet_NaN();
    return NumberError::None;
  }
  bool hex = rest.size() > 2 && rest[0] == '0' && LowerLetter(rest[1]) == 'x';
  if (hex) rest.remove_prefix(2);
  std::string plain;
  if (!ScanNumber(rest, hex, plain)) return NumberError::Syntax;
  double magnitude = 0;
  std::from_chars_result result = std::from_chars(plain.data(), plain.data() + plain.size(), magnitude,
                                                  hex ? std::chars_format::hex : std::chars_format::general);
  NumberError error = NumberError::None;
  if (result.ec == std::errc::result_out_of_range) {
    // Either side of what a double holds; only too large is an error.
    magnitude = std::strtod((hex ? "0x" + plain : plain).c_str(), nullptr);
    if (std::isinf(magnitude)) error = NumberError::Range;
  }
  *value = negative ? -magnitude : magnitude;
  return error;
}

NumberError ParseGoInt(std::string_view text, int64_t *value) {
  bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return NumberError::Syntax;
  uint64_t n = 0;
  for (char c : text) {
    if (!IsDigit(c)) return NumberError::Syntax;
    if (__builtin_mul_overflow(n, uint64_t{10}, &n) || __builtin_add_overflow(n, static_cast<uint64_t>(c - '0'), &n))
      return NumberError::Range;
  }
  uint64_t limit = static_cast<uint64_t>(INT64_MAX) + (negative ? 1 : 0);
  if (n > limit) return NumberError::Range;
  *value = static_cast<int64_t>(negative ? 0 - n : n);
  return NumberError::None;
}

std::string NumberErrorText(std::string_view function, std::string_view text, NumberError error) {
  return "strconv." + std::string(function) + ": parsing " + GoQuote(text) + ": " +
         (error == NumberError::Range ? "value out of range" : "invalid syntax");
}

}  // namespace tick
