// config_validate.cpp - what a configuration must hold before the daemon starts (daemon.md 3.1).
#include <algorithm>
#include <charconv>

#include "runtime/daemon/config.h"
#include "runtime/services/service.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

std::string CheckAddress(const std::string &address) {
  size_t colon = address.rfind(':');
  if (colon == std::string::npos) return "http: invalid http bind address " + address + ": address " + address + ": missing port in address";
  std::string port = address.substr(colon + 1);
  int number = -1;
  auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size())
    return "http: invalid http bind address port " + port + ": strconv.ParseInt: parsing " + GoQuote(port) + ": invalid syntax";
  return number < 0 || number > 65535 ? "http: invalid http bind address port " + port + ": out of range" : "";
}

std::string CheckInflux(const std::vector<Json> &clusters) {
  std::vector<std::string> names;
  std::string chosen;
  size_t enabled = 0;
  for (const Json &cluster : clusters) {
    std::string name = cluster.value("name", "");
    if (std::find(names.begin(), names.end(), name) != names.end()) return "duplicate name \"" + name + "\" for influxdb configs";
    names.push_back(name);
    if (!cluster.value("enabled", false)) continue;
    ++enabled;
    if (name.empty()) return "influxdb cluster must be given a name";
    if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '-' || c == '_'; }))
      return "influxdb cluster name must contain only numbers, letters or '.', '-', and '_' characters";
    if (!cluster["urls"].is_array() || cluster["urls"].empty()) return "must specify at least one InfluxDB URL";
    std::string protocol = cluster.value("subscription-protocol", "http");
    if (protocol != "http" && protocol != "https" && protocol != "udp")
      return "invalid subscription protocol, must be one of 'udp', 'http' or 'https', got \"" + protocol + "\"";
    std::string compression = cluster.value("compression", "gzip");
    if (compression != "gzip" && compression != "none")
      return "Invalid compression, must be one of 'gzip' or 'none', got " + compression;
    if (!cluster.value("default", false)) continue;
    if (!chosen.empty()) return "More than one InfluxDB default was specified: " + chosen + " " + name;
    chosen = name;
  }
  return enabled > 1 && chosen.empty() ? "at least one of the enabled InfluxDB clusters must be marked as default." : "";
}

// Options an enabled handler cannot do without.
struct Required {
  std::string_view section, option, text;
};
constexpr Required kRequired[] = {
    {"smtp", "host", "host cannot be empty"},
    {"smtp", "from", "must provide a 'from' address"},
    {"telegram", "token", "must specify token"},
    {"opsgenie", "api-key", "api-key cannot be empty"},
    {"opsgenie", "url", "url cannot be empty"},
    {"opsgenie2", "api-key", "api-key cannot be empty"},
    {"opsgenie2", "url", "url cannot be empty"},
    {"pagerduty", "url", "url cannot be empty"},
    {"pagerduty2", "url", "url cannot be empty"},
    {"victorops", "url", "url cannot be empty"},
    {"hipchat", "url", "must specify url"},
    {"sensu", "addr", "must specify client address"},
    {"pushover", "user-key", "must specify user key"},
    {"pushover", "token", "must specify token"},
    {"slack", "url", "must specify url"},
    {"alerta", "url", "must specify url"},
    {"talk", "url", "must specify url"},
};

// Of services that have no row in the table of services.
std::string CheckOptions(std::string_view section, const std::vector<Json> &elements) {
  for (const Required &row : kRequired)
    for (const Json &element : elements)
      if (row.section == section && element.value("enabled", false) && element.value(std::string(row.option), "").empty())
        return std::string(row.text);
  return "";
}

}  // namespace

std::string CheckSection(std::string_view section, const std::vector<Json> &elements) {
  if (section == "influxdb") return CheckInflux(elements);
  const ServiceSpec *service = FindServiceSection(section);
  if (!service) return CheckOptions(section, elements);
  return service->check ? service->check(elements) : "";
}

std::string Config::validate() const {
  if (text("", "hostname").empty()) return "must configure valid hostname";
  if (text("", "data_dir").empty()) return "must configure valid data dir";
  if (text("replay", "dir").empty()) return "replay: must specify dir";
  if (flag("auth", "enabled") && integer("auth", "bcrypt-cost") < 4)
    return "auth: must provide a bcrypt cost >= 4, got " + std::to_string(integer("auth", "bcrypt-cost"));
  if (text("storage", "boltdb").empty()) return "storage: must specify storage 'boltdb' path";
  if (std::string kept = text("task", "state-over-restart"); kept != "stats" && kept != "all" && kept != "none")
    return "task: state-over-restart must be one of \"stats\", \"all\", \"none\", got " + GoQuote(kept);
  std::string error = CheckAddress(text("http", "bind-address"));
  if (error.empty() && flag("load", "enabled") && text("load", "dir").rfind('/', 0) != 0) error = "dir must be an absolute path";
  for (const SectionSpec &section : ConfigSections())
    if (error.empty())
      if (error = CheckSection(section.name, elements(section.name)); !error.empty() && section.name != "influxdb")
        error = std::string(section.name) + ": " + error;
  return error;
}

}  // namespace tick
