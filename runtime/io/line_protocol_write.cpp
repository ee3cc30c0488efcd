// line_protocol_write.cpp - points as lines (daemon.md 1.4): recordings, influxDBOut.
#include <charconv>
#include <cmath>

#include "runtime/io/line_protocol.h"

namespace tick {
namespace {

void AppendEscaped(std::string &out, std::string_view text, std::string_view escaped) {
  if (text.find_first_of(escaped) == std::string_view::npos) {
    out += text;
    return;
  }
  for (char c : text) {
    if (escaped.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

void AppendFloat(std::string &out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value < 0 ? "-Inf" : "+Inf";
  } else {
    char digits[400];  // plain digits of the largest and of the smallest double fit
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
  }
}

void AppendValue(std::string &out, const Value &value) {
  switch (TypeOf(value)) {
    case Type::Missing: break;
    case Type::Bool: out += value.as.b ? "true" : "false"; break;
    case Type::Float: AppendFloat(out, value.as.f); break;
    case Type::String:
      out += '"';
      AppendEscaped(out, StringOf(value), "\"\\");
      out += '"';
      break;
    default:
      AppendInt(out, value.as.i);
      out += 'i';
      break;
  }
}

bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

// Where a number ends that is written as AppendValue writes it; null where it is not, or is too long to tell.
const char *CanonicalNumber(const char *p, const char *end) {
  constexpr int kExact = 15;
  bool negative = *p == '-';
  p += negative;
  const char *from = p;
  while (p < end && IsDigit(*p)) ++p;
  if (p == from || (*from == '0' && (p - from > 1 || negative))) return nullptr;
  if (p < end && *p == '.') {
    const char *point = p++;
    while (p < end && IsDigit(*p)) ++p;
    if (p - point < 2 || p[-1] == '0') return nullptr;
  } else if (p < end && *p == 'i') {
    return p - from <= kExact ? p + 1 : nullptr;
  }
  return p - from <= kExact ? p : nullptr;
}

const char *CanonicalValue(const char *p, const char *end) {
  if (p == end) return nullptr;
  if (*p == '"') {
    for (++p; p < end && *p != '"'; ++p)
      if (*p == '\\') return nullptr;
    return p < end ? p + 1 : nullptr;
  }
  if (*p == 't') return std::string_view(p, static_cast<size_t>(end - p)).starts_with("true") ? p + 4 : nullptr;
  if (*p == 'f') return std::string_view(p, static_cast<size_t>(end - p)).starts_with("false") ? p + 5 : nullptr;
  return CanonicalNumber(p, end);
}

}  // namespace

bool IsCanonical(std::string_view fields) {
  const char *p = fields.data(), *end = p + fields.size();
  std::string_view before;
  while (p < end) {
    const char *name = p;
    while (p < end && *p != '=' && *p != '\\' && *p != '"') ++p;
    if (p == end || *p != '=') return false;
    std::string_view now(name, static_cast<size_t>(p - name));
    if (name != fields.data() && !(before < now)) return false;
    before = now;
    p = CanonicalValue(p + 1, end);
    if (!p || (p < end && *p != ',')) return false;
    if (p < end && ++p == end) return false;
  }
  return !fields.empty();
}

void AppendInt(std::string &out, int64_t value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void AppendFields(std::string &out, const Fields &fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    AppendEscaped(out, *fields[i].name, ",= \"");
    out += '=';
    AppendValue(out, fields[i].value);
  }
}

void AppendLine(std::string &out, const Series &series, const Fields &fields, int64_t time, Precision precision) {
  out += SeriesKey(series);
  if (!fields.empty()) out += ' ';
  AppendFields(out, fields);
  if (time != 0) out += " " + std::to_string(time / NanosecondsOf(precision));
  out += '\n';
}

}  // namespace tick
