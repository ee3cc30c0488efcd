// recordings.h - the recordings of a daemon: started, stored, found again, deleted (http-api.md 8, daemon.md 8).
//
// A recording is a file in [replay] dir and a record in the store. The work runs on a thread of its own, its failure
// is seen in the record. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "runtime/influx/cluster.h"
#include "runtime/replay/stream_recorder.h"
#include "runtime/replay/work_table.h"

namespace tick {

struct Recording {
  std::string id, error;
  bool batch = false;
  int64_t size = 0, date = 0;
  WorkStatus status = WorkStatus::Running;
  uint64_t points = 0;  // so far, while it runs
  std::string stored() const;
  bool read(const std::string &stored);
};

struct RecordingWork {
  void cancel();
  void tell(Recording *recording) const { recording->points = recorder ? recorder->points() : points.load(); }
  std::atomic<bool> cancelled{false};
  std::atomic<uint64_t> points{0};
  std::shared_ptr<StreamRecorder> recorder;  // of a stream
  std::thread thread;
  bool done = false;
};

// Where the clusters of the configuration are; null without any.
using FindCluster = std::function<std::shared_ptr<InfluxCluster>(const std::string &name)>;

class Recordings final : public WorkTable<Recording, RecordingWork> {
 public:
  Recordings(std::string folder, Store &store, Engine &engine, Tasks &tasks, FindCluster clusters, Log &log);
  ~Recordings() { close(); }
  // Takes up what the folder has and the store does not know; ends what a stopped daemon left running.
  void open();

  // Each makes a recording that runs; refused where it cannot begin. id: "" makes one.
  struct Stream {
    std::string id, task;
    int64_t stop = 0, span = -1;  // span: 0.2's, from the first point's time
  };
  Refusal record(const Stream &what, Recording *made);
  struct Batch {
    std::string id, task;
    int64_t start = 0, stop = 0;
  };
  Refusal record(const Batch &what, Recording *made);
  struct Query {
    std::string id, query, cluster;
    bool batch = false, old_dialect = false;
  };
  Refusal record(const Query &what, Recording *made);

  // Refused where the file cannot be removed; unknown ids are no error.
  Refusal remove(const std::string &id);
  std::string path(const Recording &recording) const { return folder_ + "/" + recording.id + (recording.batch ? ".brpl" : ".srpl"); }
  // When the file was last written; 0: there is none.
  int64_t modified(const Recording &recording) const;

 private:
  using Work = RecordingWork;
  using Job = std::function<std::string(Work &)>;  // gives the error
  Refusal begin(const std::string &id, bool batch, Job job, Recording *made, std::shared_ptr<StreamRecorder> recorder = nullptr);
  void end(const std::string &id, const std::string &error);
  void adopt();
  Refusal compile(const std::string &task_id, TaskRecord *task, std::shared_ptr<const Code> *code);
  std::string record_batches(const TaskRecord &task, const Code &code, const Batch &what, const std::string &path, Work &work);
  std::string record_query(const Query &what, const std::string &path, Work &work);

  const std::string folder_;
  Engine &engine_;
  Tasks &tasks_;
  FindCluster clusters_;
};

// "" or the refusal's text for an id a client gave.
std::string IdError(const std::string &what, const std::string &id);

}  // namespace tick
