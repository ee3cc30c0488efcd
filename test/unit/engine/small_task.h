// small_task.h - tasks made by hand: stream, from nodes with conditions, and below each a probe.
//
// A probe is a where node whose condition is a C++ function that sees the fields asked for and 8 bytes of group
// state; what it answers decides about the point as any condition does.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"

namespace tick::test {

struct Condition {
  std::string text;
  std::vector<std::string> refs;
  tick_tagged run = nullptr;
};

struct SmallFrom {
  std::string measurement;
  std::vector<Condition> where;
  std::vector<std::string> group_by;
};

struct SmallTask {
  std::vector<SmallFrom> froms = {{}};
  std::vector<std::string> reads;  // fields the probe gets, in this order
  tick_tagged probe = nullptr;
  uint8_t dialect = 1;
  uint64_t probe_identity = 7;
  uint32_t probe_state = 8;
};

// live: counts codes that were not destroyed.
std::shared_ptr<const Code> Make(const SmallTask &task, std::atomic<int> *live = nullptr);

// Logs in memory, a clock that stands where it is put.
class World : public Services {
 public:
  void log(const LogRecord &record) override {
    std::lock_guard lock(mutex_);
    logged_.push_back(std::string(record.message) + ": " + std::string(record.cause));
  }
  int64_t now() const override { return clock.load(); }
  std::unique_ptr<AlertHandler> alert_handler(std::string_view, std::string_view, const tick_property &,
                                              std::string *) override {
    return nullptr;
  }
  Level collect(std::string_view, AlertEvent &) override { return Level::Ok; }
  bool remembered(std::string_view, std::string_view, Level *, int64_t *) override { return false; }
  std::string publish_endpoint(std::string_view, std::string_view, const HttpOutSource *) override { return ""; }
  void withdraw_endpoint(std::string_view, std::string_view, const HttpOutSource *) override {}
  void loopback(const Series &, int64_t, const Fields &) override {}
  std::string hostname() const override { return "test"; }
  std::vector<std::string> logged() const {
    std::lock_guard lock(mutex_);
    return logged_;
  }

  std::atomic<int64_t> clock{1'000'000'000};

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> logged_;
};

inline WriteResult Write(Engine &engine, std::string lines, std::string database = "db") {
  return engine.write({database, "rp"}, std::make_shared<const std::string>(std::move(lines)));
}
inline int64_t Stat(const TaskSnapshot &snapshot, std::string_view node, const std::string &key) {
  for (const NodeSnapshot &row : snapshot.nodes)
    if (row.name == node) return row.stats.at(key);
  return -1;
}

}  // namespace tick::test
