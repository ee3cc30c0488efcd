// endpoints.h - httpOut endpoints of running tasks, by task and path.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/engine/services.h"

namespace tick {

class Endpoints {
 public:
  // An error text where the path is taken.
  std::string publish(std::string_view task, std::string_view path, const HttpOutSource *source);
  void withdraw(std::string_view task, std::string_view path, const HttpOutSource *source);
  // The endpoint's JSON under `TASK/ENDPOINT`; nothing where there is none.
  std::optional<std::string> json(const std::string &task_and_path, bool old_form) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, const HttpOutSource *> sources_;
};

}  // namespace tick
