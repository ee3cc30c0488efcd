// config_values.cpp - conversion of options that requests give.
#include "runtime/daemon/config_values.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "runtime/text/go_duration.h"
#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

const char *KindOf(const Json &value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  if (value.is_number()) return "float64";
  if (value.is_array()) return "slice";
  return value.is_object() ? "map" : "invalid";
}

// As Go's %v shows it.
std::string Shown(const Json &value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "<nil>";
  if (!value.is_structured()) return CompactJson(value);
  std::string out = value.is_array() ? "[" : "map[";
  bool first = true;
  for (auto item = value.begin(); item != value.end(); ++item, first = false) {
    out += first ? "" : " ";
    if (value.is_object()) out += item.key() + ":";
    out += Shown(*item);
  }
  return out + "]";
}

std::string WrongKind(const Json &given, const char *wanted) {
  return std::string("wrong kind ") + KindOf(given) + ", expected value of kind " + wanted + ": " + Shown(given);
}

// Options whose default is nothing: all but these are lists of texts.
bool IsMap(std::string_view name) {
  constexpr std::string_view kMaps[] = {"headers", "subscriptions", "params", "labels", "secrets", "sasl-gssapi", "sasl-oauth-parameters"};
  return std::find(std::begin(kMaps), std::end(kMaps), name) != std::end(kMaps);
}

std::string ConvertNumber(const Json &standard, const Json &given, Json *value) {
  const char *type = standard.is_number_float() ? "float64" : "int";
  if (!given.is_number() && !given.is_string()) return std::string("cannot convert ") + KindOf(given) + " into " + type;
  double number = 0;
  int64_t whole = 0;
  if (given.is_string()) {
    std::string text = given.get<std::string>();
    bool parses = standard.is_number_float() ? ParseGoFloat(text, &number) == NumberError::None : ParseGoInt(text, &whole) == NumberError::None;
    if (!parses) return "cannot convert string " + GoQuote(text) + " into " + type;
  } else {
    number = given.get<double>();
    if (!standard.is_number_float() && (std::trunc(number) != number || std::fabs(number) > 9.0e18))
      return "cannot convert " + Shown(given) + " into " + type;
    whole = given.is_number_integer() ? given.get<int64_t>() : static_cast<int64_t>(number);
  }
  if (standard.is_number_float()) *value = number;
  else *value = whole;
  return "";
}

}  // namespace

bool IsDurationOption(const Json &standard) {
  int64_t ns;
  return standard.is_string() && !standard.get_ref<const std::string &>().empty() &&
         std::isdigit(static_cast<unsigned char>(standard.get_ref<const std::string &>()[0])) &&
         ParseGoDuration(standard.get<std::string>(), &ns);
}

std::string ConvertOption(std::string_view name, const Json &standard, const Json &given, Json *value) {
  *value = given;
  if (standard.is_number()) return ConvertNumber(standard, given, value);
  if (standard.is_boolean()) return given.is_boolean() ? "" : WrongKind(given, "bool");
  if (IsDurationOption(standard)) {
    if (!given.is_string()) return WrongKind(given, "string");
    int64_t ns = 0;
    std::string text = given.get<std::string>();
    if (!text.empty() && !ParseGoDuration(text, &ns)) return "time: invalid duration " + GoQuote(text);
    *value = GoDuration(ns);
    return "";
  }
  if (standard.is_string()) return given.is_string() ? "" : WrongKind(given, "string");
  if (given.is_null()) return "";
  if (standard.is_object() || IsMap(name)) return given.is_object() ? "" : WrongKind(given, "map");
  if (!given.is_array()) return WrongKind(given, "slice");
  for (const Json &item : given)
    if (standard.is_null() && !item.is_string()) return WrongKind(item, "string");
  return "";
}

Json ZeroElement(std::string_view section, const Json &defaults) {
  static const std::set<std::string, std::less<>> kStill = {"udp-buffer", "startup-timeout", "subscription-protocol",
                                                            "subscriptions-sync-interval", "compression", "subscription-mode"};
  Json zero = Json::object();
  for (auto item = defaults.begin(); item != defaults.end(); ++item) {
    if (section == "influxdb" && kStill.count(item.key())) zero[item.key()] = *item;
    else if (item->is_string()) zero[item.key()] = IsDurationOption(*item) ? "0s" : "";
    else if (item->is_boolean()) zero[item.key()] = false;
    else if (item->is_number_float()) zero[item.key()] = 0.0;
    else if (item->is_number()) zero[item.key()] = 0;
    else zero[item.key()] = nullptr;
  }
  return zero;
}

bool IsSet(const Json &value) {
  if (value.is_string()) return !value.get_ref<const std::string &>().empty();
  if (value.is_structured())
    return std::any_of(value.begin(), value.end(), [](const Json &item) { return IsSet(item); });
  return !value.is_null() && value != Json(false) && value != Json(0);
}

}  // namespace tick
