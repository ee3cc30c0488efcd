// line_protocol.cpp - the grammar of a line, byte by byte.
//
// The order of checks decides which reason a line with several faults gets: key, fields from left to right,
// lengths, time.
#include "runtime/io/line_protocol.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace tick {
namespace {

constexpr size_t kMaxKeySize = 65535;
constexpr int64_t kMinTime = -9223372036854775806, kMaxTime = 9223372036854775806;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\0'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

size_t SkipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

// --- the key -----------------------------------------------------------------------------------------

// The first `stop` or (if `other`) `other` from `at` on that no backslash precedes.
size_t FindUnescaped(std::string_view text, size_t at, char stop, char other) {
  while (at < text.size() && !((text[at] == stop || text[at] == other) && (at == 0 || text[at - 1] != '\\'))) ++at;
  return at;
}

const char *ScanTag(std::string_view text, size_t *at, std::vector<std::string_view> *keys) {
  size_t i = *at, start = i;
  if (i >= text.size() || text[i] == ' ' || text[i] == ',' || text[i] == '=') return "missing tag key";
  for (++i;; ++i) {
    bool escaped = text[i - 1] == '\\';
    if (i >= text.size() || ((text[i] == ' ' || text[i] == ',') && !escaped)) return "missing tag value";
    if (text[i] == '=' && !escaped) break;
  }
  keys->push_back(text.substr(start, i - start));
  ++i;
  if (i >= text.size() || text[i] == ',' || text[i] == ' ') return "missing tag value";
  for (++i;; ++i) {
    if (i >= text.size()) return "missing fields";
    bool escaped = text[i - 1] == '\\';
    if (text[i] == '=' && !escaped) return "invalid tag format";
    if ((text[i] == ',' || text[i] == ' ') && !escaped) break;
  }
  *at = i;
  return nullptr;
}

// Finds the end of the key: the index of the blank behind it.
std::string ScanKey(std::string_view text, size_t *end) {
  if (text.empty() || text[0] == ',') return "missing measurement";
  size_t at = 1;
  while (at < text.size() && (text[at - 1] == '\\' || (text[at] != ',' && text[at] != ' '))) ++at;
  if (at >= text.size()) return "missing fields";
  std::vector<std::string_view> keys;
  while (text[at] == ',') {
    ++at;
    if (const char *reason = ScanTag(text, &at, &keys)) return reason;
  }
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return "duplicate tags";
  *end = at;
  return "";
}

// --- the fields --------------------------------------------------------------------------------------

// A number too long or too odd to be good by its form alone.
bool FloatOverflows(std::string_view text, bool *valid) {
  double value;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  *valid = end == text.data() + text.size() && code != std::errc::invalid_argument;
  if (code != std::errc::result_out_of_range) return false;
  return std::abs(std::strtod(std::string(text).c_str(), nullptr)) > 1;  // what is too small becomes 0
}

std::string IntError(std::string_view text) {
  int64_t value;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size()) return "";
  std::string quoted(text);
  return "unable to parse integer " + quoted + ": strconv.ParseInt: parsing \"" + quoted + "\": value out of range";
}

// A number from *at on, up to a comma, a space or the end.
std::string ScanNumber(std::string_view text, size_t *at) {
  size_t start = *at, i = start;
  while (i < text.size() && text[i] != ',' && text[i] != ' ') ++i;
  std::string_view number = text.substr(start, i - start);
  *at = i;
  bool negative = number[0] == '-', is_int = number.size() > 1 && number.back() == 'i';
  std::string_view digits = number.substr(negative);
  if (is_int) digits.remove_suffix(1);
  size_t points = 0, count = 0;
  bool exponent = false;
  for (size_t k = 0; k < digits.size(); ++k) {
    char c = digits[k];
    if (IsDigit(c)) ++count;
    else if (c == '.') ++points;
    else if (c == 'e' || c == 'E') exponent = true;
    else if (!((c == '+' || c == '-') && k > 0 && (digits[k - 1] == 'e' || digits[k - 1] == 'E'))) return "invalid number";
  }
  if (points > 1 || (is_int && (points > 0 || exponent))) return "invalid number";
  if (count == 0 && !exponent) return "invalid number";
  if (is_int) return number.size() - 1 >= 19 ? IntError(number.substr(0, number.size() - 1)) : "";
  if (!exponent && number.size() < 25) return "";
  bool valid;
  return FloatOverflows(number, &valid) || !valid ? "invalid float" : "";
}

