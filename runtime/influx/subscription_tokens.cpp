// subscription_tokens.cpp - tokens in the store, under the kind "subscription_token".
#include "runtime/influx/subscription_tokens.h"

#include <openssl/rand.h>

#include "runtime/daemon/json.h"
#include "runtime/text/base64.h"

namespace tick {
namespace {
constexpr const char *kKind = "subscription_token";
constexpr size_t kRandomBytes = 64;
}  // namespace

SubscriptionTokens::SubscriptionTokens(Store &store) : store_(store) {
  for (const auto &[token, text] : store_.list(kKind)) {
    Json grant = Json::parse(text, nullptr, false);
    if (grant.is_object()) grants_[token] = {grant.value("cluster", ""), grant.value("db", ""), grant.value("rp", "")};
  }
}

std::string SubscriptionTokens::make(const std::string &cluster, const std::string &database,
                                     const std::string &retention_policy) {
  std::string bytes(kRandomBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char *>(bytes.data()), static_cast<int>(bytes.size())) != 1) return "";
  std::string token = Base64UrlEncode(cluster + ";" + bytes, false);
  std::lock_guard lock(mutex_);
  grants_[token] = {cluster, database, retention_policy};
  store_.put(kKind, token, Json{{"cluster", cluster}, {"db", database}, {"rp", retention_policy}}.dump());
  return token;
}

bool SubscriptionTokens::known(const std::string &token) const {
  std::lock_guard lock(mutex_);
  return grants_.count(token) > 0;
}

bool SubscriptionTokens::allows(std::string_view token, std::string_view database) const {
  std::lock_guard lock(mutex_);
  auto found = grants_.find(token);
  return found != grants_.end() && found->second.database == database;
}

void SubscriptionTokens::keep(const std::string &cluster, const std::set<std::string> &in_use) {
  std::lock_guard lock(mutex_);
  for (auto it = grants_.begin(); it != grants_.end();) {
    if (it->second.cluster != cluster || in_use.count(it->first)) {
      ++it;
      continue;
    }
    store_.erase(kKind, it->first);
    it = grants_.erase(it);
  }
}

}  // namespace tick
