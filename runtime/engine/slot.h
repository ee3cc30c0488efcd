// slot.h - the place of a task: one generation of its code after the other.
//
// A slot belongs to one worker; everything that touches its task runs there, between two blocks. A swap puts the
// next generation in its place and carries state over; the one before is destroyed, its code with it, before the
// next block.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/route_spec.h"
#include "runtime/engine/worker.h"
#include "runtime/io/request_block.h"

namespace tick {

class TaskSlot : public std::enable_shared_from_this<TaskSlot> {
 public:
  TaskSlot(std::string id, Worker &worker) : id(std::move(id)), worker(worker) {}

  // --- on the worker
  void install(std::unique_ptr<Task> task, std::shared_ptr<const RouteSpec> spec);
  // Puts `next` in place of the task, with its state; where `next` does not start the old one goes on.
  SwapReport swap(std::unique_ptr<Task> next, std::shared_ptr<const RouteSpec> spec);
  // Stops the task and hands it out.
  std::unique_ptr<Task> remove();
  // request: the same block, where it is of a request.
  void push(const Block &block, const RequestBlock *request, std::span<const uint32_t> rows);
  void tick(int64_t now);
  Task *task() const { return task_.get(); }
  TaskSnapshot snapshot() const;
  // Runs `use` on the task, if there is one that goes on, and looks after it.
  template <class F>
  bool with(F &&use) {
    if (!task_ || task_->failed()) return false;
    use(*task_);
    after();
    return true;
  }

  // --- from any thread
  std::string failure() const;
  bool executing() const { return executing_.load(std::memory_order_acquire); }

  const std::string id;
  Worker &worker;
  std::function<void()> on_failure;  // called on the worker, once

  // Of the engine, under its lock.
  std::vector<Dbrp> dbrps;
  std::vector<const Origin *> origins;
  std::shared_ptr<const RouteSpec> routes;
  std::unordered_map<const void *, int64_t> points_before;  // of a measurement, when this generation began
  std::atomic<int64_t> delivered{0};                        // points put into the queue for this generation

 private:
  void after();
  void connect();
  void count(size_t points);

  bool covers(const RequestBlock &block);

  std::unique_ptr<Task> task_;
  std::shared_ptr<const RouteSpec> spec_;    // of task_
  std::shared_ptr<const ReadSet> covering_;  // the last found to hold all that task_ reads
  std::atomic<bool> executing_{false};
  mutable std::mutex failure_mutex_;
  std::string failure_;
  // Points a second, over the last whole second in which some came.
  int64_t second_began_ = 0, in_second_ = 0;
  double throughput_ = 0;
  int64_t throughput_until_ = 0;
};

}  // namespace tick
