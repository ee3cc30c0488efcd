// config_overrides.h - what was changed over HTTP, laid over the configuration of the file (http-api.md 12).
//
// In: the file's configuration, stored overrides, changes by section and element. Out: the elements of each section
// as they hold now, and the same to whom a section concerns, at every change. A change is checked, taken by the
// running service, then stored; where one of these fails nothing has changed. From any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/daemon/config.h"
#include "runtime/daemon/log.h"
#include "runtime/daemon/store.h"
#include "runtime/daemon/tasks.h"

namespace tick {

struct ConfigChange {
  std::string section, element;
  Json set = Json::object();             // option to value
  std::vector<std::string> restore;      // options that get the file's value again
  Json add = Json::object();             // a new element
  std::vector<std::string> remove;       // elements
};

class ConfigOverrides {
 public:
  // Takes a section's new elements; "" or why it does not.
  using Apply = std::function<std::string(std::string_view section, const std::vector<Json> &elements)>;

  ConfigOverrides(Config file, Store &store) : file_(std::move(file)), store_(store) {}
  // Reads what is stored and lays it over `config`. Overrides that hold no more are told to the log and left out.
  void load(Config *config, Log &log);
  // Calls `apply` at each change of the section, "" for every section.
  void on_change(std::string section, Apply apply);

  // Elements with their keys, by key; nothing where the section cannot be overridden or has none.
  std::optional<std::map<std::string, Json>> section(std::string_view name) const;
  Refusal change(const ConfigChange &change);

 private:
  struct Override {
    bool create = false;  // an element that the file does not have
    Json options = Json::object();
  };
  using Overrides = std::map<std::string, Override>;  // of a section, by element

  Refusal edit(const SectionSpec &spec, const ConfigChange &change, Overrides *edited) const;
  std::string set_options(const SectionSpec &spec, const std::string &element, const ConfigChange &change, Override *to) const;
  std::string tell(const std::string &section, const std::vector<Json> &elements) const;
  std::string keep(const std::string &section, const Overrides &before, const Overrides &after);
  std::vector<Json> merged(const SectionSpec &spec, const Overrides &overrides) const;
  static std::string key_of(const SectionSpec &spec, const Json &element);

  const Config file_;
  Store &store_;
  mutable std::mutex mutex_;
  std::map<std::string, Overrides, std::less<>> overrides_;
  std::vector<std::pair<std::string, Apply>> listeners_;
};

}  // namespace tick
