// client.h - the command line's HTTP calls.
//
// One keep-alive connection to one daemon. A reply carries either what was asked for or the error in the words
// to show: the server's `error` (today) or `Error` (0.2), else what went wrong on the way.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tick::cli {

using Json = nlohmann::ordered_json;

struct Reply {
  int status = 0;
  std::string body;
  Json json;             // null where the body is none
  std::string error;     // empty: success
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
};

class Client {
 public:
  // url: http:// or https://, with user:pass@ if needed, or unix:///path of a socket. An error text where it is no such.
  static std::string Make(const std::string &url, bool skip_verify, std::unique_ptr<Client> *client);
  ~Client();

  // `body`: sent as JSON; null sends none.
  Reply call(const std::string &method, const std::string &path, const Json &body = nullptr);
  // Sends text as it is (0.2's scripts).
  Reply send(const std::string &method, const std::string &path, const std::string &text);
  // Hands over the body as it comes, until the server ends it or `take` returns false.
  Reply follow(const std::string &path, const std::function<bool(std::string_view)> &take);

 private:
  struct Connection;
  static std::string MakeUnix(const std::string &path, std::unique_ptr<Client> *client);
  explicit Client(std::unique_ptr<Connection> connection);
  Reply finish(const std::string &method, const std::string &path, void *result);
  std::unique_ptr<Connection> connection_;
};

// Percent-encodes everything but letters, digits and -_.~ (and '/' where `keep_slash`).
std::string Escape(std::string_view text, bool keep_slash = false);

}  // namespace tick::cli
