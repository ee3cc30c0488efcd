// http_client.h - outgoing HTTP: one call, one answer, over kept connections.
//
// In: a method, a URL, headers, a body. Out: status, headers and body, or an error in the words of Go's HTTP client
// ("Post "http://h/p": dial tcp 127.0.0.1:1: connect: connection refused"), which users search their logs for.
// Thread-safe. A call blocks its thread; who must not wait calls from a thread of its own. Errors name the URL
// without its password and query.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/net/cidrs.h"

namespace tick {

// Of ssl-ca, ssl-cert, ssl-key, insecure-skip-verify: paths, empty for the system's.
struct TlsOptions {
  std::string ca, cert, key;
  bool insecure = false;
};

struct HttpCall {
  std::string method = "GET", url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;                  // may hold any bytes; sent with its length
  std::string user, password;        // basic auth, where there is a user
  int64_t timeout_ns = 0;            // of the whole call; 0: none
  int64_t connect_timeout_ns = 10'000'000'000;
  TlsOptions tls;
  bool follow = true;                // redirects, at most ten
  // Takes the answer's body piece by piece instead of HttpAnswer::body; false ends the call with an error.
  std::function<bool(std::string_view)> receive;
  const std::atomic<bool> *cancelled = nullptr;  // set from another thread: the call ends within a second
};

struct HttpAnswer {
  int status = 0;                    // 0: there was no answer, `error` says why
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string error;
  bool ok() const { return error.empty() && status / 100 == 2; }
  const std::string *header(std::string_view lower_name) const;
};

class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient &) = delete;
  HttpClient &operator=(const HttpClient &) = delete;
  HttpAnswer send(const HttpCall &call);
  // Addresses that no client of the process connects to, whatever a name resolves to. Set once, before the first call.
  static void Forbid(std::vector<Cidr> ranges);
  // The process's own, for callers without settings of connections.
  static HttpClient &Shared();

 private:
  void *take();
  void give(void *handle);
  std::mutex mutex_;
  std::vector<void *> idle_;         // curl handles with their kept connections
};

// "http://user:xxxxx@host/path" of a URL that must not be told whole.
std::string RedactedUrl(std::string_view url);
// Percent-encodes as Go's url.QueryEscape does: a space becomes '+'.
std::string QueryEscape(std::string_view text);

}  // namespace tick
