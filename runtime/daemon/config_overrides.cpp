// config_overrides.cpp - changes of the configuration at run time.
#include "runtime/daemon/config_overrides.h"

#include <algorithm>

#include "runtime/daemon/config_values.h"

namespace tick {
namespace {

constexpr const char *kKind = "override";

Json Defaults(const SectionSpec &spec) { return Json::parse(spec.defaults); }

// An element that a request adds. Only InfluxDB's begin from defaults; none is on before it says so.
Json FreshElement(const SectionSpec &spec, const std::string &key) {
  Json element = spec.name == "influxdb" ? Defaults(spec) : ZeroElement(spec.name, Defaults(spec));
  for (const char *flag : {"enabled", "default"})
    if (element.contains(flag)) element[flag] = false;
  element[std::string(spec.element_key)] = key;
  return element;
}

std::string GoTypeOf(const Json &value) {
  if (value.is_null()) return "<nil>";
  if (value.is_boolean()) return "bool";
  if (value.is_array()) return "[]interface {}";
  return value.is_object() ? "map[string]interface {}" : "float64";
}

Refusal NotApplied(const std::string &text) { return {400, "failed to apply update: " + text, nullptr}; }

}  // namespace

std::string ConfigOverrides::key_of(const SectionSpec &spec, const Json &element) {
  return spec.element_key.empty() ? "" : element.value(std::string(spec.element_key), "");
}

std::vector<Json> ConfigOverrides::merged(const SectionSpec &spec, const Overrides &overrides) const {
  std::vector<Json> elements = file_.elements(spec.name);
  for (const auto &[key, override] : overrides)
    if (override.create) elements.push_back(FreshElement(spec, key));
  for (Json &element : elements)
    if (auto found = overrides.find(key_of(spec, element)); found != overrides.end())
      for (auto option = found->second.options.begin(); option != found->second.options.end(); ++option)
        element[option.key()] = *option;
  return elements;
}

void ConfigOverrides::load(Config *config, Log &log) {
  std::lock_guard lock(mutex_);
  for (const auto &[id, text] : store_.list(kKind)) {
    size_t slash = id.find('/');
    Json stored = Json::parse(text, nullptr, false);
    const SectionSpec *spec = slash == std::string::npos ? nullptr : FindSection(id.substr(0, slash));
    if (!spec || !stored.is_object()) continue;
    Overrides tried = overrides_[std::string(spec->name)];
    tried[id.substr(slash + 1)] = {stored.value("create", false), stored.value("options", Json::object())};
    std::vector<Json> elements = merged(*spec, tried);
    if (std::string error = CheckSection(spec->name, elements); !error.empty()) {
      log.error("failed to apply a stored override of the configuration", {{"service", "config-override"}, {"id", id}, {"err", error}});
      continue;
    }
    overrides_[std::string(spec->name)] = std::move(tried);
    config->set_elements(spec->name, std::move(elements));
  }
}

void ConfigOverrides::on_change(std::string section, Apply apply) {
  std::lock_guard lock(mutex_);
  listeners_.emplace_back(std::move(section), std::move(apply));
}

std::optional<std::map<std::string, Json>> ConfigOverrides::section(std::string_view name) const {
  const SectionSpec *spec = FindSection(name);
  if (!spec || !spec->overridable) return std::nullopt;
  std::lock_guard lock(mutex_);
  auto overrides = overrides_.find(name);
  std::map<std::string, Json> elements;
  for (Json &element : merged(*spec, overrides == overrides_.end() ? Overrides() : overrides->second)) {
    std::string key = key_of(*spec, element);
    elements.insert_or_assign(std::move(key), std::move(element));
  }
  if (elements.empty()) return std::nullopt;
  return elements;
}

// Lays the change's options over the element's override.
std::string ConfigOverrides::set_options(const SectionSpec &spec, const std::string &element, const ConfigChange &change, Override *to) const {
  const Json defaults = Defaults(spec);
  const Json &given = change.add.empty() ? change.set : change.add;
  std::string unknown;
  for (auto option = SortedKeys(given); const auto &item : option.items())
    if (!defaults.contains(item.key())) unknown += (unknown.empty() ? "" : " ") + item.key();
  if (!unknown.empty()) return "unknown options [" + unknown + "] in section " + std::string(spec.name);
  for (const auto &item : given.items()) {
    if (item.key() == spec.element_key && !spec.element_key.empty()) {
      if (change.add.empty() && item.value() != Json(element)) return "cannot override element key " + item.key();
      continue;
    }
    std::string error = ConvertOption(item.key(), defaults[item.key()], item.value(), &to->options[item.key()]);
    if (!error.empty()) return "cannot set option " + item.key() + ": " + error;
  }
  for (const std::string &option : change.restore) to->options.erase(option);
  return "";
}

// What the section's overrides become.
Refusal ConfigOverrides::edit(const SectionSpec &spec, const ConfigChange &change, Overrides *edited) const {
  for (const std::string &element : change.remove) edited->erase(element);
  std::string element = change.element;
  if (!change.add.empty()) {
    if (spec.element_key.empty()) return NotApplied("section \"" + change.section + "\" is not a list, cannot add new element");
    auto key = change.add.find(std::string(spec.element_key));
    if (key == change.add.end()) return NotApplied("missing key \"" + std::string(spec.element_key) + "\" in \"add\" map");
    if (!key->is_string())
      return NotApplied("expected \"" + std::string(spec.element_key) + "\" key to be a string, got " + GoTypeOf(*key));
    element = key->get<std::string>();
    bool in_file = false;
    for (const Json &each : file_.elements(spec.name)) in_file |= key_of(spec, each) == element;
    (*edited)[element] = {!in_file, Json::object()};
  }
  if (change.add.empty() && change.set.empty() && change.restore.empty()) return {};
  std::string error = set_options(spec, element, change, &(*edited)[element]);
  const std::string doing = "failed to override configuration " + change.section + "/" + element + ": ";
  if (!error.empty()) return {400, doing + error, nullptr};
  if (const Override &left = (*edited)[element]; left.options.empty() && !left.create) edited->erase(element);
  error = CheckSection(change.section, merged(spec, *edited));
  return error.empty() ? Refusal() : Refusal{400, doing + "failed validation: " + error, nullptr};
}

std::string ConfigOverrides::tell(const std::string &section, const std::vector<Json> &elements) const {
  for (const auto &[wanted, apply] : listeners_)
    if (wanted.empty() || wanted == section)
      if (std::string error = apply(section, elements); !error.empty()) return error;
  return "";
}

std::string ConfigOverrides::keep(const std::string &section, const Overrides &before, const Overrides &after) {
  return store_.transaction([&] {
    std::string error;
    for (const auto &[element, override] : before)
      if (error.empty() && !after.count(element)) error = store_.erase(kKind, section + "/" + element);
    for (const auto &[element, override] : after)
      if (error.empty())
        error = store_.put(kKind, section + "/" + element, CompactJson({{"create", override.create}, {"options", override.options}}));
    return error;
  });
}

Refusal ConfigOverrides::change(const ConfigChange &change) {
  std::lock_guard lock(mutex_);
  const SectionSpec *spec = FindSection(change.section);
  if (spec && !spec->overridable) spec = nullptr;
  const std::string place = change.section + "/" + change.element;
  Overrides before = overrides_[change.section], after = before;
  bool exists = false;
  if (spec)
    for (const Json &element : merged(*spec, before)) exists |= key_of(*spec, element) == change.element;
  if (!spec && !change.add.empty()) return NotApplied("unknown section \"" + change.section + "\"");
  // Of what there is not, every option is unknown.
  if (!change.set.empty() && !exists) {
    std::string options;
    for (const Json keys = SortedKeys(change.set); const auto &item : keys.items()) options += (options.empty() ? "" : " ") + item.key();
    return {400, "failed to override configuration " + place + ": unknown options [" + options + "] in section " + change.section, nullptr};
  }
  if (!spec) return change.remove.empty() && change.restore.empty() ? Refusal() : NotApplied("unknown section \"" + change.section + "\"");
  if (change.add.empty() && change.remove.empty() && !exists) return {};
  if (Refusal refusal = edit(*spec, change, &after)) return refusal;
  std::string error = tell(change.section, merged(*spec, after));
  if (error.empty()) error = keep(change.section, before, after);
  if (!error.empty()) {
    tell(change.section, merged(*spec, before));
    return {500, "failed to update configuration " + place + ": " + error, nullptr};
  }
  overrides_[change.section] = std::move(after);
  return {};
}

}  // namespace tick
