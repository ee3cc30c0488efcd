// replays.cpp - records of replays, and the threads that run them.
#include "runtime/replay/replays.h"

#include <algorithm>

#include "runtime/daemon/task_json.h"
#include "runtime/replay/batch_file.h"
#include "runtime/replay/replay_services.h"

namespace tick {

std::string Replay::stored() const {
  return CompactJson({{"task", task},
                      {"recording", recording},
                      {"recording-time", recording_time},
                      {"real-clock", real_clock},
                      {"date", date},
                      {"error", error},
                      {"status", WorkWord(status)},
                      {"stats", stats}});
}

bool Replay::read(const std::string &stored) {
  Json json = Json::parse(stored, nullptr, false);
  if (!json.is_object()) return false;
  task = json.value("task", "");
  recording = json.value("recording", "");
  recording_time = json.value("recording-time", false);
  real_clock = json.value("real-clock", false);
  date = json.value("date", int64_t{0});
  error = json.value("error", "");
  status = WorkStatusOf(json.value("status", ""));
  if (json.contains("stats")) stats = json["stats"];
  return true;
}

// A running one goes on; its result is dropped.
void Replays::remove(const std::string &id) {
  std::lock_guard lock(mutex_);
  if (records_.erase(id) > 0) store_.erase(kind_, id);
  changed_.notify_all();
}

std::string Replays::snapshot(const std::string &id, const std::string &task, TaskSnapshot *run) const {
  std::shared_ptr<Engine> engine;
  {
    std::lock_guard lock(mutex_);
    auto work = work_.find(id);
    if (work == work_.end() || !work->second->engine) return "no running replay with ID: " + id;
    if (auto found = records_.find(id); found == records_.end() || found->second.task != task)
      return "replay " + id + " is not for task: " + task;
    engine = work->second->engine;
  }
  *run = engine->snapshot(task);
  return "";
}

// --- work ---------------------------------------------------------------------------------------------------

Refusal Replays::begin(const Options &options, const std::string &recording, TaskRecord task, bool may_replace, Feed feed,
                       Replay *made) {
  Replay replay;
  replay.id = options.id;
  replay.task = task.id;
  replay.recording = recording;
  replay.recording_time = options.recording_time;
  replay.real_clock = options.real_clock;
  replay.date = WallClock();
  auto work = std::make_shared<Work>();
  auto job = [this, options, task = std::move(task), zero = replay.date, feed = std::move(feed), work] {
    Json stats = Json::object();
    std::string error = run(options, task, zero, feed, *work, &stats);
    end(options.id, work, error, std::move(stats));
  };
  Refusal refusal = WorkTable::begin(replay, may_replace, work, std::move(job));
  if (!refusal) *made = replay;
  return refusal;
}

std::string Replays::run(const Options &options, const TaskRecord &task, int64_t zero, const Feed &feed, Work &work, Json *stats) {
  CodeResult code = tasks_.compile(task);
  if (!code.code) return "task start: " + code.error;
  ReplayServices services(services_, log_, options.id, options.quiet);
  EngineOptions engine_options;
  // As fast as possible: on this thread. With a clock the task's own clocks strike while the replay waits.
  engine_options.workers = options.real_clock ? 1 : 0;
  auto engine = std::make_shared<Engine>(engine_options, services);
  services.connect(engine.get());
  if (std::string error = engine->start(task.id, task.dbrps, code.code); !error.empty()) return "task start: " + error;
  {
    std::lock_guard lock(mutex_);
    work.engine = engine;
  }
  Playback playback(*engine, task.id, {options.real_clock, options.recording_time, zero}, work.state);
  std::string error = feed(playback, *code.code, work.state);
  engine->drain();
  if (error.empty() && !work.state.cancelled) engine->finish();
  TaskSnapshot end = engine->snapshot(task.id);
  *stats = StatsJson(end);
  {
    std::lock_guard lock(mutex_);
    work.engine = nullptr;
  }
  // A reader of its counters may hold it a little longer; its services end here.
  while (engine.use_count() > 1) std::this_thread::yield();
  engine->stop(task.id);
  engine.reset();
  if (!end.error.empty()) return "task run: " + end.error;
  return error.empty() && work.state.cancelled ? "cancelled" : error;
}

void Replays::end(const std::string &id, const std::shared_ptr<Work> &work, const std::string &error, Json stats) {
  std::lock_guard lock(mutex_);
  work->done = true;
  auto found = records_.find(id);
  if (found == records_.end() || closing_) return;
  if (error.empty()) found->second.stats = std::move(stats);
  finish(&found->second, error);
}

Refusal Replays::replay(const Options &options, const std::string &recording_id, Replay *made) {
  std::optional<TaskRecord> task = tasks_.find(options.task);
  if (!task) return {404, "task load: no task exists", nullptr};
  std::optional<Recording> recording = recordings_.find(recording_id);
  if (!recording) return {404, "recording not found: no recording exists", nullptr};
  std::string path = recordings_.path(*recording);
  auto feed = [path, batch = task->batch](Playback &playback, const Code &code, PlaybackState &) -> std::string {
    std::string error;
    if (batch) {
      BatchFileReader file;
      if (error = file.open(path); !error.empty()) return "running replay: data source open: " + error;
      size_t queries = code.task().n_nodes > 0 ? code.task().nodes[0].n_children : 0;
      if (file.entries() != queries)
        return "running replay: unexpected number of batch collectors. exp " + std::to_string(file.entries()) + " got " +
               std::to_string(queries);
      error = playback.batches(file);
    } else {
      StreamFileReader file;
      if (error = file.open(path); !error.empty()) return "running replay: data source open: " + error;
      error = playback.stream(file);
    }
    return error.empty() ? "" : "running replay: " + error;
  };
  return begin(options, recording_id, *task, true, feed, made);
}

Refusal Replays::replay_batch(const Options &options, int64_t start, int64_t stop, Replay *made) {
  std::optional<TaskRecord> task = tasks_.find(options.task);
  if (!task) return {404, "task load: no task exists", nullptr};
  if (!task->batch) return {400, "cannot replay batch against stream task: " + options.task, nullptr};
  return begin(
      options, "", *task, false,
      [this, task = *task, start, stop](Playback &playback, const Code &code, PlaybackState &state) {
        return feed_batches(task, code, start, stop, playback, state);
      },
      made);
}

Refusal Replays::replay_query(const Options &options, const std::string &query, const std::string &cluster, Replay *made) {
  std::optional<TaskRecord> task = tasks_.find(options.task);
  if (!task) return {404, "task load: no task exists", nullptr};
  return begin(
      options, "", *task, false,
      [this, query, cluster, batch = task->batch](Playback &playback, const Code &, PlaybackState &state) {
        return feed_query(query, cluster, batch, playback, state);
      },
      made);
}

}  // namespace tick
