// auth.cpp - credentials to users, users to what they may do.
#include "runtime/daemon/auth.h"

#include <algorithm>

#include "runtime/daemon/json.h"
#include "runtime/net/jwt.h"
#include "runtime/text/base64.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr std::string_view kSubscriber = "~subscriber";

// One line, unlike other errors.
Response Refuse(int status, const std::string &text) {
  Response response;
  response.status = status;
  response.body = CompactJson({{"error", text}, {"message", text}});
  return response;
}

Privilege NeededBy(const std::string &method) {
  if (method == "GET") return Privilege::Read;
  if (method == "POST" || method == "PATCH" || method == "PUT") return Privilege::Write;
  if (method == "DELETE") return Privilege::Delete;
  return Privilege::None;
}

// "/api" and what is behind the API's base, or the path itself where it is outside.
std::string ResourceOf(const std::string &path) {
  for (std::string_view base : {"/kapacitor/v1preview", "/kapacitor/v1", "/api/v1"})
    if (path.starts_with(base)) return "/api" + path.substr(base.size());
  return "/api" + path;
}

std::string DatabaseResource(std::string database) {
  bool dirty = database.find('/') != std::string::npos;
  std::replace(database.begin(), database.end(), '/', '_');
  return "/database/" + database + (dirty ? "_dirty" : "_clean");
}

}  // namespace

namespace {

// Name and password of basic authentication.
std::optional<std::pair<std::string, std::string>> BasicCredentials(const Request &request) {
  const std::string *header = request.header("authorization");
  std::string pair;
  if (!header || !header->starts_with("Basic ") || !Base64Decode(std::string_view(*header).substr(6), &pair)) return std::nullopt;
  size_t colon = pair.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(pair.substr(0, colon), pair.substr(colon + 1));
}

}  // namespace

std::string SenderName(const Request &request) {
  if (std::string name = request.parameter("u"); !name.empty()) return name;
  auto basic = BasicCredentials(request);
  return basic && !basic->first.empty() ? basic->first : "-";
}

std::optional<Response> Auth::check(const Request &request) const {
  if (request.method == "OPTIONS") return std::nullopt;
  std::string resource = ResourceOf(request.path);
  if (options_.open_debug && resource.starts_with("/api/debug/")) return std::nullopt;
  Caller of = caller(request);
  if (!of.refusal.empty()) return Refuse(401, of.refusal);
  Privilege needed = NeededBy(request.method);
  bool allowed = of.token.empty() ? of.user.may(needed, resource)
                                  : needed == Privilege::None || resource == "/api/ping" || (needed == Privilege::Write && resource == "/api/write");
  if (allowed) return std::nullopt;
  return Refuse(403, "user " + of.user.name + " does not have \"" + std::string(PrivilegeName(needed)) +
                         "\" privilege for API endpoint \"" + request.path + "\"");
}

bool Auth::may_write(const Request &request, const std::string &database, std::string *user) const {
  Caller of = caller(request);
  *user = of.user.name;
  if (!of.refusal.empty()) return false;
  if (!of.token.empty()) return options_.token_writes(of.token, database);
  return of.user.may(Privilege::Write, DatabaseResource(database));
}

Auth::Caller Auth::caller(const Request &request) const {
  if (const std::string *header = request.header("authorization"); header && header->starts_with("Bearer "))
    return by_bearer(std::string_view(*header).substr(7));
  if (auto basic = BasicCredentials(request)) {
    const auto &[name, password] = *basic;
    return name == kSubscriber ? by_token(password) : by_password(name, password);
  }
  std::string name = request.parameter("u"), password = request.parameter("p");
  if (name.empty() || password.empty()) return {{}, "", "unable to parse authentication credentials"};
  return by_password(name, password);
}

Auth::Caller Auth::by_password(const std::string &name, const std::string &password) const {
  if (name.empty()) return {{}, "", "username required"};
  if (!options_.users) return {{name, true, {}}, "", ""};
  std::optional<User> user = options_.users->verify(name, password);
  if (!user) return {{}, "", "authorization failed"};
  return {*user, "", ""};
}

Auth::Caller Auth::by_token(const std::string &token) const {
  std::string name(kSubscriber);
  if (!options_.users) return {{name, true, {}}, "", ""};
  if (!options_.known_token(token)) return {{}, "", "invalid subscription token"};
  return {{name, false, {}}, token, ""};
}

Auth::Caller Auth::by_bearer(std::string_view token) const {
  std::string refusal;
  std::optional<std::string> name = JwtUser(token, options_.shared_secret, WallClock() / 1'000'000'000, &refusal);
  if (!name) return {{}, "", refusal};
  if (!options_.users) return {{*name, true, {}}, "", ""};
  std::optional<User> user = options_.users->find(*name);
  if (!user) return {{}, "", "no user exists"};
  return {*user, "", ""};
}

}  // namespace tick
