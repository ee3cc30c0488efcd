// delivery.cpp - queues in front of alert handlers, and the threads that serve them.
#include "runtime/daemon/delivery.h"

#include <algorithm>
#include <random>
#include <thread>

#include "runtime/daemon/event_archive.h"
#include "runtime/daemon/tasks.h"

namespace tick {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kMostThreads = 512;
constexpr auto kIdle = std::chrono::seconds(5);       // a thread that has nothing to do for so long ends
constexpr unsigned kTurn = 64;                        // events of a queue before others get the thread
constexpr milliseconds kMostKeeping{2000};            // so long an event waits for the journal
constexpr int64_t kMostDelay = 60'000'000'000;
constexpr milliseconds kLook{50};

// Half to one and a half of the delay, doubled each time.
std::chrono::nanoseconds Delay(int64_t first, int64_t tries) {
  thread_local std::minstd_rand random{std::random_device{}()};
  double delay = static_cast<double>(first) * static_cast<double>(int64_t{1} << std::min<int64_t>(tries, 20));
  delay = std::min(delay, static_cast<double>(kMostDelay)) * std::uniform_real_distribution<>(0.5, 1.5)(random);
  return std::chrono::nanoseconds(static_cast<int64_t>(delay));
}

std::string PrefixOf(const Recipient &whose) { return whose.topic + "\n" + whose.handler + "\n"; }

Recipient RecipientOf(const std::string &key) {
  size_t first = key.find('\n'), second = key.find('\n', first + 1);
  if (first == std::string::npos || second == std::string::npos) return {"", "", key};
  return {key.substr(0, first), key.substr(first + 1, second - first - 1), key};
}

}  // namespace

Recipient MakeRecipient(const std::string &topic, const std::string &handler, const std::string &options) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a: the same in every process, and options may be secrets
  for (unsigned char c : options) hash = (hash ^ c) * 1099511628211u;
  return {topic, handler, topic + "\n" + handler + "\n" + std::to_string(hash)};
}

struct Delivery::Queue {
  Recipient whose;
  std::unique_ptr<AlertHandler> handler;
  SendingHandler *sending = nullptr;  // the handler, if its tries can be told from each other
  HandlerReport report;
  std::shared_ptr<Counters> counters;
  std::mutex mutex;
  std::condition_variable ended;
  std::deque<Item> events;
  bool scheduled = false;  // in due_ or being served
  bool closed = false;
};

class Delivery::QueuedHandler final : public AlertHandler {
 public:
  QueuedHandler(std::shared_ptr<Delivery> delivery, SharedQueue queue) : delivery_(std::move(delivery)), queue_(std::move(queue)) {}
  ~QueuedHandler() override { delivery_->end(queue_); }
  void handle(const AlertEvent &event) override { delivery_->enqueue(queue_, event); }

 private:
  std::shared_ptr<Delivery> delivery_;
  SharedQueue queue_;
};

std::shared_ptr<Delivery> Delivery::Make(DeliveryOptions options, DeliveryJournal *journal) {
  return std::shared_ptr<Delivery>(new Delivery(std::move(options), journal));
}

// Numbers go on over restarts: they begin at the clock.
Delivery::Delivery(DeliveryOptions options, DeliveryJournal *journal)
    : options_(std::move(options)), journal_(journal), dead_letters_(options_.dead_letters), next_number_(static_cast<uint64_t>(WallClock())) {}

Delivery::~Delivery() = default;

// --- queues ----------------------------------------------------------------------------------------

void Delivery::restore(const std::string &key, uint64_t number, AlertEvent event) {
  std::lock_guard lock(registry_mutex_);
  restored_[key].push_back({std::move(event), number, 0});
}

std::unique_ptr<AlertHandler> Delivery::queued(std::unique_ptr<AlertHandler> handler, Recipient whose, HandlerReport report) {
  auto queue = std::make_shared<Queue>();
  queue->whose = std::move(whose);
  queue->sending = dynamic_cast<SendingHandler *>(handler.get());
  queue->handler = std::move(handler);
  queue->report = std::move(report);
  {
    std::lock_guard lock(registry_mutex_);
    std::weak_ptr<Queue> &newest = registry_[queue->whose.key];
    SharedQueue before = newest.lock();
    queue->counters = before ? before->counters : std::make_shared<Counters>();
    newest = queue;
    if (auto left = restored_.find(queue->whose.key); left != restored_.end()) {
      queue->events = std::move(left->second);
      restored_.erase(left);
    }
    queue->scheduled = !queue->events.empty();
  }
  if (queue->scheduled) schedule(queue);
  return std::make_unique<QueuedHandler>(shared_from_this(), std::move(queue));
}

