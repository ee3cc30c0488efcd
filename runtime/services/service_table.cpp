// service_table.cpp - the table of services, and the services of a daemon made from it.
#include "runtime/services/service.h"

#include <sstream>

namespace tick {

#define TICK_SERVICE(Name) extern const ServiceSpec k##Name##Service;
#include "runtime/services/services.def"
#undef TICK_SERVICE

const std::vector<const ServiceSpec *> &ServiceSpecs() {
  static const std::vector<const ServiceSpec *> specs = {
#define TICK_SERVICE(Name) &k##Name##Service,
#include "runtime/services/services.def"
#undef TICK_SERVICE
  };
  return specs;
}

namespace {
const ServiceSpec *Find(std::string_view ServiceSpec::*name, std::string_view wanted) {
  if (wanted.empty()) return nullptr;
  for (const ServiceSpec *spec : ServiceSpecs())
    if (spec->*name == wanted) return spec;
  return nullptr;
}
// Kapacitor 0.2 knew these; a `global` of another service means nothing to its scripts.
constexpr std::string_view kOldServices[] = {"email", "victorOps", "pagerDuty", "slack", "hipChat", "opsGenie"};
bool IsOld(std::string_view property) {
  for (std::string_view old : kOldServices)
    if (old == property) return true;
  return false;
}
// Kapacitor 0.2 has no option for it.
bool AlwaysChangesOnly(std::string_view property) { return property == "email" || property == "slack" || property == "hipChat"; }
}  // namespace

const ServiceSpec *FindServiceSection(std::string_view section) { return Find(&ServiceSpec::section, section); }
const ServiceSpec *FindServiceKind(std::string_view kind) { return Find(&ServiceSpec::kind, kind); }
const ServiceSpec *FindServiceProperty(std::string_view property) { return Find(&ServiceSpec::property, property); }

ServiceSet::ServiceSet(const ServiceWorld &world) {
  for (const ServiceSpec *spec : ServiceSpecs()) services_.emplace(spec, spec->make(world));
}

ServiceSet::~ServiceSet() = default;

std::string ServiceSet::configure(std::string_view section, std::vector<Json> elements) {
  const ServiceSpec *spec = FindServiceSection(section);
  if (!spec) return "";
  std::string error = spec->check ? spec->check(elements) : "";
  if (error.empty()) error = of(*spec).configure(std::move(elements));
  return error.empty() ? "" : std::string(section) + ": " + error;
}

Service &ServiceSet::of(const ServiceSpec &spec) const { return *services_.at(&spec); }

void ServiceSet::disable(const std::string &names) {
  std::stringstream list(names);
  for (std::string name; std::getline(list, name, ',');) {
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    if (!name.empty()) disabled_.push_back(name);
  }
}

// By any of its names: one that is meant must not slip through by another.
bool ServiceSet::disabled(const ServiceSpec &spec, std::string *error) const {
  for (const std::string &name : disabled_) {
    if (name != spec.property && name != spec.kind && name != spec.section) continue;
    if (error) *error = "alert handler " + name + " is disabled on this kapacitord (-disable-handlers)";
    return true;
  }
  return false;
}

std::vector<std::string> ServiceSet::global_properties(bool old_dialect, bool *changes_only) const {
  std::vector<std::string> names;
  *changes_only = false;
  for (const ServiceSpec *spec : ServiceSpecs()) {
    if (spec->property.empty() || (old_dialect && !IsOld(spec->property))) continue;
    const Service &service = of(*spec);
    if (!service.global() || disabled(*spec)) continue;
    names.emplace_back(spec->property);
    *changes_only |= service.changes_only() || (old_dialect && AlwaysChangesOnly(spec->property));
  }
  return names;
}

}  // namespace tick
