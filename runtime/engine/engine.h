// engine.h - takes points in and hands them to tasks.
//
// In: request bodies of line protocol with the database they were written to. Out: pushes to tasks. Lines
// are parsed once for all tasks; the series of a line says which tasks want it. Workers run the tasks, each
// task on one worker at a time; a worker's queue is bounded, and a writer waits while it is full. Swaps happen
// between two blocks of a task.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/code.h"
#include "runtime/engine/point_tap.h"
#include "runtime/engine/services.h"
#include "runtime/engine/task.h"
#include "runtime/io/line_protocol.h"

namespace tick {

struct Dbrp {
  std::string database, retention_policy;
  bool operator==(const Dbrp &) const = default;
};

struct WriteRequest {
  std::string_view database, retention_policy;
  Precision precision = Precision::Nanoseconds;
  int64_t time = 0;         // given to lines that have none, cut to the precision
  bool whole = false;       // one bad line refuses the whole body, as Kapacitor does
  bool parse_only = false;  // say what is wrong with the lines, take none
};

struct EngineOptions {
  unsigned workers = 0;        // 0: tasks run inside write(), on the caller's thread (tickrun, tests)
  uint32_t block_rows = 4096;  // most rows of a block
  size_t queue_blocks = 64;    // blocks a worker may be behind
  size_t max_series = 1'000'000;  // looked up by their keys; those used last the longest ago make room for new ones
  size_t max_line_errors = 100;  // refused lines of a request that are told one by one
};

struct SwapReport {
  std::string error;                  // empty: swapped
  std::vector<std::string> carried;   // nodes whose state was kept
  std::vector<std::string> fresh;     // nodes that begin anew
};

struct NodeSnapshot {
  std::string name, kind;
  std::map<std::string, int64_t> stats;
  std::vector<std::pair<std::string, int64_t>> edges;  // child, collected
  std::vector<ErrorCount> errors;                      // by cause
};
struct TaskSnapshot {
  bool executing = false;
  bool old_dialect = false;
  std::string error;
  double throughput = 0;
  std::vector<NodeSnapshot> nodes;  // in walk order
};

// Points taken by database, retention policy and measurement.
struct IngressCount {
  std::string database, retention_policy, measurement;
  int64_t points = 0;
};

class Engine {
 public:
  Engine(EngineOptions options, Services &services);
  ~Engine();

  // Parses and dispatches. Bad lines are refused, the others taken. Returns when every block is in its queues (or,
  // without workers, processed).
  WriteResult write(const WriteRequest &request, std::shared_ptr<const std::string> body);
  WriteResult write(std::string_view database, std::string_view retention_policy, Precision precision,
                    std::shared_ptr<const std::string> body, int64_t time) {
    return write({database, retention_policy, precision, time}, std::move(body));
  }
  // One point made inside the daemon (loopback, _kapacitor).
  void write_point(const Series &series, int64_t time, const Fields &fields);

  // Listens to the points taken from now on, until it is untapped: nothing is called after that returns.
  void tap(std::shared_ptr<PointTap> listener);
  void untap(const PointTap *listener);

  // Starts a task; error text where it does not start.
  std::string start(const std::string &id, std::vector<Dbrp> dbrps, std::shared_ptr<const Code> code);
  // Replaces a running task's code between two blocks, carrying state over.
  SwapReport swap(const std::string &id, std::vector<Dbrp> dbrps, std::shared_ptr<const Code> code);
  // Stops a task; nothing it does happens after this returns. With keep_ns its state is kept so long for a
  // start of the same id.
  void stop(const std::string &id, int64_t keep_ns = 0);
  bool running(const std::string &id) const;
  TaskSnapshot snapshot(const std::string &id) const;
  // Runs `use` on the task's thread between two blocks (batches of a query, replays); false if it does not run.
  bool with_task(const std::string &id, const std::function<void(Task &)> &use);
  // End of data for every task; used by the runner.
  void finish();
  // Takes no points from now on; writes say that it is closed.
  void close();
  // Waits until every block accepted so far went through its tasks.
  void drain();

  struct Counters {
    uint64_t points_received = 0, lines_refused = 0, series = 0, series_let_go = 0, blocks = 0;
  };
  Counters counters() const;
  std::vector<IngressCount> ingress() const;  // sorted

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tick
