// json.cpp - prints JSON as Go's encoder does.
#include "runtime/daemon/json.h"

#include <algorithm>

#include "runtime/text/go_float.h"
#include "runtime/text/go_json.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

void Print(const Json &value, int depth, bool pretty, std::string *out);

void NewLine(int depth, bool pretty, std::string *out) {
  if (!pretty) return;
  *out += '\n';
  out->append(static_cast<size_t>(depth) * 4, ' ');
}

void PrintItems(const Json &value, int depth, bool pretty, std::string *out) {
  const bool object = value.is_object();
  *out += object ? '{' : '[';
  bool first = true;
  for (auto item = value.begin(); item != value.end(); ++item) {
    if (!first) *out += ',';
    first = false;
    NewLine(depth + 1, pretty, out);
    if (object) {
      AppendJsonString(*out, item.key());
      *out += pretty ? ": " : ":";
    }
    Print(*item, depth + 1, pretty, out);
  }
  if (!first) NewLine(depth, pretty, out);
  *out += object ? '}' : ']';
}

void Print(const Json &value, int depth, bool pretty, std::string *out) {
  switch (value.type()) {
    case Json::value_t::object:
    case Json::value_t::array: return PrintItems(value, depth, pretty, out);
    case Json::value_t::string: return AppendJsonString(*out, value.get_ref<const std::string &>());
    case Json::value_t::number_float:
      if (!AppendJsonFloat(*out, value.get<double>())) *out += "null";
      return;
    default: *out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

}  // namespace

std::string PrettyJson(const Json &value) {
  std::string out;
  Print(value, 0, true, &out);
  return out;
}

std::string CompactJson(const Json &value) {
  std::string out;
  Print(value, 0, false, &out);
  return out;
}

Json SortedKeys(const Json &object) {
  std::vector<std::string> keys;
  for (auto item = object.begin(); item != object.end(); ++item) keys.push_back(item.key());
  std::sort(keys.begin(), keys.end());
  Json sorted = Json::object();
  for (const std::string &key : keys) sorted[key] = object[key];
  return sorted;
}

const Json *Member(const Json &object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const Json *found = nullptr;
  auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); };
  for (auto item = object.begin(); item != object.end(); ++item)
    if (item.key().size() == name.size() && std::equal(name.begin(), name.end(), item.key().begin(), same)) found = &*item;
  return found;
}

Response JsonResponse(const Json &value, int status) {
  Response response;
  response.status = status;
  response.body = PrettyJson(value);
  return response;
}

Response ErrorResponse(int status, const std::string &text, const Json &extra) {
  Json body = {{"error", text}, {"message", text}};
  if (!extra.is_null()) body["diagnostics"] = extra;
  return JsonResponse(body, status);
}

Response NoContent() {
  Response response;
  response.status = 204;
  return response;
}

std::string TimeText(int64_t ns) { return ns == 0 ? "0001-01-01T00:00:00Z" : Rfc3339(ns); }

Json SelfLink(const std::string &href) { return {{"rel", "self"}, {"href", href}}; }

}  // namespace tick
