// auth.h - who sends a request, and whether they may (http-api.md 3).
//
// In: a request. Out: nothing where it may go on, or the answer that refuses it. On only with `[http] auth-enabled`.
// Without `[auth] enabled` every name, password and token is an admin's, as in Kapacitor: only the presence and form
// of credentials are checked then.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/daemon/http.h"
#include "runtime/daemon/users.h"

namespace tick {

struct AuthOptions {
  std::string shared_secret;   // of JWT bearer tokens
  bool open_debug = false;     // pprof-enabled: profiles and debug/vars are for everybody
  Users *users = nullptr;      // null: everybody is an admin
  // Subscription tokens: whether one is known, and whether it may write to a database.
  std::function<bool(const std::string &token)> known_token;
  std::function<bool(const std::string &token, const std::string &database)> token_writes;
};

class Auth {
 public:
  explicit Auth(AuthOptions options) : options_(std::move(options)) {}
  std::optional<Response> check(const Request &request) const;
  // Whether the request, which check() let through, may write to the database; the name of its user.
  bool may_write(const Request &request, const std::string &database, std::string *user) const;

 private:
  struct Caller {
    User user;
    std::string token;    // of a subscription
    std::string refusal;  // why there is no user
  };
  Caller caller(const Request &request) const;
  Caller by_password(const std::string &name, const std::string &password) const;
  Caller by_token(const std::string &token) const;
  Caller by_bearer(std::string_view token) const;
  AuthOptions options_;
};

// Who a request says sends it, for the access log: parameter `u` first, else basic auth, else "-".
std::string SenderName(const Request &request);

}  // namespace tick
