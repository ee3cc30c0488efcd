// scope.cpp - the flat map of a task's names.
#include "frontend/check/scope.h"

namespace tick::check {

const Value *Scope::find(const std::string &name) {
  auto found = entries_.find(name);
  if (found == entries_.end()) return nullptr;
  found->second.used = true;
  return &found->second.value;
}

void Scope::define(const std::string &name, Value value) { entries_[name].value = std::move(value); }

void Scope::declare(const std::string &name, Value value, SourceRange name_range) {
  Entry &entry = entries_[name];
  entry.value = std::move(value);
  entry.declared = name_range;
  entry.variable = true;
}

std::vector<std::string_view> Scope::names() const {
  std::vector<std::string_view> names;
  for (const auto &[name, entry] : entries_) names.push_back(name);
  return names;
}

std::string Scope::joined() const {
  std::string text;
  for (const auto &[name, entry] : entries_) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<Scope::Unused> Scope::unused() const {
  std::vector<Unused> unused;
  for (const auto &[name, entry] : entries_)
    if (entry.variable && !entry.used && !entry.value.poison()) unused.push_back({name, entry.declared});
  return unused;
}

}  // namespace tick::check
