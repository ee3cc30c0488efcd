// listener.h - accepts HTTP connections and hands requests to a function.
//
// A few threads wait for all connections, so ten thousand idle ones cost memory and no thread; requests run
// on a pool, because a write may wait for room in a task's queue. Bodies of any size, chunked or not, gzip,
// Expect: 100-continue, keep-alive. A client that stalls inside a request is cut off.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "runtime/daemon/http.h"

namespace tick {

struct ListenOptions {
  std::string address = ":9092";      // host:port, host may be empty; unix:/path for a socket
  unsigned io_threads = 2;
  unsigned handler_threads = 16;
  int64_t stall_ms = 60'000;          // longest silence inside a request
  std::string certificate, private_key;  // set: HTTPS
};

class Listener {
 public:
  using Route = std::function<Response(const Request &)>;
  // Called once a request when it was answered: for the access log. Duration in ns.
  using Answered = std::function<void(const Request &, const Response &, int64_t duration)>;

  Listener(ListenOptions options, Route route, Answered answered);
  ~Listener();
  // Binds and starts; an error text as Go would say it ("listen tcp :9092: bind: address already in use").
  std::string start();
  // The port bound (for port 0).
  uint16_t port() const;
  // Takes no more connections, lets requests under way end for so long, then closes the rest.
  void stop(int grace_ms);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tick