void Delivery::enqueue(const SharedQueue &queue, const AlertEvent &event) {
  Item item{event, next_number_.fetch_add(1, std::memory_order_relaxed), 0};
  bool full = false;
  {
    std::lock_guard lock(queue->mutex);
    full = queue->events.size() >= options_.bound;
    if (!full) {
      if (journal_) item.noted = journal_->waits(queue->whose.key, item.number, SaveEvent(event));
      queue->events.push_back(std::move(item));
      if (queue->scheduled) return;
      queue->scheduled = true;
    }
  }
  if (!full) return schedule(queue);
  queue->counters->dropped.fetch_add(1, std::memory_order_relaxed);
  queue->report("failed to deliver event \"" + event.id + "\" to handler", "its queue is full", {});
  dead_letters_.write(queue->whose.topic, queue->whose.handler, "its queue is full", event);
}

// The handler that takes an ended one's place: of the same key, or of the same name with other options.
Delivery::SharedQueue Delivery::successor(const Queue &queue) {
  auto live = [&](const std::weak_ptr<Queue> &each) {
    SharedQueue other = each.lock();
    if (!other || other.get() == &queue) return SharedQueue();
    std::lock_guard lock(other->mutex);
    return other->closed ? SharedQueue() : other;
  };
  if (auto same = registry_.find(queue.whose.key); same != registry_.end())
    if (SharedQueue other = live(same->second)) return other;
  std::string prefix = PrefixOf(queue.whose);
  for (auto at = registry_.lower_bound(prefix); at != registry_.end() && at->first.starts_with(prefix); ++at)
    if (SharedQueue other = live(at->second)) return other;
  return nullptr;
}

void Delivery::end(const SharedQueue &queue) {
  std::deque<Item> left;
  SharedQueue next;
  {
    std::lock_guard registry_lock(registry_mutex_);
    {
      std::lock_guard lock(queue->mutex);
      queue->closed = true;
      left.swap(queue->events);
      queue->ended.notify_all();
    }
    next = successor(*queue);
    auto newest = registry_.find(queue->whose.key);
    if (newest != registry_.end() && newest->second.lock() == queue) registry_.erase(newest);
  }
  if (left.empty() || closing_) return;
  if (next) hand_over(*queue, std::move(left), next);
  else bury(queue->whose, std::move(left), "its handler was taken away");
}

void Delivery::hand_over(Queue &from, std::deque<Item> left, const SharedQueue &to) {
  const std::string &key = to->whose.key;
  uint64_t last = left.back().number;
  {
    std::lock_guard lock(to->mutex);
    for (auto item = left.rbegin(); item != left.rend(); ++item) {
      if (journal_ && key != from.whose.key) item->noted = journal_->waits(key, item->number, SaveEvent(item->event));
      to->events.push_front(std::move(*item));
    }
    if (std::exchange(to->scheduled, true)) return;
  }
  if (journal_ && key != from.whose.key) journal_->done(from.whose.key, last);
  schedule(to);
}

void Delivery::bury(const Recipient &whose, std::deque<Item> left, const char *cause) {
  for (const Item &item : left) dead_letters_.write(whose.topic, whose.handler, cause, item.event);
  if (journal_ && !left.empty()) journal_->done(whose.key, left.back().number);
}

void Delivery::give_up_unclaimed() {
  std::map<std::string, std::deque<Item>> restored;
  {
    std::lock_guard lock(registry_mutex_);
    restored.swap(restored_);
  }
  for (auto &[key, left] : restored) {
    Queue gone;
    gone.whose = RecipientOf(key);
    SharedQueue next;
    {
      std::lock_guard lock(registry_mutex_);
      next = successor(gone);
    }
    if (next) hand_over(gone, std::move(left), next);
    else bury(gone.whose, std::move(left), "its handler is no more");
  }
}

std::vector<DeliveryCount> Delivery::counts() const {
  std::vector<DeliveryCount> all;
  std::lock_guard registry_lock(registry_mutex_);
  for (const auto &[key, weak] : registry_) {
    SharedQueue queue = weak.lock();
    if (!queue) continue;
    std::lock_guard lock(queue->mutex);
    const Counters &of = *queue->counters;
    all.push_back({queue->whose.topic, queue->whose.handler, static_cast<int64_t>(queue->events.size()), of.delivered, of.failed, of.retried,
                   of.dropped});
  }
  return all;
}

