// playback.h - gives a recording's data to a task, at its own pace or as fast as the task takes it (daemon.md 8.3).
//
// In: points and batches in their order. Out: writes and pushes to an engine that runs nothing else. Without the
// recording's own times all data are shifted so that the first point is now; with a real clock each waits until the
// shifted time has come.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/influx/loose_batch.h"
#include "runtime/replay/stream_file.h"

namespace tick {

class BatchFileReader;

struct PlaybackOptions {
  bool real_clock = false;
  bool recording_time = false;
  int64_t zero = 0;  // the moment the replay began
};

// What others may look at while it runs.
struct PlaybackState {
  std::atomic<bool> cancelled{false};
  std::atomic<uint64_t> points{0};
  std::atomic<double> progress{0};
};

class Playback {
 public:
  Playback(Engine &engine, std::string task, PlaybackOptions options, PlaybackState &state)
      : engine_(engine), task_(std::move(task)), options_(options), state_(state) {}

  // Whole recordings; an error text with the place of what could not be read.
  std::string stream(StreamFileReader &file);
  std::string batches(BatchFileReader &file);

  // Single data, in order. False: the task takes no more, or a line is none: error() says it, if it is one.
  bool point(const RecordedPoint &point);
  bool flush();
  // entry: the query node.
  bool batch(size_t entry, LooseBatch &batch);
  const std::string &error() const { return error_; }

 private:
  int64_t shift_of(size_t entry, int64_t first_time);
  bool wait_until(int64_t time);
  void shift(LooseBatch &batch, int64_t by) const;
  Engine &engine_;
  const std::string task_;
  const PlaybackOptions options_;
  PlaybackState &state_;
  std::shared_ptr<std::string> body_;
  std::string database_, retention_policy_, error_;
  uint64_t points_ = 0, in_body_ = 0;
  int64_t shift_ = 0;
  std::vector<int64_t> shifts_;     // by entry
  std::vector<bool> shift_known_;
};

}  // namespace tick
