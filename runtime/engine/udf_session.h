// udf_session.h - a running user-defined function, as its node sees it (nodes.md 28).
//
// In: points and batches of the node's input. Out: what the function answers, taken when it has come. Another thread
// talks to the process or socket; nothing here waits but wait(), save() and drain(), which have bounds. One thread.
// Destroying it ends the function.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/block.h"

namespace tick {

class Waker;

struct UdfPoint {
  const Series *series;
  int64_t time;
  Fields fields;  // strings are the message's
};

// A point, or a batch.
struct UdfMessage {
  bool batch = false;
  Name name = nullptr;
  bool by_name = false;
  Tags tags;          // of a batch: its group's
  std::vector<Name> dimensions;  // of a point, sorted
  int64_t tmax = 0;   // of a batch
  std::vector<UdfPoint> points;
  std::shared_ptr<Arena> memory;
};

class UdfSession {
 public:
  virtual ~UdfSession() = default;
  virtual void send(const Frame &frame) = 0;
  virtual void send(const Batch &batch) = 0;
  // More was sent than the function took so far: the sender should wait().
  virtual bool full() const = 0;
  // Until it is no longer full, something came, or it has ended.
  virtual void wait() = 0;
  // Whether there is something for the node: answers, or the end. Any thread.
  virtual bool pending() const = 0;
  // What has come, some thousand messages at most.
  virtual std::vector<UdfMessage> take() = 0;
  // Why it ended, once everything that came was taken; empty while it runs.
  virtual std::string failure() const = 0;
  // Asks for its state as it is once all that was sent is taken up, and waits for it.
  virtual void save() = 0;
  // The state it gave last, empty where it has none, and giving it one.
  virtual std::string state() const = 0;
  virtual void restore(const std::string &state) = 0;
  // No more will be sent. True: more may come, take it and call again. False: all has come, or it took too long.
  virtual bool drain() = 0;
};

// An option as the script sets it, values in the order of the script.
struct UdfOption {
  std::string_view name;
  const tick_arg *args;
  uint32_t n_args;
};
struct UdfRequest {
  std::string_view function, task, node;
  std::vector<UdfOption> options;
  std::shared_ptr<Waker> waker;
  bool keeps_state = true;  // false: begins without a saved state and saves none (replays)
};

}  // namespace tick
