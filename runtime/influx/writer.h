// writer.h - what influxDBOut nodes hand over, on its way to InfluxDB.
//
// In: lines, compressed at once and queued by cluster. Out: one write after the other, in order. While a cluster is
// away (no connection, 5xx, 401, too many requests) its writes wait and are tried again with growing pauses; that is
// said once, and how it ended. The queue is bounded in bytes: what does not fit is counted and said. A write that was
// answered is never sent again, and lines carry their times, so that one whose answer was lost changes nothing.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/daemon/log.h"
#include "runtime/engine/services.h"
#include "runtime/influx/cluster.h"

namespace tick {

struct WriterOptions {
  size_t most_bytes = 32 << 20;  // compressed, of a cluster's queue
  int64_t first_pause_ns = 500'000'000, longest_pause_ns = 30'000'000'000;
  int64_t last_wait_ns = 5'000'000'000;  // close() waits so long for what is queued
};

class InfluxWriters {
 public:
  InfluxWriters(InfluxClusters &clusters, Log &log, WriterOptions options = {});
  ~InfluxWriters();
  std::unique_ptr<InfluxOut> open(const InfluxOutSpec &spec, std::string *error);
  void close();

 private:
  struct Counts {
    std::atomic<int64_t> written{0}, errors{0};
  };
  struct Item {
    InfluxOutSpec from;     // the task and node, for the log
    std::string statement;  // of create(); else a write:
    InfluxWrite write;
    int64_t points = 0;
    std::shared_ptr<Counts> counts;
  };
  class Lane;
  class Out;
  Lane *lane(const std::string &cluster);

  InfluxClusters &clusters_;
  Log &log_;
  const WriterOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Lane>> lanes_;
  bool closed_ = false;
};

// Of "partial write: … dropped=3": 3; 0 where it does not say.
int64_t DroppedPoints(std::string_view error);

}  // namespace tick
