// delivery.cpp - queues in front of alert handlers.
#include "runtime/daemon/delivery.h"

#include <atomic>

namespace tick {

struct Delivery::Queue {
  std::unique_ptr<AlertHandler> handler;
  HandlerReport report;
  size_t bound;
  std::mutex mutex;
  std::deque<AlertEvent> events;
  bool scheduled = false;  // in due_ or being served
  bool closed = false;
};

class Delivery::QueuedHandler final : public AlertHandler {
 public:
  QueuedHandler(Delivery &delivery, std::shared_ptr<Queue> queue) : delivery_(delivery), queue_(std::move(queue)) {}
  ~QueuedHandler() override {
    std::lock_guard lock(queue_->mutex);
    queue_->closed = true;
    queue_->events.clear();
  }
  void handle(const AlertEvent &event) override {
    {
      std::lock_guard lock(queue_->mutex);
      if (queue_->events.size() >= queue_->bound) {
        delivery_.dropped_.fetch_add(1, std::memory_order_relaxed);
        queue_->report("failed to deliver event \"" + event.id + "\" to handler", "its queue is full", {});
        return;
      }
      queue_->events.push_back(event);
      if (queue_->scheduled) return;
      queue_->scheduled = true;
    }
    delivery_.push(queue_);
  }

 private:
  Delivery &delivery_;
  std::shared_ptr<Queue> queue_;
};

Delivery::Delivery(unsigned threads) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Delivery::~Delivery() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ready_.notify_all();
  for (std::thread &thread : threads_) thread.join();
}

uint64_t Delivery::dropped() const { return dropped_.load(std::memory_order_relaxed); }

std::unique_ptr<AlertHandler> Delivery::queued(std::unique_ptr<AlertHandler> handler, size_t bound, HandlerReport report) {
  auto queue = std::make_shared<Queue>();
  queue->handler = std::move(handler);
  queue->report = std::move(report);
  queue->bound = bound;
  return std::make_unique<QueuedHandler>(*this, std::move(queue));
}

void Delivery::push(const std::shared_ptr<Queue> &queue) {
  std::lock_guard lock(mutex_);
  due_.push_back(queue);
  ready_.notify_one();
}

// One event of a handler at a time, then the handler goes to the end of the line: a slow one holds up one thread.
void Delivery::serve() {
  for (;;) {
    std::shared_ptr<Queue> queue;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [&] { return ending_ || !due_.empty(); });
      if (due_.empty()) return;
      queue = std::move(due_.front());
      due_.pop_front();
    }
    AlertEvent event;
    {
      std::lock_guard lock(queue->mutex);
      if (queue->closed || queue->events.empty()) {
        queue->scheduled = false;
        continue;
      }
      event = std::move(queue->events.front());
      queue->events.pop_front();
    }
    queue->handler->handle(event);
    queue->handler->flush();
    {
      std::lock_guard lock(queue->mutex);
      if (queue->closed || queue->events.empty()) {
        queue->scheduled = false;
        continue;
      }
    }
    push(queue);
  }
}

}  // namespace tick
