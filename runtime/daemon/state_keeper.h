// state_keeper.h - what tasks remember, kept over a restart of the daemon (docs/daemon.md).
//
// `[task] state-over-restart` says of what: "stats" (the groups a deadman or stats node knows; a host that died while
// the daemon was down is still missed), "all" (windows, alerts, counts, …) or "none". Written at every
// snapshot-interval and at the end; after a kill -9 a task goes on from the last snapshot. Points taken since then
// are not in it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "runtime/daemon/log.h"
#include "runtime/daemon/store.h"
#include "runtime/daemon/tasks.h"

namespace tick {

class StateKeeper {
 public:
  struct Options {
    std::string what;             // of state-over-restart
    int64_t interval_ns = 0;      // 0: at the end alone
  };
  StateKeeper(Options options, Store &store, Tasks &tasks, Engine &engine, Log &log);
  ~StateKeeper();
  // Hands running tasks what was kept for them; before they get data.
  void restore();
  // From now on at intervals.
  void start();
  // Writes all down; forgets what belonged to tasks that do not run.
  void save();
  // No more snapshots on its own.
  void stop();

 private:
  // Whether there is now something in the store.
  bool save_task(const std::string &id);
  Options options_;
  Store &store_;
  Tasks &tasks_;
  Engine &engine_;
  Log &log_;
  std::set<std::string> kept_;  // tasks with something in the store
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tick
