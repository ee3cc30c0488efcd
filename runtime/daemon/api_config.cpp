// api_config.cpp - the configuration over HTTP (http-api.md 12): sections shown without secrets, changed one at a time.
#include <algorithm>
#include <cctype>

#include "runtime/daemon/api_config.h"
#include "runtime/daemon/config_values.h"

namespace tick {
namespace {

const std::string kConfig = std::string(kBase) + "/config";

// Options that clients of Kapacitor 1.5 do not know: shown once they are set.
constexpr std::pair<std::string_view, std::string_view> kLater[] = {{"slack", "token"}, {"smtp", "to-templates"}};

Response CompactResponse(const Json &value) {
  Response response;
  response.body = CompactJson(value) + "\n";
  return response;
}

std::vector<std::string> Redacted(const SectionSpec &spec) {
  std::vector<std::string> names;
  std::string_view rest = spec.redacted;
  while (!rest.empty()) {
    size_t space = std::min(rest.find(' '), rest.size());
    names.emplace_back(rest.substr(0, space));
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return names;
}

Json ElementJson(const SectionSpec &spec, const std::string &key, Json options) {
  std::vector<std::string> redacted = Redacted(spec);
  for (const auto &[section, option] : kLater) {
    if (section != spec.name || IsSet(options[std::string(option)])) continue;
    options.erase(std::string(option));
    std::erase(redacted, option);
  }
  for (const std::string &name : redacted) options[name] = IsSet(options[name]);
  return {{"link", SelfLink(kConfig + "/" + std::string(spec.name) + "/" + key)},
          {"options", SortedKeys(options)},
          {"redacted", redacted.empty() ? Json(nullptr) : Json(redacted)}};
}

bool IsName(const std::string &text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '+' || c == '_'; });
}

std::string ReadTexts(const Json *value, const char *key, std::vector<std::string> *out) {
  if (!value || value->is_null()) return "";
  bool good = value->is_array() && std::all_of(value->begin(), value->end(), [](const Json &item) { return item.is_string(); });
  if (!good) return std::string(key) + " must be a list of names";
  *out = value->get<std::vector<std::string>>();
  return "";
}

// Reads the body; an error text where it is no update.
std::string ReadChange(const std::string &body, ConfigChange *change) {
  if (body.empty()) return "EOF";
  Json given = Json::parse(body, nullptr, false);
  if (!given.is_object()) return "the body must be an object with set, delete, add or remove";
  for (auto [key, to] : {std::pair("set", &change->set), {"add", &change->add}}) {
    const Json *value = Member(given, key);
    if (!value || value->is_null()) continue;
    if (!value->is_object()) return std::string(key) + " must be an object";
    *to = *value;
  }
  std::string error = ReadTexts(Member(given, "delete"), "delete", &change->restore);
  return error.empty() ? ReadTexts(Member(given, "remove"), "remove", &change->remove) : error;
}

// Whether the parts of a change go together.
std::string CheckChange(const ConfigChange &change, bool names_element) {
  bool edits = !change.set.empty() || !change.restore.empty(), counts = !change.add.empty() || !change.remove.empty();
  if (change.section.empty()) return "must provide section name";
  if (!IsName(change.section)) return "invalid section name \"" + change.section + "\"";
  if (!IsName(change.element)) return "invalid element name \"" + change.element + "\"";
  if (edits && counts) return "cannot provide both set/delete and add/remove actions in the same update";
  if (!change.add.empty() && !change.element.empty()) return "must not provide an element name when adding an a new override";
  if (!change.remove.empty() && !change.element.empty()) return "must not provide element when removing an override";
  return counts || names_element ? "" : "element not specified, are you missing a trailing '/'?";
}

class ConfigRoutes {
 public:
  ConfigRoutes(ConfigOverrides &overrides, bool enabled) : overrides_(overrides), enabled_(enabled) {}

  Response list(const Request &) const {
    if (!enabled_) return off();
    std::map<std::string, Json> sections;
    for (const SectionSpec &spec : ConfigSections())
      if (auto elements = overrides_.section(spec.name)) sections.emplace(spec.name, section_json(spec, *elements));
    Json all = Json::object();
    for (auto &[name, section] : sections) all[name] = std::move(section);
    return CompactResponse({{"link", SelfLink(kConfig)}, {"sections", all}});
  }

  Response read(const Request &request) const {
    if (!enabled_) return off();
    auto [name, element, names_element] = split(request);
    if (name.empty()) return ErrorResponse(400, "section not specified, do you have an extra trailing '/'?");
    auto elements = overrides_.section(name);
    if (!names_element)
      return elements ? CompactResponse(section_json(*FindSection(name), *elements)) : ErrorResponse(404, "unknown section: " + name);
    auto found = elements ? elements->find(element) : std::map<std::string, Json>::iterator();
    if (!elements || found == elements->end()) return ErrorResponse(404, "unknown section/element: " + name + "/" + element);
    return CompactResponse(ElementJson(*FindSection(name), element, found->second));
  }

  Response update(const Request &request) const {
    if (!enabled_) return off();
    auto [name, element, names_element] = split(request);
    ConfigChange change;
    change.section = name;
    change.element = element;
    if (std::string error = ReadChange(*request.body, &change); !error.empty()) return ErrorResponse(400, "failed to decode JSON:" + error);
    if (std::string error = CheckChange(change, names_element); !error.empty())
      return ErrorResponse(400, "failed to apply update: invalid update action: " + error);
    Refusal refusal = overrides_.change(change);
    return refusal ? Answer(refusal) : NoContent();
  }

 private:
  static Response off() { return ErrorResponse(403, "config override service is not enabled"); }

  static std::tuple<std::string, std::string, bool> split(const Request &request) {
    std::string rest = request.path.size() > kConfig.size() ? request.path.substr(kConfig.size() + 1) : "";
    size_t slash = rest.find('/');
    if (slash == std::string::npos) return {rest, "", false};
    return {rest.substr(0, slash), rest.substr(slash + 1), true};
  }

  static Json section_json(const SectionSpec &spec, const std::map<std::string, Json> &elements) {
    Json list = Json::array();
    for (const auto &[key, options] : elements) list.push_back(ElementJson(spec, key, options));
    return {{"link", SelfLink(kConfig + "/" + std::string(spec.name))}, {"elements", list}};
  }

  ConfigOverrides &overrides_;
  const bool enabled_;
};

}  // namespace

void AddConfigRoutes(Router *router, ConfigOverrides &overrides, bool enabled) {
  auto routes = std::make_shared<ConfigRoutes>(overrides, enabled);
  router->add("GET", kConfig, [routes](const Request &request) { return routes->list(request); });
  router->add("GET", kConfig + "/", [routes](const Request &request) { return routes->read(request); });
  router->add("POST", kConfig, [routes](const Request &request) { return routes->update(request); });
  router->add("POST", kConfig + "/", [routes](const Request &request) { return routes->update(request); });
}

}  // namespace tick
