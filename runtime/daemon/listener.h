// listener.h - accepts HTTP connections and hands requests to a function.
//
// A few threads wait for all connections, so ten thousand idle ones cost memory and no thread; requests run
// on a pool, because a write may wait for room in a task's queue. Bodies of any size, chunked or not, gzip,
// Expect: 100-continue, keep-alive. A client that stalls inside a request or an answer is cut off. Answers without an
// end have threads of their own, a bounded number. TCP, with TLS if wanted, and a Unix socket beside it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/daemon/http.h"

namespace tick {

struct ListenOptions {
  std::string address = ":9092";      // host:port, host may be empty
  std::string unix_socket;            // a path; "": none
  unsigned io_threads = 2;
  unsigned handler_threads = 16;
  unsigned most_streams = 64;         // answers without an end at a time
  int64_t stall_ms = 60'000;          // longest silence inside a request or an answer
  bool tls = false;                   // HTTPS on the address
  std::string certificate, private_key;  // PEM files; no key: it is in the certificate's
  std::string min_version, max_version;  // "tls1.0" to "tls1.3"; "" is 1.2 and the newest
  std::vector<std::string> ciphers;      // names as IANA has them; none: all good ones
};

class Config;
ListenOptions ListenOptionsOf(const Config &config);

class Listener {
 public:
  using Route = std::function<Response(const Request &)>;
  // Called once a request when it was answered: for the access log. Duration in ns.
  using Answered = std::function<void(const Request &, const Response &, int64_t duration)>;

  struct State;  // listener_state.h

  Listener(ListenOptions options, Route route, Answered answered);
  ~Listener();
  // Binds and starts; an error text as Go would say it ("listen tcp :9092: bind: address already in use").
  std::string start();
  // The port bound (for port 0).
  uint16_t port() const;
  // Takes no more connections, lets requests under way end for so long, then closes the rest.
  void stop(int grace_ms);

 private:
  std::string listen_tcp();
  std::string listen_unix();
  std::shared_ptr<State> state_;
};

}  // namespace tick
