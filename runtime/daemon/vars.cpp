// vars.cpp - variables of tasks in requests (http-api.md 6).
#include <set>

#include "runtime/daemon/tasks.h"
#include "runtime/text/go_duration.h"

namespace tick {
namespace {

constexpr int kBadRequest = 400;
const std::set<std::string, std::less<>> kTypes = {"bool",     "int",    "float", "string", "regex",
                                                   "duration", "lambda", "list",  "star"};

Refusal Invalid(const std::string &name, const std::string &why) {
  return {kBadRequest, "invalid var " + name + ": " + why, nullptr};
}
Refusal Undecodable() { return {kBadRequest, "invalid JSON", nullptr}; }

// A value of a type whose JSON decides already whether the body decodes.
Refusal ReadScalar(const std::string &type, const Json &value, Json *out) {
  if (type == "int") {
    if (!value.is_number_integer()) return Undecodable();
    *out = value;
  } else if (type == "float") {
    if (!value.is_number()) return Undecodable();
    *out = value.get<double>();
  } else {
    int64_t ns = 0;
    if (value.is_number_integer()) ns = value.get<int64_t>();
    else if (!value.is_string() || !ParseDuration(value.get<std::string>(), &ns)) return Undecodable();
    *out = ns;
  }
  return {};
}

Refusal ReadText(const std::string &name, const std::string &type, const Json &value, Json *out) {
  *out = value;
  if (type == "bool" && value.is_boolean()) return {};
  if (type != "bool" && value.is_string()) return {};
  if (value.is_string()) return Invalid(name, "unexpected var type " + type + ", value is a string");
  if (value.is_boolean()) return Invalid(name, "mismatched type and value: bool " + type);
  if (value.is_null()) return Invalid(name, "unsupported Var type <nil>.");
  return Invalid(name, "unsupported Var type json.Number.");
}

Refusal ReadVar(const std::string &name, const Json &var, bool in_list, Json *out);

Refusal ReadList(const std::string &name, const Json &value, Json *out) {
  if (!value.is_array()) return Undecodable();
  *out = Json::array();
  for (const Json &item : value) {
    Json read;
    if (!item.is_object()) return Undecodable();
    if (Refusal refusal = ReadVar(name, item, true, &read)) return refusal;
    out->push_back(std::move(read));
  }
  return {};
}

Refusal ReadVar(const std::string &name, const Json &var, bool in_list, Json *out) {
  if (!var.is_object()) return Undecodable();
  const Json *type = Member(var, "type"), *value = Member(var, "value"), *description = Member(var, "description");
  if (!type || !type->is_string() || kTypes.count(type->get<std::string>()) == 0)
    return type ? Undecodable() : Invalid(name, "unexpected var type unknown, value is a string");
  std::string word = type->get<std::string>();
  Json read = nullptr, given = value ? *value : Json(nullptr);
  Refusal refusal;
  if (word == "star") read = nullptr;
  else if (word == "list") refusal = in_list ? Undecodable() : ReadList(name, given, &read);
  else if (word == "int" || word == "float" || word == "duration")
    refusal = in_list ? Invalid(name, "unsupported Var type json.Number.") : ReadScalar(word, given, &read);
  else refusal = ReadText(name, word, given, &read);
  if (refusal) return refusal;
  std::string text = description && description->is_string() && !in_list ? description->get<std::string>() : "";
  *out = {{"type", word}, {"value", read}, {"description", text}};
  return {};
}

}  // namespace

Refusal ReadVars(const Json &vars, Json *out) {
  *out = Json::object();
  if (vars.is_null()) return {};
  if (!vars.is_object()) return Undecodable();
  Json sorted = SortedKeys(vars);
  for (auto var = sorted.begin(); var != sorted.end(); ++var) {
    Json read;
    if (Refusal refusal = ReadVar(var.key(), *var, false, &read)) return refusal;
    (*out)[var.key()] = std::move(read);
  }
  return {};
}

}  // namespace tick
