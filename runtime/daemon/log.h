// log.h - the daemon's log: key=value lines as Kapacitor writes them, 0.2's edge lines, and live followers.
//
// A line is made and written under one lock, to a file, stderr or stdout. Equal errors of one source come at
// most a few a second; what was held back is counted and said. Followers (kapacitor watch) get every record
// that fits their filter whatever the level.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tick {

enum class LogLevel : uint8_t { Debug, Info, Error, Off };

class Log {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  Log();
  ~Log();
  // destination: STDERR, STDOUT or a path (created, appended). An error text or "".
  std::string open(const std::string &destination, std::string_view level);
  // "debug", "info", "error" in any case; false for another word.
  bool set_level(std::string_view level);

  void write(LogLevel level, std::string_view message, const Pairs &pairs);
  void debug(std::string_view message, const Pairs &pairs) { write(LogLevel::Debug, message, pairs); }
  void info(std::string_view message, const Pairs &pairs) { write(LogLevel::Info, message, pairs); }
  void error(std::string_view message, const Pairs &pairs) { write(LogLevel::Error, message, pairs); }
  // 0.2's form: "[edge:T|stream0->alert1] 2016/01/18 10:46:29 D! collect point c: 0 e: 0".
  void old_line(std::string_view prefix, char letter, std::string_view text);
  bool enabled(LogLevel level) const { return level >= level_; }
  // Whether a record of this level goes anywhere: to the log or to a follower.
  bool wants(LogLevel level) const { return enabled(level) || followed_.load(std::memory_order_relaxed); }

  // A follower's filter: every pair must be equal; "lvl=info+" means and above. Returns a handle.
  struct Record {
    LogLevel level;
    std::string line, json;
  };
  uint64_t follow(const Pairs &filter, std::function<void(const Record &)> take);
  void unfollow(uint64_t handle);

 private:
  struct Follower {
    Pairs filter;
    std::function<void(const Record &)> take;
  };
  bool throttled(const std::string &key, int64_t now, uint64_t *held_back);
  void put(const std::string &line);
  mutable std::mutex mutex_;
  std::atomic<LogLevel> level_{LogLevel::Debug};
  std::atomic<bool> followed_{false};
  int fd_ = 2;
  bool own_fd_ = false;
  uint64_t next_follower_ = 1;
  std::map<uint64_t, Follower> followers_;
  struct Burst {
    int64_t window = 0;
    uint64_t written = 0, held_back = 0;
  };
  std::map<std::string, Burst> bursts_;
};

std::string_view LevelWord(LogLevel level);

}  // namespace tick
