// http.h - requests and responses as handlers see them, and the table that finds a handler.
//
// Handlers know no HTTP library: they take a Request and return a Response. The listener (listener.h) does
// the wire. Rules of http-api.md 1, 2: headers every answer has, longest pattern wins, 404 for everything else.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tick {

struct Request {
  std::string method;
  std::string target;    // as sent: path and query
  std::string path;      // percent-decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;      // decoded, in order
  std::vector<std::pair<std::string, std::string>> headers;    // names in lower case
  std::shared_ptr<const std::string> body;                     // never null
  std::string remote;    // host of the peer

  const std::string *header(std::string_view lower_case_name) const;
  // The first value of a parameter, or "".
  std::string parameter(std::string_view name) const;
  std::vector<std::string> parameters(std::string_view name) const;
  bool has_parameter(std::string_view name) const;
};

// Writes a part of a streamed body; false once the client is gone.
using StreamWriter = std::function<bool(std::string_view)>;

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json; charset=utf-8";  // "": none
  std::vector<std::pair<std::string, std::string>> headers;
  bool plain = false;     // none of the headers every routed answer has
  // Set: the body is sent chunk by chunk as this writes it, on a thread of its own, until it returns.
  std::function<void(const StreamWriter &)> stream;
};

using Handler = std::function<Response(const Request &)>;

class Router {
 public:
  explicit Router(std::string version) : version_(std::move(version)) {}
  // A pattern that ends in '/' takes every path that begins with it, another one only itself.
  void add(std::string_view method, std::string pattern, Handler handler);
  // Asked before every handler: an answer it gives is sent instead of the handler's.
  void guard(std::function<std::optional<Response>(const Request &)> guard) { guard_ = std::move(guard); }
  // The answer, with the headers every answer has; never throws.
  Response route(const Request &request) const;
  // Pattern to methods, for B/:routes.
  std::map<std::string, std::vector<std::string>> patterns() const;

 private:
  Response answer(const Request &request) const;
  Response dispatch(const Request &request) const;
  Response dressed(const Request &request, Response response) const;
  std::string version_;
  std::function<std::optional<Response>(const Request &)> guard_;
  std::map<std::string, std::map<std::string, Handler>, std::less<>> table_;  // method, pattern
};

// A path and query as a client sends them, decoded into the request.
void ParseTarget(std::string_view target, Request *request);
std::string PercentDecode(std::string_view text, bool plus_is_space);
// The target as the access log shows it: a parameter `p` (a password) is redacted.
std::string RedactedTarget(const Request &request);
// `//`, `.` and `..` resolved, a trailing slash kept.
std::string CleanPath(std::string_view path);
// Random (version 4) UUID in lower case.
std::string RandomUuid();

// Deflates for Content-Encoding: gzip; inflates a gzip body, an error text in Go's words where it is none.
std::string Gzip(std::string_view bytes);
std::string Gunzip(std::string_view bytes, std::string *out);

}  // namespace tick
