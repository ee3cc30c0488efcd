// delivery.h - hands alert events to handlers that may wait, off the tasks' threads.
//
// A few threads serve all handlers; each handler has a bounded queue of its own, gets its events in order and
// one at a time. A full queue drops the event, counts it and says so. Destroying the queued handler forgets what
// waits and returns at once, whatever the receiver does.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/alert/local_handlers.h"
#include "runtime/engine/services.h"

namespace tick {

class Delivery {
 public:
  explicit Delivery(unsigned threads);
  // Lets what is queued go out for so long, then ends.
  ~Delivery();
  std::unique_ptr<AlertHandler> queued(std::unique_ptr<AlertHandler> handler, size_t bound, HandlerReport report);
  uint64_t dropped() const;

 private:
  struct Queue;
  class QueuedHandler;
  void serve();
  void push(const std::shared_ptr<Queue> &queue);

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::shared_ptr<Queue>> due_;  // handlers with events, each at most once
  bool ending_ = false;
  std::atomic<uint64_t> dropped_{0};
  std::vector<std::thread> threads_;
};

}  // namespace tick
