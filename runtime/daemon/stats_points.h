// stats_points.h - the daemon's own statistics as points of the stream: database _kapacitor (daemon.md 10).
//
// Every [stats] stats-interval all statistics of one moment are written, for tasks that read that database.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/daemon/json.h"
#include "runtime/engine/engine.h"

namespace tick {

class StatsPoints {
 public:
  struct Options {
    std::string database, retention_policy;
    int64_t interval_ns = 10'000'000'000;
  };
  // read: {"name", "tags", "values"} each; values that are no numbers or texts are left out.
  StatsPoints(Options options, Engine &engine, std::function<std::vector<Json>()> read)
      : options_(std::move(options)), engine_(engine), read_(std::move(read)) {}
  ~StatsPoints() { stop(); }
  void start();
  void stop();
  // One round, at this time.
  void write(int64_t now);

 private:
  const Options options_;
  Engine &engine_;
  std::function<std::vector<Json>()> read_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tick
