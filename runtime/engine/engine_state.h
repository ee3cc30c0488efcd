// engine_state.h - what an Engine holds.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/routes.h"
#include "runtime/engine/slot.h"
#include "runtime/engine/worker.h"
#include "runtime/io/line_protocol_parser.h"

namespace tick {

// The state of a stopped task, kept for a start of the same id.
struct KeptTask {
  std::unique_ptr<Task> task;
  int64_t until = 0;
};

// The routes of one moment, with the slots they lead to: writers hold it while they write.
struct Routing {
  std::unique_ptr<Routes> routes;
  std::vector<std::shared_ptr<TaskSlot>> slots;  // by target
};

struct Engine::State {
  State(EngineOptions options, Services &services);

  // --- tasks (engine.cpp)
  std::shared_ptr<TaskSlot> find(const std::string &id) const;
  void route(TaskSlot &slot, std::vector<Dbrp> dbrps, std::shared_ptr<const RouteSpec> spec);
  void count_from_here(TaskSlot &slot);
  int64_t kept_away(const TaskSlot &slot) const;
  std::unique_ptr<Task> take_kept(const std::string &id);
  void drop_expired();
  Worker &next_worker() { return *workers[next++ % workers.size()]; }
  // Tasks have changed: the next writer makes new routes.
  void changed();

  // --- points (ingest.cpp)
  std::shared_ptr<const Routing> routing();
  OriginTable &origin_table(std::string_view database, std::string_view retention_policy);
  std::unique_ptr<LineParser> take_parser();
  void give_back(std::unique_ptr<LineParser> parser);
  // request: the same block, where it is of a request. routes: by row.
  void dispatch(const Routing &routing, std::shared_ptr<const Block> block, const RequestBlock *request,
                const std::vector<uint32_t> &routes);
  void warn_of_series();
  size_t series() const;

  const EngineOptions options;
  Services &services;
  BlockPool pool;

  mutable std::mutex mutex;  // of the tasks; never held while a worker is waited for
  std::map<std::string, std::shared_ptr<TaskSlot>> slots;
  std::map<std::string, KeptTask> kept;
  std::map<std::string, std::shared_ptr<std::mutex>> changing;  // one start, stop or swap of an id at a time
  size_t next = 0;

  mutable std::mutex routing_mutex;
  std::shared_ptr<const Routing> current;  // null: to be made
  uint32_t generation = 0;

  mutable std::shared_mutex origins_mutex;
  std::unordered_map<const Origin *, std::unique_ptr<OriginTable>> origins;
  std::mutex parsers_mutex;
  std::vector<std::unique_ptr<LineParser>> parsers;

  std::shared_mutex taps_mutex;  // shared while they are called
  std::vector<std::shared_ptr<PointTap>> taps;
  std::atomic<bool> tapped{false};

  std::atomic<bool> closed{false}, warned_of_series{false};
  std::atomic<uint64_t> points{0}, refused{0}, blocks{0};

  std::vector<std::unique_ptr<Worker>> workers;  // last: their threads use all of the above
};

}  // namespace tick
