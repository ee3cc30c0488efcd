// batch_runner.h - runs the queries of the daemon's batch tasks on their schedules.
//
// In: tasks as they start and stop. Out: batches pushed into them, series by series, on their own threads. A query
// that fails is logged and counted on its node and the schedule goes on (of 0.2's tasks: the task ends). A few
// threads serve all queries, more while some wait for InfluxDB; a query is never asked twice at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/daemon/log.h"
#include "runtime/daemon/tasks.h"
#include "runtime/influx/cluster.h"

namespace tick {

class BatchRunner final : public TaskObserver {
 public:
  BatchRunner(Engine &engine, InfluxClusters &clusters, Services &services, Log &log)
      : engine_(engine), clusters_(clusters), services_(services), log_(log) {}
  ~BatchRunner() override { close(); }

  std::string started(const TaskRecord &task, const tick_task &descriptor) override;
  void stopping(const std::string &id) override;
  void deleted(const std::string &) override {}
  // Ends what is under way; nothing runs any more when it returns.
  void close();

 private:
  struct TaskRun {
    std::string id;
    bool old_dialect = false;
    std::atomic<bool> cancelled{false};
  };
  struct Asked {
    BatchQuery query;
    std::shared_ptr<TaskRun> task;
    std::vector<Name> fields;  // that somebody reads
    bool all_fields = true;
    int64_t next = 0;
  };
  struct Earlier {
    bool operator()(const std::shared_ptr<Asked> &a, const std::shared_ptr<Asked> &b) const {
      return a->next != b->next ? a->next < b->next : a < b;
    }
  };
  void serve();
  void ask(Asked &asked, int64_t tick);
  void failed(Asked &asked, const std::string &error);

  Engine &engine_;
  InfluxClusters &clusters_;
  Services &services_;
  Log &log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<TaskRun>> tasks_;
  std::set<std::shared_ptr<Asked>, Earlier> due_;
  std::vector<std::thread> threads_;
  size_t idle_ = 0;
  bool closing_ = false;
};

}  // namespace tick
