// line_protocol_write.cpp - points as lines (daemon.md 1.4): recordings, influxDBOut.
#include <charconv>
#include <cmath>

#include "runtime/io/line_protocol.h"

namespace tick {
namespace {

void AppendEscaped(std::string &out, std::string_view text, std::string_view escaped) {
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
    default: out += std::to_string(value.as.i) + "i"; break;
  }
}

}  // namespace

void AppendLine(std::string &out, const Series &series, const Fields &fields, int64_t time, Precision precision) {
  out += SeriesKey(series);
  char separator = ' ';
  for (const Field &field : fields) {
    out += separator;
    AppendEscaped(out, *field.name, ",= \"");
    out += '=';
    AppendValue(out, field.value);
    separator = ',';
  }
  if (time != 0) out += " " + std::to_string(time / NanosecondsOf(precision));
  out += '\n';
}

}  // namespace tick
