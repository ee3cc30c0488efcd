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

void Worker::put(const std::shared_ptr<const Portions> &portions, std::vector<Portion> &to) {
  blocks_put_.fetch_add(1, std::memory_order_relaxed);
  std::unique_lock lock(mutex_);
  wait_for_room(lock);
  for (Portion &portion : to) queue_.push_back({portions, std::move(portion), &portion == &to.back(), nullptr});
  ++blocks_;
  wake(lock);
}

void Worker::post(std::function<void()> call, Order order) {
  std::unique_lock lock(mutex_);
  (order == Order::Urgent ? urgent_ : queue_).push_back({nullptr, {}, false, std::move(call)});
  wake(lock);
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

void Worker::wait_for_room(std::unique_lock<std::mutex> &lock) {
  if (!threaded_ || current_worker) return;
  ++waiting_;
  room_.wait(lock, [this] { return blocks_ < limit_ || closing_; });
  --waiting_;
}

// The worker sees to what was added.
void Worker::wake(std::unique_lock<std::mutex> &lock) {
  bool sleeps = idle_;
  lock.unlock();
  if (!threaded_) run_inline();
  else if (sleeps) more_.notify_one();
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
  if (job->last) {
    --blocks_;
    if (waiting_ > 0) room_.notify_one();
  }
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
  if (job.call) return job.call();
  const Portions &portions = *job.portions;
  auto [slot, first, count] = std::move(job.portion);
  slot->push(*portions.block, portions.request, std::span(portions.rows).subspan(first, count));
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
  blocks_ -= job->last;
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
