// replays.h - the replays of a daemon: a recording, or what InfluxDB answers now, through a copy of a task
// (http-api.md 9, daemon.md 8.3, 8.4).
//
// Each runs in an engine of its own on a thread of its own; live tasks and the live stream are not touched. Its
// record, with the task's counters at the end of the data, stays in the store. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "runtime/replay/playback.h"
#include "runtime/replay/recordings.h"

namespace tick {

struct Replay {
  std::string id, task, recording, error;
  bool recording_time = false, real_clock = false;
  int64_t date = 0;
  WorkStatus status = WorkStatus::Running;
  Json stats = Json::object();
  uint64_t points = 0;   // so far, while it runs
  double progress = 0;
  std::string stored() const;
  bool read(const std::string &stored);
};

struct ReplayWork {
  void cancel() { state.cancelled = true; }
  void tell(Replay *replay) const {
    replay->points = state.points;
    replay->progress = state.progress;
  }
  PlaybackState state;
  std::shared_ptr<Engine> engine;  // under the table's lock
  std::thread thread;
  bool done = false;
};

class Replays final : public WorkTable<Replay, ReplayWork> {
 public:
  Replays(Store &store, Tasks &tasks, Recordings &recordings, Services &services, FindCluster clusters, Log &log)
      : WorkTable("replay", store, log), tasks_(tasks), recordings_(recordings), services_(services), clusters_(std::move(clusters)) {}
  ~Replays() { close(); }
  using WorkTable::open;

  struct Options {
    std::string id, task;
    bool recording_time = false, real_clock = false;
    bool quiet = false;  // no alert handler is called
    bool old_dialect = false;
  };
  Refusal replay(const Options &options, const std::string &recording, Replay *made);
  Refusal replay_batch(const Options &options, int64_t start, int64_t stop, Replay *made);
  Refusal replay_query(const Options &options, const std::string &query, const std::string &cluster, Replay *made);

  void remove(const std::string &id);
  // How a running replay's task stands; an error text where none of that id runs, or it is of another task.
  std::string snapshot(const std::string &id, const std::string &task, TaskSnapshot *run) const;

 private:
  using Work = ReplayWork;
  // Feeds the task; the error of it.
  using Feed = std::function<std::string(Playback &, const Code &, PlaybackState &)>;
  Refusal begin(const Options &options, const std::string &recording, TaskRecord task, bool may_replace, Feed feed, Replay *made);
  std::string run(const Options &options, const TaskRecord &task, int64_t zero, const Feed &feed, Work &work, Json *stats);
  void end(const std::string &id, const std::shared_ptr<Work> &work, const std::string &error, Json stats);
  std::string feed_batches(const TaskRecord &task, const Code &code, int64_t start, int64_t stop, Playback &playback,
                           PlaybackState &state) const;
  std::string feed_query(const std::string &text, const std::string &cluster, bool batch, Playback &playback,
                         PlaybackState &state) const;

  Tasks &tasks_;
  Recordings &recordings_;
  Services &services_;
  FindCluster clusters_;
};

}  // namespace tick
