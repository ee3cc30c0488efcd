// worker.h - a thread that runs tasks, and the bounded queue before it.
//
// In: jobs, in order. Who brings a job with points waits while the queue is full; jobs without points and those a
// worker makes itself never wait, or two full queues could wait for each other. Urgent jobs go before all others.
// Without a thread (inline) a job runs before put() returns, unless it comes from inside another job: then after it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "runtime/data/block.h"

namespace tick {

class RequestBlock;
class TaskSlot;
struct Services;

// Rows of a block for several tasks: what one dispatch made, and its jobs point into.
struct Portions {
  std::shared_ptr<const Block> block;
  const RequestBlock *request = nullptr;  // the same block, where it is of a request
  std::vector<uint32_t> rows;             // one task's after the other's
};
struct Portion {
  std::shared_ptr<TaskSlot> slot;
  uint32_t first, count;  // in `rows`
};

class Worker {
 public:
  enum class Order { Queue, Urgent };

  // threaded: has a thread of its own.
  Worker(Services &services, bool threaded, size_t queue_blocks);
  ~Worker();
  Worker(const Worker &) = delete;

  // Rows of a block for tasks of this worker, which are given up.
  void put(const std::shared_ptr<const Portions> &portions, std::vector<Portion> &to);
  void post(std::function<void()> call, Order order);
  // Runs `call` on the worker and waits for it; at once if this is the worker's own thread.
  void run(const std::function<void()> &call, Order order);
  // Blocks that were put so far.
  uint64_t blocks_put() const { return blocks_put_.load(std::memory_order_relaxed); }
  // The task behind the slot has a clock that strikes at `time` next; on the worker's thread.
  void set_clock(TaskSlot *slot, int64_t time);

 private:
  struct Job {
    std::shared_ptr<const Portions> portions;
    Portion portion;
    bool last = false;  // of its block
    std::function<void()> call;
  };
  void wait_for_room(std::unique_lock<std::mutex> &lock);
  void wake(std::unique_lock<std::mutex> &lock);
  void loop();
  bool take(Job *job);      // waits for one
  bool take_now(Job *job);
  void run_job(Job &job);
  void run_inline();
  void strike();

  Services &services_;
  const bool threaded_;
  const size_t limit_;
  std::mutex mutex_;
  std::condition_variable more_, room_;
  std::deque<Job> queue_, urgent_;
  size_t blocks_ = 0;  // in queue_
  bool idle_ = false, closing_ = false;
  unsigned waiting_ = 0;  // writers
  std::atomic<uint64_t> blocks_put_{0};
  std::recursive_mutex inline_mutex_;
  bool inline_running_ = false;
  std::unordered_map<TaskSlot *, int64_t> clocks_;  // of the worker's thread
  std::thread thread_;
};

}  // namespace tick
