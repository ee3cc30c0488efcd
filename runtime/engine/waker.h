// waker.h - brings a task to its worker from another thread.
//
// A node that waits for something outside (a UDF's answer, a call of an API) gives that side its task's waker. wake()
// has the worker run Task::tick, which strikes the nodes whose next_tick() has come. Without a worker (tests) it does
// nothing: who owns the task calls tick.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

namespace tick {

class Waker {
 public:
  // From any thread. Calls before the worker got to the task are one.
  void wake() {
    if (posted_.exchange(true, std::memory_order_acq_rel)) return;
    std::lock_guard lock(mutex_);
    if (post_) post_();
    else posted_.store(false, std::memory_order_release);
  }
  // On the worker, before it looks at the task.
  void woken() { posted_.store(false, std::memory_order_release); }
  // post: has the worker call woken() and tick. None: nobody is woken any more once this returns.
  void connect(std::function<void()> post) {
    std::lock_guard lock(mutex_);
    post_ = std::move(post);
    posted_.store(false, std::memory_order_release);
  }

 private:
  std::atomic<bool> posted_{false};
  std::mutex mutex_;
  std::function<void()> post_;
};

}  // namespace tick