// --- threads ---------------------------------------------------------------------------------------

void Delivery::schedule(SharedQueue queue) {
  std::lock_guard lock(mutex_);
  if (ending()) return;
  due_.push_back(std::move(queue));
  if (idle_ >= due_.size() || threads_ >= kMostThreads) return ready_.notify_one();
  ++threads_;
  std::thread([self = shared_from_this()] { self->serve(); }).detach();
}

void Delivery::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    bool any = ready_.wait_for(lock, kIdle, [&] { return ending() || !due_.empty(); });
    --idle_;
    if (!any || ending()) break;
    SharedQueue queue = std::move(due_.front());
    due_.pop_front();
    lock.unlock();
    bool more = serve(*queue);
    lock.lock();
    if (more && !ending()) due_.push_back(std::move(queue));
  }
  --threads_;
  idle_changed_.notify_all();
}

// False: nothing waits in the queue any more.
bool Delivery::serve(Queue &queue) {
  for (unsigned n = 0; n < kTurn && !ending(); ++n) {
    Item item;
    {
      std::lock_guard lock(queue.mutex);
      if (queue.closed || queue.events.empty()) return queue.scheduled = false;
      item = std::move(queue.events.front());
      queue.events.pop_front();
    }
    deliver(queue, std::move(item));
  }
  return true;
}

// Waits before the next try; false where it is not to be made.
bool Delivery::rest(Queue &queue, int64_t tries) {
  auto until = std::chrono::steady_clock::now() + Delay(options_.retry_delay_ns, tries);
  std::unique_lock lock(queue.mutex);
  while (!queue.closed && !ending() && std::chrono::steady_clock::now() < until) queue.ended.wait_for(lock, kLook);
  return !queue.closed && !ending();
}

std::optional<SendFailure> Delivery::send(Queue &queue, const AlertEvent &event) {
  if (!queue.sending) {
    queue.handler->handle(event);
    queue.handler->flush();
    return std::nullopt;
  }
  for (int64_t tries = 0;; ++tries) {
    std::optional<SendFailure> failure = queue.sending->send(event);
    if (!failure || !failure->again || tries >= options_.retries || ending()) return failure;
    queue.counters->retried.fetch_add(1, std::memory_order_relaxed);
    if (!rest(queue, tries)) return failure;
  }
}

// An event whose handler ended before it could be tried again goes to the one in its place.
bool Delivery::pass_on(Queue &queue, Item *item) {
  {
    std::lock_guard lock(queue.mutex);
    if (!queue.closed) return false;
  }
  SharedQueue next;
  {
    std::lock_guard lock(registry_mutex_);
    next = successor(queue);
  }
  if (!next) return false;
  std::deque<Item> left;
  left.push_back(std::move(*item));
  hand_over(queue, std::move(left), next);
  return true;
}

void Delivery::deliver(Queue &queue, Item item) {
  if (journal_) journal_->await(item.noted, kMostKeeping);
  if (ending()) return;  // the next process sends it
  std::optional<SendFailure> failure = send(queue, item.event);
  if (failure && ending()) return;
  if (failure && failure->again && pass_on(queue, &item)) return;
  Counters &counters = *queue.counters;
  (failure ? counters.failed : counters.delivered).fetch_add(1, std::memory_order_relaxed);
  if (failure) {
    dead_letters_.write(queue.whose.topic, queue.whose.handler, failure->message + ": " + failure->cause, item.event);
    queue.sending->report(*failure);
  }
  if (journal_) journal_->done(queue.whose.key, item.number);
}

void Delivery::close(milliseconds drain) {
  closing_ = true;
  auto until = std::chrono::steady_clock::now() + drain;
  std::unique_lock lock(mutex_);
  while (std::chrono::steady_clock::now() < until && (!due_.empty() || idle_ < threads_)) idle_changed_.wait_for(lock, milliseconds(5));
  options_.ending->store(true);
  ready_.notify_all();
  idle_changed_.wait(lock, [&] { return threads_ == 0; });
  due_.clear();
  lock.unlock();
  // Handlers know services that end before the queues do.
  std::lock_guard registry_lock(registry_mutex_);
  for (const auto &[key, weak] : registry_)
    if (SharedQueue queue = weak.lock()) {
      queue->sending = nullptr;
      queue->handler.reset();
    }
}

}  // namespace tick
