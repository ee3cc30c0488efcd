// users.cpp - users in the store, their passwords and what they may do.
#include "runtime/daemon/users.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cctype>

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

User UserOf(const std::string &name, const Json &stored) {
  User user{name, stored.value("admin", false), {}};
  ReadPermissions(stored.value("permissions", Json::array()), &user.permissions);
  return user;
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
}

std::optional<User> Users::find(const std::string &name) const {
  std::optional<std::string> stored = store_.get(kKind, name);
  if (!stored) return std::nullopt;
  Json json = Json::parse(*stored, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return UserOf(name, json);
}

Users::Digest Users::digest_of(const std::string &name, const std::string &password) const {
  std::string text = name + '\0' + password;
  Digest digest;
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char *>(text.data()), text.size(),
       digest.data(), &size);
  return digest;
}

std::string Users::hash(const std::string &password) const {
  char salt[CRYPT_GENSALT_OUTPUT_SIZE];
  crypt_data data{};
  if (!crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost_), nullptr, 0, salt, sizeof salt)) return "";
  const char *hash = crypt_r(password.c_str(), salt, &data);
  return hash && hash[0] == '$' ? hash : "";
}

std::optional<User> Users::verify(const std::string &name, const std::string &password) {
  std::optional<std::string> stored = store_.get(kKind, name);
  if (!stored) return std::nullopt;
  Json json = Json::parse(*stored, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Digest digest = digest_of(name, password);
  int64_t now = WallClock();
  {
    std::lock_guard lock(mutex_);
    auto known = verified_.find(name);
    if (known != verified_.end() && known->second.until > now && CRYPTO_memcmp(known->second.digest.data(), digest.data(), digest.size()) == 0)
      return UserOf(name, json);
  }
  std::string wanted = json.value("hash", "");
  crypt_data data{};
  const char *got = wanted.empty() ? nullptr : crypt_r(password.c_str(), wanted.c_str(), &data);
  if (!got || wanted.size() != std::char_traits<char>::length(got) || CRYPTO_memcmp(got, wanted.data(), wanted.size()) != 0) return std::nullopt;
  std::lock_guard lock(mutex_);
  verified_[name] = {digest, now + cache_ns_};
  return UserOf(name, json);
}

std::vector<std::string> Users::names() const {
  std::vector<std::string> names;
  for (auto &[name, stored] : store_.list(kKind)) names.push_back(name);
  return names;
}

Refusal Users::write(const User &user, const std::string &hash) {
  Json json = {{"hash", hash}, {"admin", user.admin}, {"permissions", user.permissions}};
  std::string error = store_.put(kKind, user.name, json.dump());
  std::lock_guard lock(mutex_);
  verified_.erase(user.name);
  return error.empty() ? Refusal{} : Refusal{500, error, nullptr};
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
  if (store_.get(kKind, user.name)) return {};
  std::string hashed = hash(password);
  if (hashed.empty()) return {500, "cannot hash the password", nullptr};
  *made = user;
  return write(user, hashed);
}

Refusal Users::change(const std::string &name, const Json &body, User *changed) {
  if (!body.is_object()) return {400, "invalid JSON", nullptr};
  std::optional<std::string> stored = store_.get(kKind, name);
  if (!stored) return {500, "failed to create user: updating user: no user exists", nullptr};
  Json json = Json::parse(*stored, nullptr, false);
  if (!json.is_object()) return {500, "the stored user is broken: delete and create it anew", nullptr};
  User user = UserOf(name, json);
  std::string hashed = json.value("hash", "");
  if (std::string type = TextOf(body, "type"); !type.empty()) user.admin = type == "admin";
  if (const Json *list = Member(body, "permissions"); list && list->is_array())
    if (Refusal refusal = ReadPermissions(*list, &user.permissions)) return refusal;
  if (user.admin) user.permissions.clear();
  if (std::string password = TextOf(body, "password"); !password.empty()) hashed = hash(password);
  *changed = user;
  return write(user, hashed);
}

void Users::remove(const std::string &name) {
  store_.erase(kKind, name);
  std::lock_guard lock(mutex_);
  verified_.erase(name);
}

}  // namespace tick
