// options.cpp - options of a script's call or of a topic handler's JSON become one and the same object.
#include <strings.h>

#include <set>

#include "runtime/services/service.h"
#include "runtime/text/go_duration.h"

namespace tick {
namespace {

const Json kNull = nullptr;

Json Plain(const tick_arg &arg) {
  switch (arg.type) {
    case TICK_BOOL:
      return arg.as.b != 0;
    case TICK_INT:
    case TICK_DURATION:
      return arg.as.i;
    case TICK_FLOAT:
      return arg.as.f;
    case TICK_STRING:
      return std::string(View(arg.as.s));
    default:
      return nullptr;
  }
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    size_t space = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

void AppendList(Json *list, const tick_arg *args, uint32_t count) {
  if (!list->is_array()) *list = Json::array();
  for (uint32_t i = 0; i < count; ++i) list->push_back(Plain(args[i]));
}

// What a call of `option`'s property adds to the options.
void Apply(const OptionSpec &option, const tick_arg *args, uint32_t count, Json *options) {
  std::string name(option.name);
  switch (option.type) {
    case OptionType::Flag:
      (*options)[name] = count == 0 || Plain(args[0]) == Json(true);
      return;
    case OptionType::Texts:
      return AppendList(&(*options)[name], args, count);
    case OptionType::TextMap:
    case OptionType::AnyMap:
      if (count == 2 && args[0].type == TICK_STRING) (*options)[name][std::string(View(args[0].as.s))] = Plain(args[1]);
      return;
    case OptionType::Records: {
      Json record = Json::object();
      std::vector<std::string> keys = Words(option.words);
      for (uint32_t i = 0; i < count && i < keys.size(); ++i) record[keys[i]] = Plain(args[i]);
      (*options)[name].push_back(std::move(record));
      return;
    }
    default:
      if (count > 0) (*options)[name] = Plain(args[0]);
  }
}

std::string GoTypeOf(const Json &value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  if (value.is_number()) return "float64";
  if (value.is_array()) return "[]interface {}";
  return "map[string]interface {}";
}

std::string Expected(std::string_view name, std::string_view type, const Json &value) {
  return "'" + std::string(name) + "' expected type '" + std::string(type) + "', got unconvertible type '" + GoTypeOf(value) + "'";
}

// Checks that every member of a list or object is a text.
std::string NotTexts(const OptionSpec &option, const Json &value) {
  size_t i = 0;
  for (auto item = value.begin(); item != value.end(); ++item, ++i)
    if (!item->is_string())
      return Expected(std::string(option.name) + "[" + (value.is_array() ? std::to_string(i) : item.key()) + "]", "string", *item);
  return "";
}

std::string DecodeRecords(const OptionSpec &option, const Json &given, Json *value) {
  if (!given.is_array()) return "'" + std::string(option.name) + "': source data must be an array or slice, got map";
  *value = Json::array();
  std::vector<std::string> keys = Words(option.words);
  for (size_t i = 0; i < given.size(); ++i) {
    std::string place = std::string(option.name) + "[" + std::to_string(i) + "]";
    if (!given[i].is_object()) return "'" + place + "' expected a map, got '" + GoTypeOf(given[i]) + "'";
    Json record = Json::object();
    for (auto item = given[i].begin(); item != given[i].end(); ++item) {
      const std::string *key = nullptr;
      for (const std::string &known : keys)
        if (strcasecmp(known.c_str(), item.key().c_str()) == 0) key = &known;
      if (!key) return "'" + place + "' has invalid keys: " + item.key();
      if (!item->is_string()) return Expected(place + "." + *key, "string", *item);
      record[*key] = *item;
    }
    value->push_back(std::move(record));
  }
  return "";
}

std::string DecodeChoice(const OptionSpec &option, const Json &given, Json *value) {
  std::vector<std::string> words = Words(option.words);
  for (size_t i = 0; given.is_string() && i < words.size(); ++i)
    if (given == Json(words[i])) return *value = static_cast<int64_t>(i), "";
  return option.refusal.empty() ? Expected(option.name, "string", given) : std::string(option.refusal);
}

// One option's value; an error text where its type is another.
std::string Decode(const OptionSpec &option, const Json &given, Json *value) {
  *value = given;
  switch (option.type) {
    case OptionType::Text:
      return given.is_string() ? "" : Expected(option.name, "string", given);
    case OptionType::Flag:
      return given.is_boolean() ? "" : Expected(option.name, "bool", given);
    case OptionType::Int:
      if (given.is_number()) *value = given.get<int64_t>();
      return given.is_number() ? "" : Expected(option.name, "int", given);
    case OptionType::Duration:
      if (given.is_number()) *value = given.get<int64_t>();
      return given.is_number() ? "" : Expected(option.name, "time.Duration", given);
    case OptionType::Texts:
      if (given.is_string()) return *value = Json::array({given}), "";
      if (!given.is_array()) return "'" + std::string(option.name) + "': source data must be an array or slice, got map";
      return NotTexts(option, given);
    case OptionType::TextMap:
      if (!given.is_object()) return "'" + std::string(option.name) + "' expected a map, got '" + GoTypeOf(given) + "'";
      return NotTexts(option, given);
    case OptionType::AnyMap:
      return given.is_object() ? "" : "'" + std::string(option.name) + "' expected a map, got '" + GoTypeOf(given) + "'";
    case OptionType::Records:
      return DecodeRecords(option, given, value);
    case OptionType::Choice:
      return DecodeChoice(option, given, value);
  }
  return "";
}

const Json &At(const Json &options, std::string_view name) {
  if (!options.is_object()) return kNull;
  auto found = options.find(std::string(name));
  return found == options.end() ? kNull : *found;
}

}  // namespace

std::string OptionText(const Json &options, std::string_view name) {
  const Json &value = At(options, name);
  return value.is_string() ? value.get<std::string>() : "";
}

std::string OptionText(const Json &options, std::string_view name, const std::string &otherwise) {
  std::string text = OptionText(options, name);
  return text.empty() ? otherwise : text;
}

bool OptionFlag(const Json &options, std::string_view name) {
  const Json &value = At(options, name);
  return value.is_boolean() && value.get<bool>();
}

int64_t OptionInt(const Json &options, std::string_view name) {
  const Json &value = At(options, name);
  return value.is_number() ? value.get<int64_t>() : 0;
}

int64_t OptionDuration(const Json &options, std::string_view name) {
  const Json &value = At(options, name);
  int64_t ns = 0;
  if (value.is_string()) ParseGoDuration(value.get<std::string>(), &ns);
  return value.is_number() ? value.get<int64_t>() : ns;
}

std::vector<std::string> OptionTexts(const Json &options, std::string_view name) {
  std::vector<std::string> texts;
  const Json &value = At(options, name);
  if (value.is_array())
    for (const Json &item : value)
      if (item.is_string()) texts.push_back(item.get<std::string>());
  return texts;
}

const Json &OptionObject(const Json &options, std::string_view name) {
  const Json &value = At(options, name);
  return value.is_structured() ? value : kNull;
}

Json ScriptOptions(const ServiceSpec &spec, const tick_property &call) {
  Json options = Json::object();
  for (const OptionSpec &option : spec.options)
    if (option.property == kOfCall) Apply(option, call.args, call.n_args, &options);
    else if (option.property == kOfRest && call.n_args > 0) Apply(option, call.args + 1, call.n_args - 1, &options);
  for (uint32_t i = 0; i < call.n_properties; ++i)
    for (const OptionSpec &option : spec.options)
      if (option.property == call.properties[i].name)
        Apply(option, call.properties[i].args, call.properties[i].n_args, &options);
  return options;
}

bool DecodeOptions(const ServiceSpec &spec, const Json &given, Json *options, std::string *error) {
  *options = Json::object();
  if (given.is_null()) return true;
  std::set<std::string> wrong;  // sorted, as mapstructure lists them
  std::string unknown;
  auto decode = [&](const std::string &key, const Json &value) {
    for (const OptionSpec &option : spec.options) {
      if (option.name.empty() || strncasecmp(option.name.data(), key.c_str(), option.name.size()) != 0 || key.size() != option.name.size())
        continue;
      Json decoded;
      std::string refusal = value.is_null() ? "" : Decode(option, value, &decoded);
      if (!refusal.empty()) wrong.insert(refusal);
      if (!value.is_null()) (*options)[std::string(option.name)] = std::move(decoded);
      return;
    }
    unknown += (unknown.empty() ? "" : ", ") + key;
  };
  if (!given.is_object()) wrong.insert("'' expected a map, got '" + GoTypeOf(given) + "'");
  else
    for (auto item = given.begin(); item != given.end(); ++item) decode(item.key(), *item);
  if (!unknown.empty()) wrong.insert("'' has invalid keys: " + unknown);
  if (wrong.empty()) return true;
  *error = "failed to decode options into *" + std::string(spec.go_type) + ": " + std::to_string(wrong.size()) + " error(s) decoding:\n";
  for (const std::string &text : wrong) *error += "\n* " + text;
  return false;
}

}  // namespace tick
