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
  bool old_dialect = false;                      // a task of Kapacitor 0.2 is among them
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
  void tell_write(const Routing &routing, uint64_t points);
  void warn_of_series();
  // Takes series out of the tables whose keys were not written for the longest time, where the limit is near.
  void make_room(uint32_t number);
  size_t room(const OriginTable &table) const;
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

  // Writers that may hold entries of series, by number, and what is freed once those of its time are through.
  class Writing;
  std::mutex writing_mutex;
  uint32_t writes = 0;
  std::vector<uint32_t> writing;
  std::vector<std::pair<uint32_t, OriginTable::Retired>> retired;
  std::mutex room_mutex;  // of who makes room

  std::shared_mutex taps_mutex;  // shared while they are called
  std::vector<std::shared_ptr<PointTap>> taps;
  std::atomic<bool> tapped{false};

  std::atomic<bool> closed{false}, warned_of_series{false}, told_of_room{false};
  std::atomic<uint64_t> points{0}, refused{0}, blocks{0}, series_let_go{0};
  std::atomic<int64_t> told_points{0};  // went over the edge that 0.2 has before its tasks

  std::vector<std::unique_ptr<Worker>> workers;  // last: their threads use all of the above
};

}  // namespace tick
