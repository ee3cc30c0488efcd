// replays.cpp - records of replays, and the threads that run them.
#include "runtime/replay/replays.h"

#include <algorithm>

#include "runtime/daemon/task_json.h"
#include "runtime/replay/batch_file.h"
#include "runtime/replay/replay_services.h"

namespace tick {
namespace {

constexpr const char *kKind = "replay";

std::string Stored(const Replay &replay) {
  return CompactJson({{"task", replay.task},
                      {"recording", replay.recording},
                      {"recording-time", replay.recording_time},
                      {"real-clock", replay.real_clock},
                      {"date", replay.date},
                      {"error", replay.error},
                      {"status", WorkWord(replay.status)},
                      {"stats", replay.stats}});
}

bool ReadStored(const std::string &id, const std::string &text, Replay *replay) {
  Json stored = Json::parse(text, nullptr, false);
  if (!stored.is_object()) return false;
  replay->id = id;
  replay->task = stored.value("task", "");
  replay->recording = stored.value("recording", "");
  replay->recording_time = stored.value("recording-time", false);
  replay->real_clock = stored.value("real-clock", false);
  replay->date = stored.value("date", int64_t{0});
  replay->error = stored.value("error", "");
  std::string status = stored.value("status", "");
  replay->status = status == "running" ? WorkStatus::Running : status == "finished" ? WorkStatus::Finished : WorkStatus::Failed;
  if (stored.contains("stats")) replay->stats = stored["stats"];
  return true;
}

}  // namespace

void Replays::open() {
  for (const auto &[id, text] : store_.list(kKind)) {
    Replay replay;
    if (!ReadStored(id, text, &replay)) continue;
    if (replay.status == WorkStatus::Running) {
      replay.status = WorkStatus::Failed;
      replay.error = "unexpected Kapacitor shutdown";
      save(replay);
    }
    replays_[id] = replay;
  }
}

void Replays::close() {
  std::map<std::string, std::shared_ptr<Work>> work;
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    work = work_;
    for (const auto &[id, one] : work) one->state.cancelled = true;
    changed_.notify_all();
  }
  for (const auto &[id, one] : work)
    if (one->thread.joinable()) one->thread.join();
  std::lock_guard lock(mutex_);
  work_.clear();
}

void Replays::save(const Replay &replay) {
  std::string error = store_.put(kKind, replay.id, Stored(replay));
  if (!error.empty()) log_.error("failed to save replay", {{"service", "replay"}, {"replay", replay.id}, {"err", error}});
}

std::optional<Replay> Replays::find(const std::string &id) const {
  std::lock_guard lock(mutex_);
  auto found = replays_.find(id);
  if (found == replays_.end()) return std::nullopt;
  Replay replay = found->second;
  if (auto work = work_.find(id); work != work_.end()) {
    replay.points = work->second->state.points;
    replay.progress = work->second->state.progress;
  }
  return replay;
}

std::vector<Replay> Replays::all() const {
  std::lock_guard lock(mutex_);
  std::vector<Replay> list;
  for (const auto &[id, replay] : replays_) list.push_back(replay);
  std::sort(list.begin(), list.end(), [](const Replay &a, const Replay &b) {
    int64_t at = a.date / 1'000'000'000, bt = b.date / 1'000'000'000;
    return at != bt ? at > bt : a.id > b.id;
  });
  return list;
}

std::optional<Replay> Replays::wait(const std::string &id) const {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      auto found = replays_.find(id);
      return closing_ || found == replays_.end() || found->second.status != WorkStatus::Running;
    });
  }
  return find(id);
}

// A running one goes on; its result is dropped.
void Replays::remove(const std::string &id) {
  std::lock_guard lock(mutex_);
  if (replays_.erase(id) > 0) store_.erase(kKind, id);
  changed_.notify_all();
}

std::string Replays::snapshot(const std::string &id, const std::string &task, TaskSnapshot *run) const {
  std::shared_ptr<Engine> engine;
  {
    std::lock_guard lock(mutex_);
    auto work = work_.find(id);
    if (work == work_.end() || !work->second->engine) return "no running replay with ID: " + id;
    if (auto found = replays_.find(id); found == replays_.end() || found->second.task != task)
      return "replay " + id + " is not for task: " + task;
    engine = work->second->engine;
  }
  *run = engine->snapshot(task);
  return "";
}

// --- work ---------------------------------------------------------------------------------------------------

void Replays::reap() {
  std::vector<std::shared_ptr<Work>> ended;
  {
    std::lock_guard lock(mutex_);
    for (auto it = work_.begin(); it != work_.end();) {
      if (!it->second->done) {
        ++it;
        continue;
      }
      ended.push_back(it->second);
      it = work_.erase(it);
    }
  }
  for (const auto &work : ended) work->thread.join();
}

Refusal Replays::begin(const Options &options, const std::string &recording, TaskRecord task, bool may_replace, Feed feed,
                       Replay *made) {
  reap();
  Replay replay;
  replay.id = options.id;
  replay.task = task.id;
  replay.recording = recording;
  replay.recording_time = options.recording_time;
  replay.real_clock = options.real_clock;
  replay.date = WallClock();
  std::lock_guard lock(mutex_);
  if (closing_ || work_.count(replay.id) > 0 || (!may_replace && replays_.count(replay.id) > 0))
    return {500, "replay already exists", nullptr};
  if (std::string error = store_.put(kKind, replay.id, Stored(replay)); !error.empty()) return {500, error, nullptr};
  replays_[replay.id] = replay;
  auto work = std::make_shared<Work>();
  work_[replay.id] = work;
  work->thread = std::thread([this, options, task = std::move(task), zero = replay.date, feed = std::move(feed), work] {
    Json stats = Json::object();
    std::string error = run(options, task, zero, feed, *work, &stats);
    end(options.id, work, error, std::move(stats));
  });
  *made = replay;
  return {};
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
  auto found = replays_.find(id);
  if (found == replays_.end() || closing_) return;
  Replay &replay = found->second;
  replay.status = error.empty() ? WorkStatus::Finished : WorkStatus::Failed;
  replay.error = error;
  if (error.empty()) replay.stats = std::move(stats);
  replay.date = WallClock();
  if (!error.empty()) log_.error("replay failed", {{"service", "replay"}, {"replay", id}, {"err", error}});
  save(replay);
  changed_.notify_all();
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
