// config.h - the daemon's configuration: defaults, file, environment, as one tree of JSON values.
//
// In: a TOML file (kapacitor.conf as it is), variables KAPACITOR_…, flags. Out: a tree every part reads its
// section from; options keep the file's names. One table (config_table.cpp) holds every section, option and
// default; what it does not name is reported with file and line and ignored, as Kapacitor ignores it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/daemon/json.h"

namespace tick {

struct SectionSpec {
  std::string_view name;
  std::string_view element_key;  // "": one element; else a list whose elements this option names
  bool overridable;              // through the config API
  bool listed_by_default;        // a list section with one element unless the file has its own
  std::string_view redacted;     // options never shown, separated by spaces, in declaration order
  std::string_view defaults;     // JSON object: options of an element, in declaration order
};
const std::vector<SectionSpec> &ConfigSections();
const SectionSpec *FindSection(std::string_view name);
// What of a section's elements does not hold, without the section's name; "" where all does.
std::string CheckSection(std::string_view section, const std::vector<Json> &elements);

class Config {
 public:
  // Plain defaults.
  Config();
  // Lays a file over what is there; an error text ("open P: no such file or directory", or where it is no TOML).
  std::string read_file(const std::string &path);
  // Lays the environment over it; an error text where a value does not fit.
  std::string read_environment(char **environment);
  // The first check of daemon.md 3.1 that fails, or "".
  std::string validate() const;
  // As TOML that read_file takes.
  std::string toml() const;

  // Options of sections and top-level keys (section ""). Missing ones are the type's zero.
  std::string text(std::string_view section, std::string_view option) const;
  bool flag(std::string_view section, std::string_view option) const;
  int64_t integer(std::string_view section, std::string_view option) const;
  double number(std::string_view section, std::string_view option) const;
  int64_t duration_ns(std::string_view section, std::string_view option) const;
  // The elements of a list section; of a plain one its only element.
  const std::vector<Json> &elements(std::string_view section) const;
  // A table of free form ("udf") as it is in the file; null where there is none.
  const Json &free_table(std::string_view section) const;
  void set(std::string_view section, std::string_view option, Json value);
  void set_elements(std::string_view section, std::vector<Json> elements);

  // "kapacitor.conf:7: unknown key …": said once at the start.
  const std::vector<std::string> &warnings() const { return warnings_; }

 private:
  const Json *option(std::string_view section, std::string_view option) const;
  Json top_;
  std::map<std::string, std::vector<Json>, std::less<>> sections_;
  std::map<std::string, Json, std::less<>> free_;  // tables of free form: udf.functions
  std::vector<std::string> warnings_;
};

}  // namespace tick
