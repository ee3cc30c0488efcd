// vars_json.cpp - JSON to variables: decoding first, then what only a task's build notices.
#include "frontend/check/vars_json.h"

#include <nlohmann/json.hpp>

#include "frontend/parse/parse.h"

namespace tick::check {
namespace {

using nlohmann::json;

constexpr std::pair<std::string_view, Type> kTypeWords[] = {
    {"bool", Type::Bool},     {"int", Type::Int},     {"float", Type::Float},
    {"string", Type::String}, {"regex", Type::Regex}, {"duration", Type::Duration},
    {"lambda", Type::Lambda}, {"list", Type::List},   {"star", Type::Star}};

// Reads one variable; `error` is Kapacitor's text where that fails.
class Reader {
 public:
  explicit Reader(Context &context) : context_(context) {}

  bool read(const json &object, GivenVar *var, std::string *error) {
    if (!object.is_object()) return fail(error, "expected an object with type and value");
    std::string word = object.value("type", json()).is_string() ? object["type"].get<std::string>() : "";
    var->type = VarTypeOf(word);
    if (var->type == Type::Invalid) return fail(error, "unknown VarType " + word);
    json value = object.contains("value") ? object["value"] : json();
    return convert(value, word, var->type, &var->value, error);
  }

 private:
  static bool fail(std::string *error, std::string text) {
    *error = std::move(text);
    return false;
  }

  bool convert(const json &value, const std::string &word, Type type, Value *out, std::string *error) {
    switch (type) {
      case Type::Int:
        if (!value.is_number_integer() || value > json(INT64_MAX)) return fail(error, "expected int value");
        *out = MakeInt(value.get<int64_t>());
        return true;
      case Type::Float:
        if (!value.is_number()) return fail(error, "expected float value");
        *out = MakeFloat(value.get<double>());
        return true;
      case Type::Duration:
        return duration(value, out, error);
      case Type::Bool:
        if (!value.is_boolean()) return wrong_kind(value, word, error);
        *out = MakeBool(value.get<bool>());
        return true;
      case Type::List:
        return list(value, out, error);
      case Type::Star:
        *out = MakeKind(ValueKind::Star);
        return true;
      default:
        break;
    }
    if (!value.is_string()) return wrong_kind(value, word, error);
    std::string text = value.get<std::string>();
    if (type == Type::String) *out = MakeString(std::move(text));
    if (type == Type::Regex) return regex(std::move(text), out, error);
    return type != Type::Lambda || lambda(text, out, error);
  }

  static bool wrong_kind(const json &value, const std::string &word, std::string *error) {
    if (value.is_boolean()) return fail(error, "mismatched type and value: bool " + word);
    if (value.is_string()) return fail(error, "unexpected var type " + word + ", value is a string");
    return fail(error, std::string("unsupported Var type ") + (value.is_number() ? "json.Number." : "<nil>."));
  }

  static bool duration(const json &value, Value *out, std::string *error) {
    if (value.is_number_integer()) {
      *out = MakeDuration(value.get<int64_t>());
      return true;
    }
    if (!value.is_string()) return fail(error, "expected int or string value");
    std::string text = value.get<std::string>();
    int64_t ns = 0;
    if (!ParseDurationText(text, &ns)) return fail(error, "invalid duration string \"" + text + "\"");
    *out = MakeDuration(ns);
    return true;
  }

  bool list(const json &value, Value *out, std::string *error) {
    if (!value.is_array()) return fail(error, "expected list of vars");
    *out = MakeKind(ValueKind::List);
    for (const json &item : value) {
      if (!item.is_object() || !item.contains("type")) return fail(error, "expected list type key in object");
      if (!item.contains("value")) return fail(error, "expected list value key in object");
      GivenVar read_item;
      if (!read(item, &read_item, error)) return false;
      out->items.push_back(std::move(read_item.value));
    }
    return true;
  }

  // The parser knows what is wrong with a regex, so it reads the pattern as a literal.
  static bool regex(std::string pattern, Value *out, std::string *error) {
    std::string literal = "/";
    for (char c : pattern) literal += c == '/' ? std::string("\\/") : std::string(1, c);
    Source source{"regex", literal + "/"};
    Diagnostics diagnostics(source);
    if (!pattern.empty() && !ParseLambda(source, diagnostics)) {
      std::string text = diagnostics.kapacitor();
      return fail(error, "invalid regex pattern: " + (text.starts_with("parser: ") ? text.substr(8) : text));
    }
    *out = MakeRegex(std::move(pattern));
    return true;
  }

  static bool lambda(const std::string &text, Value *out, std::string *error) {
    Source source{"lambda", text};
    Diagnostics diagnostics(source);
    ast::NodePtr body = ParseLambda(source, diagnostics);
    if (!body) return fail(error, "invalid lambda expression: " + diagnostics.kapacitor());
    *out = MakeLambda(std::shared_ptr<const ast::Node>(std::move(body)));
    return true;
  }

  Context &context_;
};

}  // namespace

Type VarTypeOf(std::string_view word) {
  for (const auto &[name, type] : kTypeWords)
    if (name == word) return type;
  return Type::Invalid;
}

std::map<std::string, GivenVar> ReadVars(const std::string &text, Context &context) {
  std::map<std::string, GivenVar> vars;
  if (text.empty()) return vars;
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_null()) return vars;
  if (!parsed.is_object()) {
    context.report(DiagId::InvalidVars, {}, {parsed.is_discarded() ? "not JSON" : "not a JSON object"}, "invalid JSON");
    return vars;
  }
  for (const auto &[name, object] : parsed.items()) {
    GivenVar var;
    std::string error;
    if (Reader(context).read(object, &var, &error))
      vars.emplace(name, std::move(var));
    else
      context.report(DiagId::InvalidVars, {}, {"`" + name + "`: " + error}, "invalid var " + name + ": " + error);
  }
  return vars;
}

bool ParseDurationText(std::string_view text, int64_t *ns) {
  constexpr std::pair<std::string_view, uint64_t> kUnits[] = {
      {"ns", 1},          {"ms", 1000000},      {"µ", 1000},           {"u", 1000},           {"s", 1000000000},
      {"m", 60000000000}, {"h", 3600000000000}, {"d", 86400000000000}, {"w", 604800000000000}};
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return false;
  uint64_t total = 0;
  while (!text.empty()) {
    uint64_t number = 0;
    size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      uint64_t digit = static_cast<uint64_t>(text[digits] - '0');
      if (number > (INT64_MAX - digit) / 10) return false;
      number = number * 10 + digit;
    }
    if (digits == 0) return false;
    text.remove_prefix(digits);
    bool found = false;
    for (const auto &[word, unit] : kUnits) {
      if (!text.starts_with(word)) continue;
      total += number * unit;
      text.remove_prefix(word.size());
      found = true;
      break;
    }
    if (!found) return false;
  }
  *ns = static_cast<int64_t>(negative ? 0 - total : total);
  return true;
}

}  // namespace tick::check
