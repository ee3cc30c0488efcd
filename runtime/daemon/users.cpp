// users.cpp - users in the store, their passwords and what they may do.
#include "runtime/daemon/users.h"

#include <crypt.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cctype>

#include "runtime/net/hmac.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr std::string_view kKind = "user";

// What a permission grants, by resource. A user's privileges are those of all their permissions; what one of them
// grants another does not take away.
struct Grant {
  std::string_view permission, resource;
  Privilege privilege;
};
constexpr Grant kGrants[] = {
    {"api", "/api", Privilege::All},           {"api", "/api/write", Privilege::None}, {"api", "/api/config", Privilege::None},
    {"config_api", "/api/ping", Privilege::All}, {"config_api", "/api/config", Privilege::All},
    {"write_points", "/api/ping", Privilege::All}, {"write_points", "/api/write", Privilege::All},
    {"write_points", "/database", Privilege::Write},
};
constexpr std::string_view kPermissions[] = {"api", "config_api", "write_points", "all", "none"};

bool Has(const User &user, std::string_view permission) {
  return std::any_of(user.permissions.begin(), user.permissions.end(),
                     [&](const std::string &own) { return own == permission || own == "all"; });
}

bool Covers(std::string_view ancestor, std::string_view resource) {
  return resource.starts_with(ancestor) && (resource.size() == ancestor.size() || resource[ancestor.size()] == '/');
}

Refusal ReadPermissions(const Json &list, std::vector<std::string> *permissions) {
  permissions->clear();
  for (const Json &item : list) {
    std::string word = item.is_string() ? item.get<std::string>() : item.dump();
    if (std::find(std::begin(kPermissions), std::end(kPermissions), word) == std::end(kPermissions))
      return {400, "invalid permissions: unknown permission " + GoQuote(word), nullptr};
    permissions->push_back(std::move(word));
  }
  return {};
}

std::string TextOf(const Json &body, std::string_view name) {
  const Json *member = Member(body, name);
  return member && member->is_string() ? member->get<std::string>() : "";
}

}  // namespace

std::string_view PrivilegeName(Privilege privilege) {
  constexpr std::string_view kNames[] = {"none", "read", "write", "delete", "all"};
  return kNames[static_cast<size_t>(privilege)];
}

bool User::may(Privilege privilege, std::string_view resource) const {
  if (admin || privilege == Privilege::None) return true;
  size_t longest = 0;
  bool allowed = false;
  for (const Grant &grant : kGrants) {
    if (!Has(*this, grant.permission) || !Covers(grant.resource, resource) || grant.resource.size() < longest) continue;
    bool grants = grant.privilege == Privilege::All || grant.privilege == privilege;
    allowed = grant.resource.size() == longest ? allowed || grants : grants;
    longest = grant.resource.size();
  }
  return allowed;
}

Users::Users(Store &store, int bcrypt_cost, int64_t cache_ns) : store_(store), cost_(bcrypt_cost), cache_ns_(cache_ns), key_(32, '\0') {
  RAND_bytes(reinterpret_cast<unsigned char *>(key_.data()), static_cast<int>(key_.size()));
  for (const auto &[name, text] : store_.list(kKind)) {
    Json stored = Json::parse(text, nullptr, false);
    if (!stored.is_object()) continue;
    Account account{{name, stored.value("admin", false), {}}, stored.value("hash", ""), "", 0};
    ReadPermissions(stored.value("permissions", Json::array()), &account.user.permissions);
    accounts_[name] = std::move(account);
  }
}

std::optional<User> Users::find(const std::string &name) const {
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(name);
  if (found == accounts_.end()) return std::nullopt;
  return found->second.user;
}

std::string Users::hash(const std::string &password) const {
  char salt[CRYPT_GENSALT_OUTPUT_SIZE];
  crypt_data data{};
  if (!crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost_), nullptr, 0, salt, sizeof salt)) return "";
  const char *hash = crypt_r(password.c_str(), salt, &data);
  return hash && hash[0] == '$' ? hash : "";
}

std::optional<User> Users::verify(const std::string &name, const std::string &password) {
  std::string digest = Hmac(key_, password), wanted;
  int64_t now = WallClock();
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(name);
    if (found == accounts_.end()) return std::nullopt;
    const Account &account = found->second;
    if (account.until > now && SameSecret(account.digest, digest)) return account.user;
    wanted = account.hash;
  }
  crypt_data data{};
  const char *got = wanted.empty() ? nullptr : crypt_r(password.c_str(), wanted.c_str(), &data);
  if (!got || !SameSecret(got, wanted)) return std::nullopt;
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(name);
  if (found == accounts_.end() || found->second.hash != wanted) return std::nullopt;  // changed meanwhile
  found->second.digest = std::move(digest);
  found->second.until = now + cache_ns_;
  return found->second.user;
}

std::vector<std::string> Users::names() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto &[name, account] : accounts_) names.push_back(name);
  return names;
}

Refusal Users::write(const User &user, const std::string &hash) {
  Json json = {{"hash", hash}, {"admin", user.admin}, {"permissions", user.permissions}};
  std::lock_guard lock(mutex_);
  if (std::string error = store_.put(kKind, user.name, json.dump()); !error.empty()) return {500, error, nullptr};
  accounts_[user.name] = {user, hash, "", 0};
  return {};
}

Refusal Users::create(const Json &body, User *made) {
  if (!body.is_object()) return {400, "invalid JSON", nullptr};
  User user{TextOf(body, "name"), TextOf(body, "type") == "admin", {}};
  if (user.name.empty()) return {400, "username is required", nullptr};
  bool plain = std::all_of(user.name.begin(), user.name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '.' || c == '@' || c == '_';
  });
  if (!plain) return {400, "username must contain only letters, numbers, '-', '.', '@' and '_'. " + GoQuote(user.name), nullptr};
  std::string password = TextOf(body, "password");
  if (password.empty()) return {400, "password is required", nullptr};
  if (const Json *list = Member(body, "permissions"); list && list->is_array())
    if (Refusal refusal = ReadPermissions(*list, &user.permissions)) return refusal;
  if (user.admin) user.permissions.clear();
  if (find(user.name)) return {};
  std::string hashed = hash(password);
  if (hashed.empty()) return {500, "cannot hash the password", nullptr};
  *made = user;
  return write(user, hashed);
}

Refusal Users::change(const std::string &name, const Json &body, User *changed) {
  if (!body.is_object()) return {400, "invalid JSON", nullptr};
  User user;
  std::string hashed;
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(name);
    if (found == accounts_.end()) return {500, "failed to create user: updating user: no user exists", nullptr};
    user = found->second.user;
    hashed = found->second.hash;
  }
  if (std::string type = TextOf(body, "type"); !type.empty()) user.admin = type == "admin";
  if (const Json *list = Member(body, "permissions"); list && list->is_array())
    if (Refusal refusal = ReadPermissions(*list, &user.permissions)) return refusal;
  if (user.admin) user.permissions.clear();
  if (std::string password = TextOf(body, "password"); !password.empty()) hashed = hash(password);
  *changed = user;
  return write(user, hashed);
}

void Users::remove(const std::string &name) {
  std::lock_guard lock(mutex_);
  store_.erase(kKind, name);
  accounts_.erase(name);
}

}  // namespace tick
