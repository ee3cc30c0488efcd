// endpoints.cpp - a table of httpOut endpoints that HTTP threads read while tasks come and go.
#include "runtime/daemon/endpoints.h"

#include "runtime/daemon/http.h"

namespace tick {
namespace {

std::string KeyOf(std::string_view task, std::string_view path) {
  return CleanPath("/" + std::string(task) + "/" + std::string(path)).substr(1);
}

}  // namespace

std::string Endpoints::publish(std::string_view task, std::string_view path, const HttpOutSource *source) {
  std::lock_guard lock(mutex_);
  std::string key = KeyOf(task, path);
  if (!sources_.emplace(key, source).second) return "http: multiple registrations for /kapacitor/v1/tasks/" + key;
  return "";
}

void Endpoints::withdraw(std::string_view task, std::string_view path, const HttpOutSource *source) {
  std::lock_guard lock(mutex_);
  auto found = sources_.find(KeyOf(task, path));
  if (found != sources_.end() && found->second == source) sources_.erase(found);
}

std::optional<std::string> Endpoints::json(const std::string &task_and_path, bool old_form) const {
  std::lock_guard lock(mutex_);
  auto found = sources_.find(task_and_path);
  if (found == sources_.end()) return std::nullopt;
  return found->second->json(old_form);
}

}  // namespace tick
