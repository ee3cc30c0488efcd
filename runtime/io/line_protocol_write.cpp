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

}  // namespace

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
