// config.cpp - reads and prints the configuration tree.
#include "runtime/daemon/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <set>

#include "runtime/daemon/config_values.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

const std::vector<Json> kNone;
// Tables whose keys are free, and sections that are read past (discovery services that are not built).
const std::set<std::string, std::less<>> kFreeSections = {"udf",   "azure", "consul",    "dns",
                                                          "gce",   "marathon", "nerve", "serverset", "triton"};

Json ToJson(const toml::node &node) {
  if (const auto *text = node.as_string()) return text->get();
  if (const auto *number = node.as_integer()) return number->get();
  if (const auto *number = node.as_floating_point()) return number->get();
  if (const auto *flag = node.as_boolean()) return flag->get();
  if (const auto *list = node.as_array()) {
    Json items = Json::array();
    for (const toml::node &item : *list) items.push_back(ToJson(item));
    return items;
  }
  Json object = Json::object();
  if (const auto *table = node.as_table())
    for (const auto &[key, value] : *table) object[std::string(key.str())] = ToJson(value);
  return object;
}

Json Defaults(const SectionSpec &spec) { return Json::parse(spec.defaults); }

// Whether a value of the file fits where the default has `like`.
std::string Misfit(const Json &like, const Json &given) {
  if (like.is_null() || like.is_object() || like.is_array()) return given.is_primitive() && !given.is_null() ? "a list or table" : "";
  if (like.is_boolean()) return given.is_boolean() ? "" : "true or false";
  if (IsDurationOption(like)) {
    int64_t ns;
    bool zero = given.is_number_integer() && given.get<int64_t>() == 0;
    if (zero || (given.is_string() && (given.get<std::string>().empty() || ParseGoDuration(given.get<std::string>(), &ns)))) return "";
    return "a duration such as \"10s\" or \"1m30s\"";
  }
  if (like.is_string()) return given.is_string() ? "" : "a string";
  return given.is_number() ? "" : "a number";
}

}  // namespace

Config::Config() {
  top_ = {{"hostname", "localhost"}, {"data_dir", ""}, {"skip-config-overrides", false}, {"default-retention-policy", ""}};
  for (const SectionSpec &spec : ConfigSections()) {
    std::vector<Json> &elements = sections_[std::string(spec.name)];
    if (spec.listed_by_default) elements.push_back(Defaults(spec));
  }
}

std::string Config::read_file(const std::string &path) {
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error &error) {
    if (error.source().begin.line == 0 || std::strstr(error.description().data(), "could not be opened"))
      return "open " + path + ": no such file or directory";
    return path + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description());
  }
  auto where = [&](const toml::node &node) { return path + ":" + std::to_string(node.source().begin.line) + ": "; };
  for (const auto &[key_text, node] : file) {
    std::string key(key_text.str());
    if (top_.contains(key)) {
      std::string wanted = Misfit(top_[key], ToJson(node));
      if (!wanted.empty()) return where(node) + key + " must be " + wanted;
      top_[key] = ToJson(node);
      continue;
    }
    if (kFreeSections.count(key)) {
      free_[key] = ToJson(node);
      continue;
    }
    const SectionSpec *spec = FindSection(key);
    if (!spec) {
      warnings_.push_back(where(node) + "unknown section or key " + key + " is ignored");
      continue;
    }
    std::vector<const toml::table *> tables;
    if (const auto *table = node.as_table()) tables.push_back(table);
    if (const auto *list = node.as_array())
      for (const toml::node &item : *list)
        if (item.as_table()) tables.push_back(item.as_table());
    if (tables.empty()) return where(node) + key + " must be a table: write [" + key + "] above its options";
    const Json defaults = Defaults(*spec);
    std::vector<Json> elements;
    for (const toml::table *table : tables) {
      Json element = tables.size() > 1 && !spec->element_key.empty() ? ZeroElement(key, defaults) : defaults;
      for (const auto &[option_text, value] : *table) {
        std::string option(option_text.str());
        if (!defaults.contains(option)) {
          warnings_.push_back(where(value) + "unknown key " + option + " in [" + key + "] is ignored");
          continue;
        }
        Json given = ToJson(value);
        std::string wanted = Misfit(defaults[option], given);
        if (!wanted.empty()) return where(value) + option + " in [" + key + "] must be " + wanted;
        if (option == "excluded-subscriptions" && element[option].is_object() && given.is_object())
          element[option].update(given);
        else if (!IsDurationOption(defaults[option]) || !given.is_string() || !given.get<std::string>().empty())
          element[option] = given.is_number_integer() && IsDurationOption(defaults[option]) ? Json("0s") : given;
      }
      elements.push_back(std::move(element));
    }
    sections_[key] = std::move(elements);
  }
  return "";
}

const Json *Config::option(std::string_view section, std::string_view option) const {
  if (section.empty()) return top_.contains(std::string(option)) ? &top_[std::string(option)] : nullptr;
  auto found = sections_.find(section);
  if (found == sections_.end() || found->second.empty()) return nullptr;
  const Json &element = found->second.front();
  auto value = element.find(std::string(option));
  return value == element.end() ? nullptr : &*value;
}

