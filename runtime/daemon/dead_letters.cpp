// dead_letters.cpp - appends to the file of events that nobody got.
#include "runtime/daemon/dead_letters.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "runtime/alert/event_json.h"
#include "runtime/daemon/json.h"
#include "runtime/daemon/tasks.h"
#include "runtime/text/go_json.h"

namespace tick {
namespace {
constexpr off_t kMostBytes = 64 * 1024 * 1024;
}  // namespace

void DeadLetters::write(std::string_view topic, std::string_view handler, std::string_view cause, const AlertEvent &event) {
  if (path_.empty()) return;
  std::string line = "{\"time\":\"" + TimeText(WallClock()) + "\",\"topic\":";
  AppendJsonString(line, topic);
  line += ",\"handler\":";
  AppendJsonString(line, handler);
  line += ",\"cause\":";
  AppendJsonString(line, cause);
  line += ",\"event\":";
  size_t before = line.size();
  if (!AppendEventJson(&line, event)) {
    line.resize(before);
    AppendJsonString(line, event.message);
  }
  line += "}\n";
  std::lock_guard lock(mutex_);
  int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  struct stat status {};
  if (fstat(file, &status) == 0 && status.st_size > kMostBytes) {
    close(file);
    std::rename(path_.c_str(), (path_ + ".1").c_str());
    file = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
  }
  [[maybe_unused]] ssize_t written = ::write(file, line.data(), line.size());
  close(file);
}

}  // namespace tick
