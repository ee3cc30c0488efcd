// state_keeper.cpp - snapshots of tasks' state, at intervals and at the end.
#include "runtime/daemon/state_keeper.h"

#include <chrono>
#include <utility>

#include "runtime/engine/task_state.h"

namespace tick {
namespace {

constexpr std::string_view kKind = "state";

}  // namespace

StateKeeper::StateKeeper(Options options, Store &store, Tasks &tasks, Engine &engine, Log &log)
    : options_(std::move(options)), store_(store), tasks_(tasks), engine_(engine), log_(log) {}

StateKeeper::~StateKeeper() { stop(); }

void StateKeeper::restore() {
  for (const auto &[id, bytes] : store_.list(kKind)) {
    if (options_.what == "none") {
      store_.erase(kKind, id);
      continue;
    }
    kept_.insert(id);
    RestoredState restored;
    bool runs = engine_.with_task(id, [&](Task &task) { restored = RestoreTaskState(task, bytes); });
    if (!runs) continue;
    if (!restored.error.empty()) log_.error("cannot go on where the task was", {{"service", "task_state"}, {"task", id}, {"err", restored.error}});
    std::string nodes;
    for (const std::string &node : restored.nodes) nodes += (nodes.empty() ? "" : " ") + node;
    if (!nodes.empty()) log_.info("task goes on where it was", {{"service", "task_state"}, {"task", id}, {"nodes", nodes}});
  }
}

void StateKeeper::start() {
  if (options_.what == "none" || options_.interval_ns <= 0) return;
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::nanoseconds(options_.interval_ns), [this] { return ending_; })) {
      lock.unlock();
      save();
      lock.lock();
    }
  });
}

void StateKeeper::stop() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void StateKeeper::save() {
  if (options_.what == "none") return;
  std::set<std::string> stale = std::exchange(kept_, {});
  for (const TaskRecord &task : tasks_.all()) {
    if (!engine_.running(task.id) || !save_task(task.id)) continue;
    stale.erase(task.id);
    kept_.insert(task.id);
  }
  for (const std::string &id : stale) store_.erase(kKind, id);
}

bool StateKeeper::save_task(const std::string &id) {
  std::string bytes;
  engine_.with_task(id, [&](Task &task) { bytes = SaveTaskState(task, options_.what == "stats" ? "stats" : ""); });
  if (bytes.empty()) return false;
  std::string error = store_.put(kKind, id, bytes);
  if (!error.empty()) log_.error("cannot keep the task's state", {{"service", "task_state"}, {"task", id}, {"err", error}});
  return true;
}

}  // namespace tick