std::string ScanBool(std::string_view text, size_t *at) {
  size_t end = *at + 1;
  while (end < text.size() && text[end] != ',' && text[end] != ' ') ++end;
  std::string_view word = text.substr(*at, end - *at);
  for (std::string_view good : {"t", "T", "true", "True", "TRUE", "f", "F", "false", "False", "FALSE"})
    if (word == good) {
      *at = end;
      return "";
    }
  return "invalid boolean";
}

// Checks the field section that begins at `start`; *end: the index behind it.
std::string ScanFields(std::string_view text, size_t start, size_t *end) {
  bool quoted = false;
  size_t equals = 0, commas = 0, i = start;
  while (i < text.size()) {
    char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      i += 2;
      continue;
    }
    if (c == '"' && equals > commas) {
      quoted = !quoted;
      ++i;
      continue;
    }
    if (c == '=' && !quoted) {
      ++equals;
      // A key is there unless its place begins right here: behind the blank or an unescaped comma.
      if (i == start || (text[i - 1] == ',' && text[i - 2] != '\\') || (text[i - 1] == ' ' && text[i - 2] != '\\'))
        return "missing field key";
      if (i + 1 >= text.size() || text[i + 1] == ',' || text[i + 1] == ' ') return "missing field value";
      char first = text[i + 1];
      if (first != '"') {
        ++i;
        bool number = IsDigit(first) || first == '.' || first == '-' || first == 'N' || first == 'n';
        std::string reason = number ? ScanNumber(text, &i) : ScanBool(text, &i);
        if (!reason.empty()) return reason;
        continue;
      }
    }
    if (c == ',' && !quoted) ++commas;
    if (c == ' ' && !quoted) break;
    ++i;
  }
  if (quoted) return "unbalanced quotes";
  if (equals == 0 || commas != equals - 1) return "invalid field format";
  *end = i;
  return "";
}

std::string CheckLengths(std::string_view key, std::string_view fields) {
  size_t at = 0;
  RawField field;
  if (key.size() + 4 + fields.size() <= kMaxKeySize) return "";
  while (NextField(fields, &at, &field))
    if (size_t size = key.size() + 4 + field.name.size(); size > kMaxKeySize)
      return "max key length exceeded: " + std::to_string(size) + " > " + std::to_string(kMaxKeySize);
  return "";
}

// --- the time ----------------------------------------------------------------------------------------

std::string ScanTime(std::string_view text, size_t at, Precision precision, RawLine *out) {
  at = SkipBlanks(text, at);
  size_t start = at;
  for (; at < text.size() && text[at] != '\n' && text[at] != ' '; ++at)
    if (!IsDigit(text[at]) && !(at == start && text[at] == '-')) return "bad timestamp";
  std::string_view digits = text.substr(start, at - start);
  if (digits.empty()) return "";
  int64_t time = 0;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), time);
  if (code != std::errc()) {
    const char *what = code == std::errc::result_out_of_range ? "value out of range" : "invalid syntax";
    return "strconv.ParseInt: parsing \"" + std::string(digits) + "\": " + what;
  }
  if (__builtin_mul_overflow(time, NanosecondsOf(precision), &time) || time < kMinTime || time > kMaxTime)
    return "time outside range " + std::to_string(kMinTime) + " - " + std::to_string(kMaxTime);
  for (; at < text.size(); ++at)
    if (text[at] != ' ') return "point is invalid";
  out->has_time = true;
  out->time = time;
  return "";
}

// Takes the backslash away before each of `escaped`.
std::string Unescape(std::string_view text, std::string_view escaped) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && escaped.find(text[i + 1]) != std::string_view::npos) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

Precision PrecisionOf(std::string_view word) {
  if (word == "u") return Precision::Microseconds;
  if (word == "ms") return Precision::Milliseconds;
  if (word == "s") return Precision::Seconds;
  if (word == "m") return Precision::Minutes;
  if (word == "h") return Precision::Hours;
  return Precision::Nanoseconds;
}

int64_t NanosecondsOf(Precision precision) {
  constexpr int64_t kUnits[] = {1, 1000, 1'000'000, 1'000'000'000, 60'000'000'000, 3'600'000'000'000};
  return kUnits[static_cast<size_t>(precision)];
}

