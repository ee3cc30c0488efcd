// users.h - who may use the API: users with passwords and permissions, kept in the store (http-api.md 3, 16).
//
// Passwords are kept as bcrypt hashes. A password that fitted is remembered for `cache-expiration` as a keyed digest, so
// that not every request pays for bcrypt; users are read from the store once, since each request asks for one.
// Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/daemon/api.h"
#include "runtime/daemon/json.h"
#include "runtime/daemon/store.h"

namespace tick {

enum class Privilege : uint8_t { None, Read, Write, Delete, All };
std::string_view PrivilegeName(Privilege privilege);  // none, read, write, delete, all

struct User {
  std::string name;
  bool admin = false;
  std::vector<std::string> permissions;  // api, config_api, write_points, all, none
  // Whether the entry of the resource's longest ancestor that has one allows it.
  bool may(Privilege privilege, std::string_view resource) const;
};

class Users {
 public:
  Users(Store &store, int bcrypt_cost, int64_t cache_ns);
  std::optional<User> find(const std::string &name) const;
  // The user, if the password is theirs.
  std::optional<User> verify(const std::string &name, const std::string &password);
  std::vector<std::string> names() const;  // sorted
  // http-api.md 16; `made` has no name where there was such a user already.
  Refusal create(const Json &body, User *made);
  Refusal change(const std::string &name, const Json &body, User *changed);
  void remove(const std::string &name);

 private:
  struct Account {
    User user;
    std::string hash;
    std::string digest;   // of the password that fitted last
    int64_t until = 0;    // it is believed
  };
  std::string hash(const std::string &password) const;
  Refusal write(const User &user, const std::string &hash);

  Store &store_;
  int cost_;
  int64_t cache_ns_;
  std::string key_;  // of this process, for digests
  mutable std::mutex mutex_;
  std::map<std::string, Account> accounts_;
};

// B/users; `users` null: [auth] is off, and there are no such routes.
void AddUserRoutes(Router *router, Users *users);

}  // namespace tick
