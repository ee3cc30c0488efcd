// delivery.h - hands alert events to handlers that may wait, off the tasks' threads.
//
// Each handler has a bounded queue of its own and gets its events in order and one at a time, on a thread that it has
// to itself as long as there is something to send: a slow or dead receiver holds up neither points nor other handlers.
// An event is kept in the journal, with the state change it tells of, before its handler sees it, and struck out when
// the handler is done with it: what a process leaves behind goes out in the next one. A try that did no harm is made
// again, later and later, as often as configured. What nobody got is told to the log and written down in full.
// Destroying a queued handler returns at once, whatever the receiver does.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/daemon/dead_letters.h"
#include "runtime/services/service.h"

namespace tick {

// Where what waits outlives the process.
class DeliveryJournal {
 public:
  virtual ~DeliveryJournal() = default;
  // An event waits for the handler of this key. The result is for await(): everything noted so far.
  virtual uint64_t waits(const std::string &key, uint64_t number, std::string event) = 0;
  // The handler is done with its events up to this number.
  virtual void done(const std::string &key, uint64_t number) = 0;
  // Returns when what was noted is kept, or after so long: an alert that cannot be kept is sent all the same.
  virtual void await(uint64_t noted, std::chrono::milliseconds most) = 0;
};

// Whose events they are. `key` names the handler over restarts: topic, handler and its options.
struct Recipient {
  std::string topic, handler;
  std::string key;
};
Recipient MakeRecipient(const std::string &topic, const std::string &handler, const std::string &options);

struct DeliveryOptions {
  size_t bound = 5000;
  int64_t retries = 0;
  int64_t retry_delay_ns = 1'000'000'000;  // before the first; doubled each time, with jitter
  std::string dead_letters;                // a file, or ""
  std::shared_ptr<std::atomic<bool>> ending = std::make_shared<std::atomic<bool>>(false);
};

struct DeliveryCount {
  std::string topic, handler;
  int64_t queued, delivered, failed, retried, dropped;
};

class Delivery : public std::enable_shared_from_this<Delivery> {
 public:
  static std::shared_ptr<Delivery> Make(DeliveryOptions options, DeliveryJournal *journal);
  ~Delivery();

  // An event that a former process left, before the handlers are made.
  void restore(const std::string &key, uint64_t number, AlertEvent event);
  // Puts a queue before a handler. It begins with what was restored for it, and with what a handler it replaces leaves.
  std::unique_ptr<AlertHandler> queued(std::unique_ptr<AlertHandler> handler, Recipient whose, HandlerReport report);
  // All handlers that there are have been made: what was restored for others is given up.
  void give_up_unclaimed();
  // Lets what waits go out for so long, then ends what is under way. From the first moment on a handler that ends
  // leaves what waits for it in the journal. No handler is called afterwards.
  void close(std::chrono::milliseconds drain);
  std::vector<DeliveryCount> counts() const;

 private:
  struct Item {
    AlertEvent event;
    uint64_t number = 0;  // in the journal, ascending
    uint64_t noted = 0;   // of the journal's await()
  };
  struct Counters {
    std::atomic<int64_t> delivered{0}, failed{0}, retried{0}, dropped{0};
  };
  struct Queue;
  class QueuedHandler;
  using SharedQueue = std::shared_ptr<Queue>;

  Delivery(DeliveryOptions options, DeliveryJournal *journal);
  void enqueue(const SharedQueue &queue, const AlertEvent &event);
  void end(const SharedQueue &queue);
  SharedQueue successor(const Queue &queue);
  void hand_over(Queue &from, std::deque<Item> left, const SharedQueue &to);
  void bury(const Recipient &whose, std::deque<Item> left, const char *cause);
  void schedule(SharedQueue queue);
  void serve();
  bool serve(Queue &queue);
  void deliver(Queue &queue, Item item);
  std::optional<SendFailure> send(Queue &queue, const AlertEvent &event);
  bool rest(Queue &queue, int64_t tries);
  bool pass_on(Queue &queue, Item *item);
  bool ending() const { return options_.ending->load(std::memory_order_relaxed); }

  const DeliveryOptions options_;
  DeliveryJournal *const journal_;
  DeadLetters dead_letters_;
  std::atomic<bool> closing_{false};
  std::atomic<uint64_t> next_number_;

  mutable std::mutex registry_mutex_;               // taken before a queue's
  std::map<std::string, std::weak_ptr<Queue>> registry_;  // the newest queue of each key
  std::map<std::string, std::deque<Item>> restored_;

  std::mutex mutex_;                                // of what follows; taken after a queue's
  std::condition_variable ready_, idle_changed_;
  std::deque<SharedQueue> due_;                     // with events, each at most once
  unsigned threads_ = 0, idle_ = 0;
};

}  // namespace tick