size_t LineEnd(std::string_view body, size_t at) {
  bool fields = false, quoted = false;
  size_t equals = 0, commas = 0;
  while (at < body.size()) {
    char c = body[at];
    if (c == '\\' && at + 2 < body.size()) {
      at += 2;
      continue;
    }
    if (c == '\n' && !quoted) return at;
    if (c == ' ') fields = true;
    if (fields) {
      if (c == '=' && !quoted) ++equals;
      else if (c == ',' && !quoted) ++commas;
      else if (c == '"' && equals > commas) quoted = !quoted;
    }
    ++at;
  }
  return body.size();
}

std::string_view PointText(std::string_view line) {
  line.remove_prefix(SkipBlanks(line, 0));
  return !line.empty() && line[0] == '#' ? std::string_view() : line;
}

std::string ParsePoint(std::string_view point, Precision precision, RawLine *out) {
  size_t at = 0;
  std::string reason = ScanKey(point, &at);
  if (!reason.empty()) return reason;
  out->key = point.substr(0, at);
  if (at > kMaxKeySize)
    return "max key length exceeded: " + std::to_string(at) + " > " + std::to_string(kMaxKeySize);
  size_t start = SkipBlanks(point, at), end = start;
  reason = ScanFields(point, start, &end);
  if (!reason.empty()) return reason;
  out->fields = point.substr(start, end - start);
  reason = CheckLengths(out->key, out->fields);
  return reason.empty() ? ScanTime(point, end, precision, out) : reason;
}

void ParseKey(std::string_view key, std::string *measurement, Tags *tags) {
  size_t at = 1;
  while (at < key.size() && (key[at - 1] == '\\' || key[at] != ',')) ++at;
  *measurement = Unescape(key.substr(0, at), ", =\"");
  tags->clear();
  while (at < key.size()) {
    size_t equals = FindUnescaped(key, at + 1, '=', '=');
    size_t end = FindUnescaped(key, equals + 2, ',', ',');
    end = std::min(end, key.size());
    tags->push_back({Intern(Unescape(key.substr(at + 1, equals - at - 1), ", =")),
                     Unescape(key.substr(equals + 1, end - equals - 1), ", =")});
    at = end;
  }
  std::sort(tags->begin(), tags->end(), [](const Tag &a, const Tag &b) { return NameLess(a.key, b.key); });
}

bool NextField(std::string_view fields, size_t *at, RawField *out) {
  size_t start = *at;
  if (start >= fields.size()) return false;
  size_t equals = FindUnescaped(fields, start, '=', '=');
  bool quoted = false;
  size_t i = std::min(equals + 1, fields.size());
  size_t begin = i;
  for (; i < fields.size() && (quoted || fields[i] != ','); ++i) {
    if (fields[i] == '\\' && i + 1 < fields.size() && (fields[i + 1] == '"' || fields[i + 1] == '\\')) ++i;
    else if (fields[i] == '"') quoted = !quoted;
  }
  i = std::min(i, fields.size());
  out->name = fields.substr(start, equals - start);
  out->value = fields.substr(begin, i - begin);
  *at = i + 1;
  std::string_view &value = out->value;
  if (value.empty()) {
    out->type = Type::Missing;
  } else if (value[0] == '"') {
    out->type = Type::String;
    value = value.substr(1, value.size() < 2 ? 0 : value.size() - 2);
  } else if (IsDigit(value[0]) || value[0] == '-' || value[0] == '.') {
    out->type = value.back() == 'i' ? Type::Int : Type::Float;
    if (out->type == Type::Int) value.remove_suffix(1);
  } else {
    out->type = Type::Bool;
  }
  return true;
}

Value ConvertField(const RawField &field, Arena &arena) {
  const char *begin = field.value.data(), *end = begin + field.value.size();
  switch (field.type) {
    case Type::Int: {
      int64_t value = 0;
      std::from_chars(begin, end, value);
      return MakeInt(value);
    }
    case Type::Float: {
      double value = 0;
      if (std::from_chars(begin, end, value).ec == std::errc::result_out_of_range)
        value = std::strtod(std::string(field.value).c_str(), nullptr);
      return MakeFloat(value);
    }
    case Type::Bool: return MakeBool(field.value[0] == 't' || field.value[0] == 'T');
    case Type::String:
      if (field.value.find('\\') == std::string_view::npos) return MakeString(field.value);
      return MakeString(arena.copy(Unescape(field.value, "\"\\")));
    default: return MakeMissing();
  }
}

std::string UnescapeFieldName(std::string_view name) { return Unescape(name, ", =\""); }

}  // namespace tick
