// subscription_tokens.h - what InfluxDB shows when it writes to us while the API asks for credentials.
//
// A token is "NAME;64 random bytes" in base64 of URLs, made when a subscription is, kept in the store, and good for
// writes to the database and retention policy of its subscription. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "runtime/daemon/store.h"

namespace tick {

class SubscriptionTokens {
 public:
  explicit SubscriptionTokens(Store &store);
  // A new token of the cluster, granted.
  std::string make(const std::string &cluster, const std::string &database, const std::string &retention_policy);
  bool known(const std::string &token) const;
  // Whether a write by user `~subscriber` with this password may go to the database.
  bool allows(std::string_view token, std::string_view database) const;
  // Revokes the cluster's tokens that are in no subscription any more.
  void keep(const std::string &cluster, const std::set<std::string> &in_use);

 private:
  struct Grant {
    std::string cluster, database, retention_policy;
  };
  Store &store_;
  mutable std::mutex mutex_;
  std::map<std::string, Grant, std::less<>> grants_;
};

}  // namespace tick
