// dead_letters.h - events that nobody got, as lines of JSON in a file.
//
// In: an event, whose it was and why it was given up. Out: one line. From any thread. The file is kept below a size: a
// full one takes the name FILE.1 and a new one is begun.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "runtime/engine/services.h"

namespace tick {

class DeadLetters {
 public:
  // An empty path: nothing is written.
  explicit DeadLetters(std::string path) : path_(std::move(path)) {}
  void write(std::string_view topic, std::string_view handler, std::string_view cause, const AlertEvent &event);

 private:
  const std::string path_;
  std::mutex mutex_;
};

}  // namespace tick
