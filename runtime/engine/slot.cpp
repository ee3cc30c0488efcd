// slot.cpp - what happens to a task between two blocks.
#include "runtime/engine/slot.h"

#include <algorithm>
#include <chrono>

namespace tick {
namespace {

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
constexpr int64_t kSecond = 1'000'000'000;

}  // namespace

void TaskSlot::install(std::unique_ptr<Task> task, std::shared_ptr<const RouteSpec> spec) {
  task_ = std::move(task);
  spec_ = std::move(spec);
  connect();
  executing_.store(true, std::memory_order_release);
  worker.set_clock(this, task_->next_tick());
}

SwapReport TaskSlot::swap(std::unique_ptr<Task> next, std::shared_ptr<const RouteSpec> spec) {
  SwapReport report;
  if (!task_ || task_->failed()) {
    report.error = "the task is not running";
    return report;
  }
  // Endpoints and handlers have one owner: the old generation gives them up before the next takes them.
  task_->stop();
  if (auto error = next->start()) {
    report.error = *error;
    if (auto again = task_->start()) task_->fail(*task_->nodes()[0], "could not go on after a refused swap: " + *again);
    after();
    return report;
  }
  report.carried = next->adopt(*task_);
  for (std::string &name : next->stateful_nodes())
    if (std::find(report.carried.begin(), report.carried.end(), name) == report.carried.end())
      report.fresh.push_back(std::move(name));
  task_->waker()->connect(nullptr);
  task_ = std::move(next);
  spec_ = std::move(spec);
  covering_.reset();
  connect();
  after();
  return report;
}

std::unique_ptr<Task> TaskSlot::remove() {
  executing_.store(false, std::memory_order_release);
  worker.set_clock(this, Node::kNever);
  if (task_) {
    task_->waker()->connect(nullptr);
    task_->stop();
  }
  spec_.reset();
  covering_.reset();
  return std::move(task_);
}

// What ends outside of the worker has the task struck there.
void TaskSlot::connect() {
  task_->waker()->connect([weak = weak_from_this(), waker = std::weak_ptr(task_->waker())] {
    std::shared_ptr<TaskSlot> slot = weak.lock();
    if (!slot) return;
    slot->worker.post(
        [slot, waker] {
          std::shared_ptr<Waker> of = waker.lock();
          if (!of || !slot->task_ || slot->task_->waker() != of) return;
          of->woken();
          slot->with([&](Task &task) { task.tick(task.services().now()); });
        },
        Worker::Order::Queue);
  });
}

// A block may have been parsed before the task began to read what it reads.
bool TaskSlot::covers(const RequestBlock &block) {
  if (block.reads() == covering_) return true;
  if (!spec_->covered_by(*block.reads())) return false;
  covering_ = block.reads();
  return true;
}

void TaskSlot::push(const Block &block, const RequestBlock *request, std::span<const uint32_t> rows) {
  if (!task_ || task_->failed()) return;
  if (request && !covers(*request)) task_->push(RereadBlock(*request), rows);
  else task_->push(block, rows);
  count(rows.size());
  after();
}

void TaskSlot::tick(int64_t now) {
  with([now](Task &task) { task.tick(now); });
}

void TaskSlot::after() {
  if (task_->failed() && executing()) {
    {
      std::lock_guard lock(failure_mutex_);
      failure_ = task_->failure();
    }
    executing_.store(false, std::memory_order_release);
    worker.set_clock(this, Node::kNever);
    task_->stop();
    if (on_failure) on_failure();
    return;
  }
  worker.set_clock(this, task_->next_tick());
}

std::string TaskSlot::failure() const {
  std::lock_guard lock(failure_mutex_);
  return failure_;
}

void TaskSlot::count(size_t points) {
  int64_t now = SteadyNow();
  if (now - second_began_ >= kSecond) {
    // What came since is a rate if it came without a long pause.
    int64_t passed = now - second_began_;
    throughput_ = passed < 10 * kSecond ? static_cast<double>(in_second_) * 1e9 / static_cast<double>(passed) : 0;
    throughput_until_ = now + 10 * kSecond;
    second_began_ = now;
    in_second_ = 0;
  }
  in_second_ += static_cast<int64_t>(points);
}

TaskSnapshot TaskSlot::snapshot() const {
  TaskSnapshot snapshot;
  snapshot.executing = executing();
  snapshot.error = failure();
  if (!task_) return snapshot;
  if (SteadyNow() < throughput_until_) snapshot.throughput = throughput_;
  const tick_task &descriptor = task_->descriptor();
  snapshot.old_dialect = task_->old_dialect();
  for (uint32_t i = 0; i < descriptor.n_nodes; ++i) {
    const Node &node = *task_->nodes()[descriptor.walk[i]];
    NodeSnapshot &row = snapshot.nodes.emplace_back();
    row.name = node.name();
    row.kind = node.spec().kind;
    row.stats = node.stats();
    row.errors = node.error_counts();
    for (size_t c = 0; c < node.children().size(); ++c)
      row.edges.emplace_back(node.children()[c].first->name(), node.child_collected[c].get());
  }
  return snapshot;
}

}  // namespace tick
