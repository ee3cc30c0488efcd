// replays.h - the replays of a daemon: a recording, or what InfluxDB answers now, through a copy of a task
// (http-api.md 9, daemon.md 8.3, 8.4).
//
// Each runs in an engine of its own on a thread of its own; live tasks and the live stream are not touched. Its
// record, with the task's counters at the end of the data, stays in the store. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

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
};

class Replays {
 public:
  Replays(Store &store, Tasks &tasks, Recordings &recordings, Services &services, FindCluster clusters, Log &log)
      : store_(store), tasks_(tasks), recordings_(recordings), services_(services), clusters_(std::move(clusters)), log_(log) {}
  ~Replays() { close(); }
  // Ends what a stopped daemon left running.
  void open();
  void close();

  struct Options {
    std::string id, task;
    bool recording_time = false, real_clock = false;
    bool quiet = false;  // no alert handler is called
    bool old_dialect = false;
  };
  Refusal replay(const Options &options, const std::string &recording, Replay *made);
  Refusal replay_batch(const Options &options, int64_t start, int64_t stop, Replay *made);
  Refusal replay_query(const Options &options, const std::string &query, const std::string &cluster, Replay *made);

  std::optional<Replay> find(const std::string &id) const;
  std::vector<Replay> all() const;  // newest first
  void remove(const std::string &id);
  std::optional<Replay> wait(const std::string &id) const;
  // How a running replay's task stands; an error text where none of that id runs, or it is of another task.
  std::string snapshot(const std::string &id, const std::string &task, TaskSnapshot *run) const;

 private:
  struct Work {
    PlaybackState state;
    std::shared_ptr<Engine> engine;  // under mutex_
    std::thread thread;
    bool done = false;
  };
  // Feeds the task; the error of it.
  using Feed = std::function<std::string(Playback &, const Code &, PlaybackState &)>;
  Refusal begin(const Options &options, const std::string &recording, TaskRecord task, bool may_replace, Feed feed, Replay *made);
  std::string run(const Options &options, const TaskRecord &task, int64_t zero, const Feed &feed, Work &work, Json *stats);
  void end(const std::string &id, const std::shared_ptr<Work> &work, const std::string &error, Json stats);
  void reap();
  void save(const Replay &replay);
  std::string feed_batches(const TaskRecord &task, const Code &code, int64_t start, int64_t stop, Playback &playback,
                           PlaybackState &state) const;
  std::string feed_query(const std::string &text, const std::string &cluster, bool batch, Playback &playback,
                         PlaybackState &state) const;

  Store &store_;
  Tasks &tasks_;
  Recordings &recordings_;
  Services &services_;
  FindCluster clusters_;
  Log &log_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::string, Replay> replays_;
  std::map<std::string, std::shared_ptr<Work>> work_;
  bool closing_ = false;
};

}  // namespace tick
