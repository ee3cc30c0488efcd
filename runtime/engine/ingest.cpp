// ingest.cpp - from a write request to the queues of tasks, and what is counted on the way.
//
// A writer holds the routes of one moment while it parses; when tasks have changed since, the next request makes
// new ones. Points that a task's own conditions on tags would drop never reach it: they are counted for it here.
#include <algorithm>

#include "runtime/engine/series_writing.h"

namespace tick {

// --- routes --------------------------------------------------------------------------------------------

std::shared_ptr<const Routing> Engine::State::routing() {
  std::lock_guard routing_lock(routing_mutex);
  if (current) return current;
  auto made = std::make_shared<Routing>();
  std::vector<Routes::Target> targets;
  {
    std::lock_guard lock(mutex);
    for (const auto &[id, slot] : slots) {
      if (!slot->executing() || slot->origins.empty()) continue;
      targets.push_back({slot->routes, slot->origins});
      made->slots.push_back(slot);
      made->old_dialect |= slot->routes->old_dialect();
    }
  }
  if (++generation == 0) generation = 1;
  made->routes = std::make_unique<Routes>(generation, std::move(targets));
  current = std::move(made);
  return current;
}

OriginTable &Engine::State::origin_table(std::string_view database, std::string_view retention_policy) {
  const Origin *origin = InternOrigin(database, retention_policy);
  {
    std::shared_lock lock(origins_mutex);
    if (auto found = origins.find(origin); found != origins.end()) return *found->second;
  }
  std::unique_lock lock(origins_mutex);
  auto &table = origins[origin];
  if (!table) table = std::make_unique<OriginTable>(origin);
  return *table;
}

size_t Engine::State::series() const {
  std::shared_lock lock(origins_mutex);
  size_t n = 0;
  for (const auto &[origin, table] : origins) n += table->size();
  return n;
}

std::unique_ptr<LineParser> Engine::State::take_parser() {
  std::lock_guard lock(parsers_mutex);
  if (parsers.empty()) return std::make_unique<LineParser>(pool);
  std::unique_ptr<LineParser> parser = std::move(parsers.back());
  parsers.pop_back();
  return parser;
}

void Engine::State::give_back(std::unique_ptr<LineParser> parser) {
  std::lock_guard lock(parsers_mutex);
  parsers.push_back(std::move(parser));
}

// --- points --------------------------------------------------------------------------------------------

void Engine::State::dispatch(const Routing &routing, std::shared_ptr<const Block> block, const RequestBlock *request,
                             const std::vector<uint32_t> &routes) {
  // Counted first, then laid out one task after the other: a block of a hundred tasks is one piece of memory.
  thread_local std::vector<uint32_t> places;  // by target; zero between two calls
  if (places.size() < routing.slots.size()) places.resize(routing.slots.size());
  std::vector<uint32_t> touched;
  size_t total = 0;
  auto each = [&](auto &&f) {
    const std::vector<uint32_t> *targets = nullptr;
    for (uint32_t row = 0, last = 0; row < routes.size(); ++row) {
      if (!targets || routes[row] != last) targets = &routing.routes->targets(routes[row]);
      last = routes[row];
      for (uint32_t target : *targets) f(row, target);
    }
  };
  each([&](uint32_t, uint32_t target) {
    if (places[target]++ == 0) touched.push_back(target);
    ++total;
  });
  if (total == 0) return;
  auto portions = std::make_shared<Portions>();
  portions->block = std::move(block);
  portions->request = request;
  portions->rows.resize(total);
  std::vector<Portion> of_tasks;
  uint32_t first = 0;
  for (uint32_t target : touched) {
    uint32_t count = places[target];
    of_tasks.push_back({routing.slots[target], first, count});
    places[target] = first;
    first += count;
  }
  each([&](uint32_t row, uint32_t target) { portions->rows[places[target]++] = row; });
  for (uint32_t target : touched) places[target] = 0;
  blocks.fetch_add(1, std::memory_order_relaxed);
  std::vector<Portion> of_worker;
  for (const auto &worker : workers) {
    of_worker.clear();
    for (Portion &portion : of_tasks) {
      if (!portion.slot || &portion.slot->worker != worker.get()) continue;
      portion.slot->delivered.fetch_add(portion.count, std::memory_order_relaxed);
      of_worker.push_back(std::move(portion));
    }
    if (!of_worker.empty()) worker->put(portions, of_worker);
  }
}

// The edge every point crosses first in Kapacitor 0.2, told like those of its tasks.
void Engine::State::tell_write(const Routing &routing, uint64_t points_now) {
  auto n = static_cast<int64_t>(points_now);
  int64_t before = told_points.fetch_add(n, std::memory_order_relaxed);
  if (n > 0 && routing.old_dialect && services.logs_edges())
    services.log_edge("TASK_MASTER", "write_points", "stream", "point", n, before);
}

void Engine::State::warn_of_series() {
  if (warned_of_series.exchange(true)) return;
  services.log({.level = "error",
                .message = "the limit of series is reached; lines with new ones are refused while all are in use",
                .fields = {{"max_series", std::to_string(options.max_series)}}});
}

WriteResult Engine::write(const WriteRequest &request, std::shared_ptr<const std::string> body) {
  State &state = *state_;
  if (state.closed.load(std::memory_order_acquire)) return {.closed = true};
  std::shared_ptr<const Routing> routing = state.routing();
  OriginTable &table = state.origin_table(request.database, request.retention_policy);
  State::Writing writing(state);
  state.make_room(writing.number());
  std::shared_ptr<const std::string> tapped_body = body;
  ParseRequest parse{table, *routing->routes, std::move(body), request.precision, request.time,
                     state.options.block_rows};
  parse.max_series = state.room(table);
  parse.number = writing.number();
  parse.max_errors = state.options.max_line_errors;
  parse.check_only = request.parse_only;
  std::unique_ptr<LineParser> parser = state.take_parser();
  std::vector<std::shared_ptr<const RequestBlock>> held;
  uint64_t told = 0;
  auto dispatch = [&](std::shared_ptr<const RequestBlock> block) {
    const RequestBlock &of = *block;
    state.tell_write(*routing, of.size());
    told += of.size();
    state.dispatch(*routing, std::move(block), &of, of.routes());
  };
  WriteResult result = parser->parse(parse, [&](std::shared_ptr<RequestBlock> block) {
    if (request.whole) held.push_back(std::move(block));
    else dispatch(std::move(block));
  });
  state.give_back(std::move(parser));
  if (result.refused > 0 && table.size() >= parse.max_series) state.warn_of_series();
  if (request.whole && result.refused > 0) {
    result.accepted = 0;
    held.clear();
  }
  for (auto &block : held) dispatch(std::move(block));
  bool taken = !request.parse_only && (result.refused == 0 || !request.whole);
  if (taken && state.tapped.load(std::memory_order_acquire)) {
    std::shared_lock lock(state.taps_mutex);
    for (const auto &listener : state.taps) listener->lines(request, *tapped_body);
  }
  if (result.accepted > told) state.tell_write(*routing, result.accepted - told);  // those nobody wanted
  state.points.fetch_add(result.accepted, std::memory_order_relaxed);
  state.refused.fetch_add(result.refused, std::memory_order_relaxed);
  return result;
}

namespace {

// A block of one point that any number of tasks may read.
struct PointBlock {
  Arena strings;
  std::vector<Fields> rows;
  ColumnBlock block;
};

}  // namespace

void Engine::write_point(const Series &series, int64_t time, const Fields &fields) {
  State &state = *state_;
  if (state.closed.load(std::memory_order_acquire)) return;
  std::shared_ptr<const Routing> routing = state.routing();
  OriginTable &table = state.origin_table(series.origin->database, series.origin->retention_policy);
  State::Writing writing(state);
  std::string key = SeriesKey(series);
  uint64_t hash = HashKey(key);
  const SeriesEntry *entry = table.find(key, hash);
  if (!entry) entry = table.add(key, hash, state.options.max_series);
  if (!entry) return state.warn_of_series();
  entry->use(writing.number());
  auto made = std::make_shared<PointBlock>();
  Fields &row = made->rows.emplace_back(fields);
  for (Field &field : row)
    if (TypeOf(field.value) == Type::String) field.value = MakeString(made->strings.copy(StringOf(field.value)));
  std::vector<uint32_t> routes;
  for (uint32_t route = routing->routes->route(*entry, true); route != 0; route = routing->routes->second(route)) {
    if (!routes.empty()) made->rows.push_back(made->rows[0]);
    made->block.times.push_back(time);
    made->block.series.push_back(&series);
    routes.push_back(route);
  }
  made->block.rows = made->rows;
  entry->measurement->points.fetch_add(1, std::memory_order_relaxed);
  state.points.fetch_add(1, std::memory_order_relaxed);
  if (!routes.empty()) state.dispatch(*routing, {made, &made->block}, nullptr, routes);
  if (!state.tapped.load(std::memory_order_acquire)) return;
  std::shared_lock lock(state.taps_mutex);
  for (const auto &listener : state.taps) listener->point(series, time, fields);
}

// --- listeners -----------------------------------------------------------------------------------------

void Engine::tap(std::shared_ptr<PointTap> listener) {
  std::unique_lock lock(state_->taps_mutex);
  state_->taps.push_back(std::move(listener));
  state_->tapped.store(true, std::memory_order_release);
}

void Engine::untap(const PointTap *listener) {
  std::unique_lock lock(state_->taps_mutex);
  std::erase_if(state_->taps, [listener](const auto &tap) { return tap.get() == listener; });
  state_->tapped.store(!state_->taps.empty(), std::memory_order_release);
}

// --- counts --------------------------------------------------------------------------------------------

namespace {

// Points so far that are addressed to a task by database, policy and measurement.
template <class F>
void EachMeasurement(const RouteSpec &spec, const OriginTable &table, F &&f) {
  table.each_measurement([&](const MeasurementEntry &entry) {
    for (Name wanted : spec.measurements())
      if (!wanted || wanted == entry.name) f(entry);  // a point comes once for its measurement, once for any
  });
}

}  // namespace

void Engine::State::count_from_here(TaskSlot &slot) {
  std::lock_guard lock(mutex);
  std::shared_lock origins_lock(origins_mutex);
  slot.points_before.clear();
  slot.delivered.store(0, std::memory_order_relaxed);
  for (const Origin *origin : slot.origins)  // none of a task that was stopped meanwhile
    if (auto table = origins.find(origin); table != origins.end())
      EachMeasurement(*slot.routes, *table->second, [&](const MeasurementEntry &entry) {
        slot.points_before[&entry] = entry.points.load(std::memory_order_relaxed);
      });
}

// Points that came for the task since it began and that its conditions on tags kept away from it.
int64_t Engine::State::kept_away(const TaskSlot &slot) const {
  std::lock_guard lock(mutex);
  std::shared_lock origins_lock(origins_mutex);
  int64_t addressed = 0;
  for (const Origin *origin : slot.origins)
    if (auto table = origins.find(origin); table != origins.end())
      EachMeasurement(*slot.routes, *table->second, [&](const MeasurementEntry &entry) {
        auto before = slot.points_before.find(&entry);
        addressed += entry.points.load(std::memory_order_relaxed) -
                     (before == slot.points_before.end() ? 0 : before->second);
      });
  return std::max<int64_t>(addressed - slot.delivered.load(std::memory_order_relaxed), 0);
}

TaskSnapshot Engine::snapshot(const std::string &id) const {
  std::shared_ptr<TaskSlot> slot = state_->find(id);
  if (!slot) return {};
  TaskSnapshot snapshot;
  slot->worker.run([&] { snapshot = slot->snapshot(); }, Worker::Order::Urgent);
  if (snapshot.nodes.empty()) return snapshot;
  int64_t away = state_->kept_away(*slot);
  if (away == 0) return snapshot;
  for (NodeSnapshot &source : snapshot.nodes) {
    if (source.kind != "stream") continue;
    source.stats["collected"] += away;
    if (snapshot.old_dialect) break;  // there the source itself is what would have dropped them
    for (auto &[child, collected] : source.edges) {
      collected += away;
      source.stats["emitted"] += away;
      for (NodeSnapshot &node : snapshot.nodes)
        if (node.name == child) node.stats["collected"] += away;
    }
    break;
  }
  return snapshot;
}

Engine::Counters Engine::counters() const {
  Counters counters;
  counters.points_received = state_->points.load(std::memory_order_relaxed);
  counters.lines_refused = state_->refused.load(std::memory_order_relaxed);
  counters.blocks = state_->blocks.load(std::memory_order_relaxed);
  counters.series = state_->series();
  counters.series_let_go = state_->series_let_go.load(std::memory_order_relaxed);
  return counters;
}

std::vector<IngressCount> Engine::ingress() const {
  std::vector<IngressCount> rows;
  {
    std::shared_lock lock(state_->origins_mutex);
    for (const auto &[origin, table] : state_->origins)
      table->each_measurement([&](const MeasurementEntry &entry) {
        rows.push_back({origin->database, origin->retention_policy, *entry.name,
                        entry.points.load(std::memory_order_relaxed)});
      });
  }
  std::sort(rows.begin(), rows.end(), [](const IngressCount &a, const IngressCount &b) {
    return std::tie(a.database, a.retention_policy, a.measurement) <
           std::tie(b.database, b.retention_policy, b.measurement);
  });
  return rows;
}

}  // namespace tick
