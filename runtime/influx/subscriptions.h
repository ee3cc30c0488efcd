// subscriptions.h - sees to it that InfluxDB sends us what is written to it (daemon.md 7.1, 7.2).
//
// For each cluster a thread: it creates a subscription for every database and retention policy that is wanted, drops
// what is not, renews what points elsewhere, at the start and every subscriptions-sync-interval. An InfluxDB that is
// absent, goes away or refuses us is asked again with growing pauses; each cause is said once, and that it is back.
// Subscriptions stay when the daemon ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/daemon/log.h"
#include "runtime/influx/cluster.h"
#include "runtime/influx/subscription_tokens.h"

namespace tick {

// How InfluxDB reaches us, and who takes what comes by UDP.
struct SubscriptionPlace {
  std::string hostname, cluster_id, server_id;
  uint16_t port = 0;  // of the API
  bool auth = false;  // the API asks for credentials: subscriptions carry tokens
  std::function<void(const std::string &database, const std::string &retention_policy, std::string_view body)> write;
};

class ClusterLink;

class Subscriptions {
 public:
  Subscriptions(InfluxClusters &clusters, SubscriptionTokens &tokens, Log &log);
  ~Subscriptions();
  void start(SubscriptionPlace place);
  // The clusters were configured anew: links that changed begin again, those of clusters that are no more are undone.
  void follow();
  // Links every cluster now; "linking cluster NAME: …" of the first that fails.
  std::string link();
  int64_t count() const;
  void close();

 private:
  InfluxClusters &clusters_;
  SubscriptionTokens &tokens_;
  Log &log_;
  SubscriptionPlace place_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<ClusterLink>> links_;
  bool started_ = false;
};

}  // namespace tick
