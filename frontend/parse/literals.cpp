// literals.cpp - the values of literal tokens, and what can be wrong with them.
#include "frontend/parse/literals.h"

#include <re2/re2.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace tick {
namespace {

std::optional<int64_t> ReadInt(std::string_view digits, int base) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<double> ReadFloat(std::string_view text) {
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  // strtod, for it tells too small (0 is right) from too large.
  double value = std::strtod(std::string(text).c_str(), nullptr);
  if (std::isinf(value)) return std::nullopt;
  return value;
}

// Go's wording of RE2's errors; both are the same engine.
std::string_view RegexError(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape: return "invalid escape sequence";
    case RE2::ErrorBadCharClass: return "invalid character class";
    case RE2::ErrorBadCharRange: return "invalid character class range";
    case RE2::ErrorMissingBracket: return "missing closing ]";
    case RE2::ErrorMissingParen: return "missing closing )";
    case RE2::ErrorUnexpectedParen: return "unexpected )";
    case RE2::ErrorTrailingBackslash: return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument: return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize: return "invalid repeat count";
    case RE2::ErrorRepeatOp: return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp: return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8: return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture: return "invalid named capture";
    case RE2::ErrorPatternTooLarge: return "expression too large";
    default: return "cannot be compiled";
  }
}

void CheckRegex(const Tokens &tokens, size_t i, Diagnostics &diagnostics) {
  std::string pattern = ReadRegex(tokens.text(i));
  RE2 regex(pattern, RE2::Quiet);
  if (regex.ok()) return;
  std::string part = regex.error_arg().substr(0, 200);
  std::string what = std::string(RegexError(regex.error_code()));
  SourceRange range = tokens.range(i);
  // Mark the part RE2 names; unescaped slashes would shift the bytes.
  size_t found = tokens.text(i).find(part);
  if (!part.empty() && pattern.size() + 2 == tokens.text(i).size() && found != std::string_view::npos)
    range = {range.begin + static_cast<uint32_t>(found), range.begin + static_cast<uint32_t>(found + part.size())};
  Diagnostic &d = diagnostics.report(DiagId::BadRegex, range, {what});
  d.kapacitor = "parser: error parsing regexp: " + what + ": `" + regex.error_arg() + "`";
  if (regex.error_code() == RE2::ErrorBadPerlOp)
    d.hint = "these expressions have no look-ahead, look-behind or back reference";
}

void CheckNumber(const Tokens &tokens, size_t i, Diagnostics &diagnostics) {
  std::string text(tokens.text(i));
  if (ReadNumber(text, tokens.dialect())) return;
  bool ascii = text.find_first_not_of("0123456789.") == std::string::npos;
  bool octal = text.size() > 1 && text[0] == '0' && text.find('.') == std::string::npos;
  std::string why = !ascii  ? "only the digits 0 to 9 make numbers"
                    : octal ? "a leading 0 makes it octal, which has the digits 0 to 7 and 64 bits"
                    : text.find('.') == std::string::npos ? "an int ends at 9223372036854775807"
                                                          : "a float ends at 1.8 times 10 to the 308";
  Diagnostic &d = diagnostics.report(DiagId::BadNumber, tokens.range(i), {text.substr(0, 60), why});
  d.kapacitor = "parser: illegal number syntax: \"" + text + "\"";
  if (ascii && octal) d.hint = "write `" + text.substr(std::min(text.find_first_not_of('0'), text.size() - 1)) + "`";
  else if (ascii && text.find('.') == std::string::npos) d.hint = "write `" + text.substr(0, 60) + ".0` for a float";
}

void CheckDuration(const Tokens &tokens, size_t i, Diagnostics &diagnostics) {
  std::string text(tokens.text(i));
  if (ReadDuration(text)) return;
  std::string why = text.find('.') != std::string::npos ? "it takes whole numbers; use a smaller unit"
                                                        : "its number must be an int of 64 bits";
  diagnostics.report(DiagId::BadDuration, tokens.range(i), {text.substr(0, 60), why}).kapacitor =
      "parser: invalid duration";
}

}  // namespace

std::optional<NumberValue> ReadNumber(std::string_view text, ast::Dialect dialect) {
  NumberValue number;
  bool has_dot = text.find('.') != std::string_view::npos;
  bool modern = dialect == ast::Dialect::Modern;
  if (!has_dot) {
    number.octal = modern && text.size() > 1 && text[0] == '0';
    std::optional<int64_t> value = ReadInt(text, number.octal ? 8 : 10);
    if (value) {
      number.int_value = *value;
      return number;
    }
    if (modern) return std::nullopt;
  }
  std::optional<double> value = ReadFloat(text);
  if (!value) return std::nullopt;
  number.is_int = number.octal = false;
  number.float_value = *value;
  return number;
}

std::optional<int64_t> ReadDuration(std::string_view text) {
  constexpr uint64_t kMicro = 1000, kMilli = 1000 * kMicro, kSecond = 1000 * kMilli, kMinute = 60 * kSecond;
  size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  std::string_view unit = text.substr(digits);
  std::optional<int64_t> count = ReadInt(text.substr(0, digits), 10);
  uint64_t scale = unit == "u" || unit == "\xc2\xb5" ? kMicro
                   : unit == "ms"                    ? kMilli
                   : unit == "s"                     ? kSecond
                   : unit == "m"                     ? kMinute
                   : unit == "h"                     ? 60 * kMinute
                   : unit == "d"                     ? 24 * 60 * kMinute
                   : unit == "w"                     ? 7 * 24 * 60 * kMinute
                                                     : 0;
  if (!count || scale == 0) return std::nullopt;
  return static_cast<int64_t>(static_cast<uint64_t>(*count) * scale);
}

std::string ReadQuoted(std::string_view text) {
  if (text.starts_with("'''")) return std::string(text.substr(3, text.size() - 6));
  char quote = text[0];
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && text[i + 1] == quote && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string ReadRegex(std::string_view text) {
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && text[i + 1] == '/' && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

void CheckLiteral(const Tokens &tokens, size_t i, Diagnostics &diagnostics) {
  switch (tokens.kind(i)) {
    case TickLexer::NUMBER: return CheckNumber(tokens, i, diagnostics);
    case TickLexer::DURATION: return CheckDuration(tokens, i, diagnostics);
    case TickLexer::REGEX: return CheckRegex(tokens, i, diagnostics);
    default: return;
  }
}

}  // namespace tick