std::string Config::text(std::string_view section, std::string_view name) const {
  const Json *value = option(section, name);
  return value && value->is_string() ? value->get<std::string>() : "";
}
bool Config::flag(std::string_view section, std::string_view name) const {
  const Json *value = option(section, name);
  return value && value->is_boolean() && value->get<bool>();
}
int64_t Config::integer(std::string_view section, std::string_view name) const {
  const Json *value = option(section, name);
  return value && value->is_number() ? value->get<int64_t>() : 0;
}
double Config::number(std::string_view section, std::string_view name) const {
  const Json *value = option(section, name);
  return value && value->is_number() ? value->get<double>() : 0;
}
int64_t Config::duration_ns(std::string_view section, std::string_view name) const {
  int64_t ns = 0;
  ParseGoDuration(text(section, name), &ns);
  return ns;
}
const std::vector<Json> &Config::elements(std::string_view section) const {
  auto found = sections_.find(section);
  return found == sections_.end() ? kNone : found->second;
}
const Json &Config::free_table(std::string_view section) const {
  static const Json kNothing;
  auto found = free_.find(section);
  return found == free_.end() ? kNothing : found->second;
}
void Config::set(std::string_view section, std::string_view name, Json value) {
  if (section.empty()) top_[std::string(name)] = std::move(value);
  else if (auto found = sections_.find(section); found != sections_.end() && !found->second.empty())
    found->second.front()[std::string(name)] = std::move(value);
}
void Config::set_elements(std::string_view section, std::vector<Json> elements) {
  sections_[std::string(section)] = std::move(elements);
}

namespace {

std::string EnvironmentName(std::string_view text) {
  std::string name(text);
  for (char &c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// A variable's text as a value of the option's type; an error text where it does not fit.
std::string Convert(const std::string &variable, const std::string &text, Json *option) {
  auto fail = [&](const char *type) {
    return "failed to apply " + variable + " to its option using type " + type + " and value '" + text + "'";
  };
  if (option->is_boolean()) {
    if (text == "1" || text == "t" || text == "T" || text == "true" || text == "TRUE" || text == "True") *option = true;
    else if (text == "0" || text == "f" || text == "F" || text == "false" || text == "FALSE" || text == "False") *option = false;
    else return fail("bool");
  } else if (option->is_number_float()) {
    double value;
    if (ParseGoFloat(text, &value) != NumberError::None) return fail("float64");
    *option = value;
  } else if (option->is_number()) {
    int64_t value;
    if (ParseGoInt(text, &value) != NumberError::None) return fail("int");
    *option = value;
  } else if (IsDurationOption(*option)) {
    int64_t ns;
    if (!ParseGoDuration(text, &ns)) return "failed to unmarshal env var: time: invalid duration " + GoQuote(text);
    *option = GoDuration(ns);
  } else if (option->is_string()) {
    *option = text;
  }
  return "";
}

std::string ApplyTo(Json *value, const std::string &name, const std::map<std::string, std::string> &variables) {
  if (value->is_array()) {
    for (size_t i = 0; i < value->size(); ++i) {
      std::string error = ApplyTo(&(*value)[i], name + "_" + std::to_string(i), variables);
      if (!error.empty()) return error;
    }
    return "";
  }
  auto found = variables.find(name);
  if (found == variables.end()) return "";
  return Convert(name, found->second, value);
}

}  // namespace

std::string Config::read_environment(char **environment) {
  std::map<std::string, std::string> variables;
  for (; environment && *environment; ++environment) {
    std::string_view entry = *environment;
    size_t equals = entry.find('=');
    if (entry.rfind("KAPACITOR_", 0) == 0 && equals != std::string_view::npos && equals + 1 < entry.size())
      variables[std::string(entry.substr(0, equals))] = entry.substr(equals + 1);
  }
  for (auto item = top_.begin(); item != top_.end(); ++item) {
    std::string error = ApplyTo(&*item, "KAPACITOR_" + EnvironmentName(item.key()), variables);
    if (!error.empty()) return error;
  }
  for (auto &[name, elements] : sections_) {
    bool list = !FindSection(name)->element_key.empty();
    for (size_t i = 0; i < elements.size(); ++i)
      for (auto item = elements[i].begin(); item != elements[i].end(); ++item) {
        std::string prefix = "KAPACITOR_" + EnvironmentName(name) + (list ? "_" + std::to_string(i) : "");
        std::string error = ApplyTo(&*item, prefix + "_" + EnvironmentName(item.key()), variables);
        if (!error.empty()) return error;
      }
  }
  return "";
}

namespace {

void AppendToml(const Json &value, std::string *out) {
  if (value.is_string()) {
    *out += value.dump();
  } else if (value.is_array()) {
    *out += "[";
    for (size_t i = 0; i < value.size(); ++i) {
      if (i > 0) *out += ", ";
      AppendToml(value[i], out);
    }
    *out += "]";
  } else if (value.is_object()) {
    *out += "{";
    bool first = true;
    const Json sorted = SortedKeys(value);  // as they come when they are read
    for (auto item = sorted.begin(); item != sorted.end(); ++item) {
      *out += (first ? " " : ", ") + Json(item.key()).dump() + " = ";
      AppendToml(*item, out);
      first = false;
    }
    *out += " }";
  } else {
    *out += value.dump();
  }
}

void AppendOptions(const Json &options, const char *indent, std::string *out) {
  for (auto item = options.begin(); item != options.end(); ++item) {
    if (item->is_null()) continue;
    *out += indent + item.key() + " = ";
    AppendToml(*item, out);
    *out += "\n";
  }
}

}  // namespace

std::string Config::toml() const {
  std::string out;
  AppendOptions(top_, "", &out);
  for (const SectionSpec &spec : ConfigSections()) {
    for (const Json &element : elements(spec.name)) {
      out += spec.element_key.empty() ? "\n[" + std::string(spec.name) + "]\n" : "\n[[" + std::string(spec.name) + "]]\n";
      AppendOptions(element, "  ", &out);
    }
  }
  return out;
}

}  // namespace tick
