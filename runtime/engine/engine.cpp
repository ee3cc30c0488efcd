// engine.cpp - starting, swapping and stopping tasks.
//
// A change of a task is prepared on the caller's thread and done on the task's worker between two blocks. The lock
// of the tasks is never held while a worker is waited for, since workers take it when a task fails.
#include "runtime/engine/engine.h"

#include <algorithm>
#include <thread>

#include "runtime/engine/engine_state.h"

namespace tick {

Engine::State::State(EngineOptions options, Services &services) : options(options), services(services) {
  size_t threads = std::max(1u, options.workers);
  for (size_t i = 0; i < threads; ++i)
    workers.push_back(std::make_unique<Worker>(services, options.workers > 0, options.queue_blocks));
}

Engine::Engine(EngineOptions options, Services &services) : state_(std::make_unique<State>(options, services)) {}

Engine::~Engine() {
  close();
  std::vector<std::string> ids;
  {
    std::lock_guard lock(state_->mutex);
    for (const auto &[id, slot] : state_->slots) ids.push_back(id);
  }
  for (const std::string &id : ids) stop(id);
  state_->workers.clear();
}

void Engine::close() { state_->closed.store(true, std::memory_order_release); }

std::shared_ptr<TaskSlot> Engine::State::find(const std::string &id) const {
  std::lock_guard lock(mutex);
  auto found = slots.find(id);
  return found == slots.end() ? nullptr : found->second;
}

namespace {

// Holds off other changes of the same task.
class Change {
 public:
  Change(std::mutex &mutex, std::map<std::string, std::shared_ptr<std::mutex>> &changing, const std::string &id) {
    {
      std::lock_guard lock(mutex);
      auto &of = changing[id];
      if (!of) of = std::make_shared<std::mutex>();
      mine_ = of;
    }
    mine_->lock();
  }
  ~Change() { mine_->unlock(); }
  Change(const Change &) = delete;

