// worker.cpp - queues and the loop that empties them.
#include "runtime/engine/worker.h"

#include <algorithm>
#include <chrono>

#include "runtime/engine/services.h"
#include "runtime/engine/slot.h"

namespace tick {
namespace {

thread_local const Worker *current_worker = nullptr;

// The longest nap while a clock is due: the clock is that of Services and may be a test's.
constexpr int64_t kLongestNap = 100'000'000;

}  // namespace

Worker::Worker(Services &services, bool threaded, size_t queue_blocks)
    : services_(services), threaded_(threaded), limit_(std::max<size_t>(queue_blocks, 1)) {
  if (threaded_) thread_ = std::thread([this] { loop(); });
}

Worker::~Worker() {
  if (!threaded_) return;
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  more_.notify_all();
  room_.notify_all();
  thread_.join();
}

void Worker::put(std::shared_ptr<TaskSlot> slot, std::shared_ptr<const Block> block, const RequestBlock *request,
                 std::vector<uint32_t> rows) {
  blocks_put_.fetch_add(1, std::memory_order_relaxed);
  add({std::move(slot), std::move(block), request, std::move(rows), nullptr}, Order::Queue, true);
}

void Worker::post(std::function<void()> call, Order order) {
  add({nullptr, nullptr, nullptr, {}, std::move(call)}, order, false);
}

void Worker::run(const std::function<void()> &call, Order order) {
  if (current_worker == this) return call();
  std::promise<void> done;
  post(
      [&] {
        call();
        done.set_value();
      },
      order);
  done.get_future().wait();
}

void Worker::add(Job job, Order order, bool may_wait) {
  {
    std::unique_lock lock(mutex_);
    if (may_wait && threaded_ && !current_worker) {
      ++waiting_;
      room_.wait(lock, [this] { return queue_.size() < limit_ || closing_; });
      --waiting_;
    }
    (order == Order::Urgent ? urgent_ : queue_).push_back(std::move(job));
    if (threaded_ && !idle_) return;
  }
  if (threaded_) more_.notify_one();
  else run_inline();
}

bool Worker::take(Job *job) {
  std::unique_lock lock(mutex_);
  auto something = [this] { return closing_ || !urgent_.empty() || !queue_.empty(); };
  if (!something()) {
    idle_ = true;
    if (clocks_.empty()) {
      more_.wait(lock, something);
    } else {
      int64_t next = Node::kNever;
      for (const auto &[slot, time] : clocks_) next = std::min(next, time);
      int64_t nap = std::clamp<int64_t>(next - services_.now(), 0, kLongestNap);
      more_.wait_for(lock, std::chrono::nanoseconds(nap), something);
    }
    idle_ = false;
  }
  std::deque<Job> &from = urgent_.empty() ? queue_ : urgent_;
  if (from.empty()) return false;
  *job = std::move(from.front());
  from.pop_front();
  if (waiting_ > 0) room_.notify_one();
  return true;
}

void Worker::loop() {
  current_worker = this;
  for (;;) {
    Job job;
    if (take(&job)) {
      run_job(job);
    } else {
      std::lock_guard lock(mutex_);
      if (closing_ && urgent_.empty() && queue_.empty()) break;
    }
    if (!clocks_.empty()) strike();
  }
  current_worker = nullptr;
}

void Worker::run_job(Job &job) {
  if (job.call) job.call();
  else job.slot->push(*job.block, job.request, job.rows);
}

void Worker::run_inline() {
  std::unique_lock running(inline_mutex_);
  if (inline_running_) return;  // this thread is inside a job: its loop below gets to ours
  inline_running_ = true;
  const Worker *outer = current_worker;
  current_worker = this;
  for (Job job; take_now(&job); job = Job()) {
    run_job(job);
    if (!clocks_.empty()) strike();
  }
  current_worker = outer;
  inline_running_ = false;
}

bool Worker::take_now(Job *job) {
  std::lock_guard lock(mutex_);
  std::deque<Job> &from = urgent_.empty() ? queue_ : urgent_;
  if (from.empty()) return false;
  *job = std::move(from.front());
  from.pop_front();
  return true;
}

void Worker::set_clock(TaskSlot *slot, int64_t time) {
  if (time != Node::kNever) clocks_[slot] = time;
  else if (!clocks_.empty()) clocks_.erase(slot);
}

void Worker::strike() {
  int64_t now = services_.now();
  std::vector<TaskSlot *> due;
  for (const auto &[slot, time] : clocks_)
    if (time <= now) due.push_back(slot);
  for (TaskSlot *slot : due) slot->tick(now);
}

}  // namespace tick
