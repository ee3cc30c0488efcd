// row_poster.h - where an httpPost node sends its rows (nodes.md 10).
//
// In: rows, in order. Out: how each request ended, in the same order, told to the task by its waker. Somebody else's
// thread sends; nothing here waits but wait(), which has a bound.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine/services.h"

namespace tick {

class Waker;

struct RowPostSpec {
  std::string task, node, url, endpoint;
  std::vector<std::pair<std::string, std::string>> headers;
  bool capture_response = false;
  int64_t timeout_ns = 0;  // 0: none of the node's own
  std::shared_ptr<Waker> waker;
};

struct RowPostEnd {
  int status = 0;              // of HTTP; 0: there was no answer
  std::string message, cause;  // of a failure, for the log; empty where it went well
};

class RowPoster {
 public:
  virtual ~RowPoster() = default;
  // False: too many wait already, and this row is not sent.
  virtual bool post(Row row) = 0;
  // Whether take() has something.
  virtual bool pending() const = 0;
  virtual std::vector<RowPostEnd> take() = 0;
  // Returns when take() has something or nothing is under way, after some seconds at the latest: false.
  virtual bool wait() = 0;
  // What a task of the next generation that takes it over wants to be woken by.
  virtual void connect(std::shared_ptr<Waker> waker) = 0;
};

}  // namespace tick