 private:
  std::shared_ptr<std::mutex> mine_;
};

std::shared_ptr<const RouteSpec> SpecOf(std::shared_ptr<const Code> code, const Task &task) {
  // Nodes that go on by the time of points they do not get must see those points.
  bool wants_skipped = !task.nodes().empty() && task.nodes()[0]->wants_skipped();
  return std::make_shared<RouteSpec>(std::move(code), !wants_skipped);
}

std::string_view PropertyText(const tick_node &node, std::string_view name) {
  std::string_view text;
  for (uint32_t i = 0; i < node.n_properties; ++i)
    if (node.properties[i].name == name && node.properties[i].n_args > 0) text = View(node.properties[i].args[0].as.s);
  return text;
}

// A task that writes back into what it reads would never end.
std::string LoopError(const tick_task &task, const std::vector<Dbrp> &dbrps) {
  for (uint32_t i = 0; i < task.n_nodes; ++i) {
    if (std::string_view(task.nodes[i].kind) != "kapacitorLoopback") continue;
    Dbrp target{std::string(PropertyText(task.nodes[i], "database")), std::string(PropertyText(task.nodes[i], "retentionPolicy"))};
    if (std::find(dbrps.begin(), dbrps.end(), target) != dbrps.end())
      return "loop detected on dbrp: \"" + target.database + "\".\"" + target.retention_policy + "\"";
  }
  return "";
}

}  // namespace

// Gives a slot what the routes need to know of the generation that takes over.
void Engine::State::route(TaskSlot &slot, std::vector<Dbrp> dbrps, std::shared_ptr<const RouteSpec> spec) {
  std::lock_guard lock(mutex);
  slot.dbrps = std::move(dbrps);
  slot.origins.clear();
  for (const Dbrp &dbrp : slot.dbrps) {
    const Origin *origin = InternOrigin(dbrp.database, dbrp.retention_policy);
    if (spec->is_stream() && std::find(slot.origins.begin(), slot.origins.end(), origin) == slot.origins.end())
      slot.origins.push_back(origin);
  }
  slot.routes = std::move(spec);
}

void Engine::State::changed() {
  std::shared_ptr<const Routing> outdated;  // destroyed without the lock: the last user of a code frees it
  std::lock_guard lock(routing_mutex);
  outdated = std::move(current);
}

std::unique_ptr<Task> Engine::State::take_kept(const std::string &id) {
  std::lock_guard lock(mutex);
  auto found = kept.find(id);
  if (found == kept.end()) return nullptr;
  std::unique_ptr<Task> task = found->second.until >= services.now() ? std::move(found->second.task) : nullptr;
  kept.erase(found);
  return task;
}

void Engine::State::drop_expired() {
  std::vector<std::unique_ptr<Task>> expired;  // destroyed without the lock
  std::lock_guard lock(mutex);
  int64_t now = services.now();
  for (auto it = kept.begin(); it != kept.end();) {
    if (it->second.until >= now) {
      ++it;
    } else {
      expired.push_back(std::move(it->second.task));
      it = kept.erase(it);
    }
  }
}

std::string Engine::start(const std::string &id, std::vector<Dbrp> dbrps, std::shared_ptr<const Code> code) {
  State &state = *state_;
  state.drop_expired();
  Change change(state.mutex, state.changing, id);
  if (dbrps.empty()) return "task does contain any dbrps";
  if (std::string error = LoopError(code->task(), dbrps); !error.empty()) return error;
  if (std::shared_ptr<TaskSlot> old = state.find(id)) {
    if (old->executing()) return "task " + id + " is already executing";
    old->worker.run([&] { old->remove(); }, Worker::Order::Queue);
  }
  TaskResult made = Task::Make(id, code, state.services);
  if (!made.task) return made.error;
  if (std::unique_ptr<Task> before = state.take_kept(id)) made.task->adopt(*before);

  std::shared_ptr<TaskSlot> slot;
  {
    std::lock_guard lock(state.mutex);
    slot = std::make_shared<TaskSlot>(id, state.next_worker());
  }
  slot->on_failure = [this] { state_->changed(); };
  std::shared_ptr<const RouteSpec> spec = SpecOf(std::move(code), *made.task);
  state.route(*slot, std::move(dbrps), spec);
  slot->worker.run([&] { slot->install(std::move(made.task), spec); }, Worker::Order::Urgent);
  state.count_from_here(*slot);
  {
    std::lock_guard lock(state.mutex);
    state.slots[id] = std::move(slot);
  }
  state.changed();
  return "";
}

SwapReport Engine::swap(const std::string &id, std::vector<Dbrp> dbrps, std::shared_ptr<const Code> code) {
  State &state = *state_;
  Change change(state.mutex, state.changing, id);
  if (dbrps.empty()) return {"task does contain any dbrps", {}, {}};
  if (std::string error = LoopError(code->task(), dbrps); !error.empty()) return {error, {}, {}};
  std::shared_ptr<TaskSlot> slot = state.find(id);
  if (!slot || !slot->executing()) return {"task " + id + " is not executing", {}, {}};
  TaskResult made = Task::Prepare(id, code, state.services);
  if (!made.task) return {made.error, {}, {}};
  std::shared_ptr<const RouteSpec> spec = SpecOf(std::move(code), *made.task);
  SwapReport report;
  slot->worker.run(
      [&] {
        report = slot->swap(std::move(made.task), spec);
        if (report.error.empty()) state.route(*slot, std::move(dbrps), spec);
      },
      Worker::Order::Urgent);
  if (!report.error.empty()) return report;
  state.count_from_here(*slot);
  state.changed();
  return report;
}

void Engine::stop(const std::string &id, int64_t keep_ns) {
  State &state = *state_;
  state.drop_expired();
  Change change(state.mutex, state.changing, id);
  std::shared_ptr<TaskSlot> slot;
  {
    std::lock_guard lock(state.mutex);
    auto found = state.slots.find(id);
    if (found == state.slots.end()) return;
    slot = std::move(found->second);
    state.slots.erase(found);
    slot->routes.reset();
    slot->origins.clear();
  }
  state.changed();
  // Behind what was accepted before.
  std::unique_ptr<Task> task;
  slot->worker.run([&] { task = slot->remove(); }, Worker::Order::Queue);
  if (keep_ns <= 0 || !task || task->failed()) return;
  std::lock_guard lock(state.mutex);
  state.kept[id] = {std::move(task), state.services.now() + keep_ns};
}

bool Engine::running(const std::string &id) const {
  std::shared_ptr<TaskSlot> slot = state_->find(id);
  return slot && slot->executing();
}

bool Engine::with_task(const std::string &id, const std::function<void(Task &)> &use) {
  std::shared_ptr<TaskSlot> slot = state_->find(id);
  if (!slot) return false;
  bool ran = false;
  slot->worker.run([&] { ran = slot->with(use); }, Worker::Order::Queue);
  return ran;
}

void Engine::finish() {
  drain();
  std::vector<std::shared_ptr<TaskSlot>> slots;
  {
    std::lock_guard lock(state_->mutex);
    for (const auto &[id, slot] : state_->slots) slots.push_back(slot);
  }
  for (const auto &slot : slots)
    slot->worker.run([&] { slot->with([](Task &task) { task.finish(); }); }, Worker::Order::Queue);
  drain();
}

void Engine::drain() {
  // Tasks may write points themselves (loopback): until a round adds nothing.
  auto put = [this] {
    uint64_t n = 0;
    for (const auto &worker : state_->workers) n += worker->blocks_put();
    return n;
  };
  for (uint64_t before = ~uint64_t{0}; before != put();) {
    before = put();
    for (const auto &worker : state_->workers) worker->run([] {}, Worker::Order::Queue);
  }
}

}  // namespace tick
