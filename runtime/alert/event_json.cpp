// event_json.cpp - keys in the order Kapacitor writes them.
#include "runtime/alert/event_json.h"

#include <cmath>

#include "runtime/alert/row.h"
#include "runtime/text/go_float.h"
#include "runtime/text/go_json.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

void Key(std::string *out, std::string_view key) {
  *out += out->back() == '{' ? "\"" : ",\"";
  *out += key;
  *out += "\":";
}
void String(std::string *out, std::string_view key, std::string_view text) {
  Key(out, key);
  AppendJsonString(*out, text);
}
void Time(std::string *out, int64_t time) {
  Key(out, "time");
  *out += '"';
  AppendRfc3339(*out, time);
  *out += '"';
}

bool AppendSeries(std::string *out, const AlertEvent &event) {
  *out += "{\"series\":";
  if (!AppendRows(out, event.data, NonFinite::Refuse)) return false;
  *out += '}';
  return true;
}

}  // namespace

std::string_view LevelName(Level level) {
  constexpr std::string_view kNames[] = {"OK", "INFO", "WARNING", "CRITICAL"};
  return kNames[static_cast<size_t>(level)];
}

bool AppendEventJson(std::string *out, const AlertEvent &event) {
  size_t start = out->size();
  bool old = event.dialect == 2;
  *out += '{';
  String(out, "id", event.id);
  String(out, "message", event.message);
  if (!old) String(out, "details", event.details);
  Time(out, event.time);
  if (!old) {
    Key(out, "duration");
    *out += std::to_string(event.duration);
  }
  String(out, "level", LevelName(event.level));
  Key(out, "data");
  if (!AppendSeries(out, event)) {
    out->resize(start);
    return false;
  }
  if (!old) {
    String(out, "previousLevel", LevelName(event.previous_level));
    Key(out, "recoverable");
    *out += event.recoverable ? "true" : "false";
  }
  *out += '}';
  return true;
}

bool AppendEventData(std::string *out, const AlertEvent &event) {
  if (event.dialect != 2) {
    size_t start = out->size();
    if (AppendSeries(out, event)) return true;
    out->resize(start);
    return false;
  }
  size_t start = out->size();
  *out += "{\"Series\":";
  if (!AppendRows(out, event.data, NonFinite::Refuse)) {
    out->resize(start);
    return false;
  }
  *out += ",\"Err\":null}";
  return true;
}

std::string NotFinite(const AlertEvent &event) {
  for (const Row &row : event.data)
    for (const std::vector<Value> &values : row.values)
      for (const Value &value : values)
        if (TypeOf(value) == Type::Float && !std::isfinite(value.as.f)) {
          std::string text = "json: unsupported value: ";
          AppendFloat(text, value.as.f, 'g', -1);
          return text;
        }
  return "";
}

}  // namespace tick
