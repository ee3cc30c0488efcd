// subscriptions.cpp - the links of all clusters, as the configuration has them.
#include "runtime/influx/subscriptions.h"

#include "runtime/influx/cluster_link.h"

namespace tick {

Subscriptions::Subscriptions(InfluxClusters &clusters, SubscriptionTokens &tokens, Log &log)
    : clusters_(clusters), tokens_(tokens), log_(log) {}

Subscriptions::~Subscriptions() { close(); }

void Subscriptions::start(SubscriptionPlace place) {
  place_ = std::move(place);
  started_ = true;
  follow();
}

void Subscriptions::follow() {
  std::lock_guard lock(mutex_);
  if (!started_) return;
  std::vector<std::shared_ptr<ClusterLink>> links;
  std::vector<std::shared_ptr<InfluxCluster>> clusters = clusters_.all();
  for (const auto &cluster : clusters)
    for (const auto &link : links_)
      if (&link->cluster() == cluster.get()) links.push_back(link);
  for (const auto &link : links_) {
    if (std::find(links.begin(), links.end(), link) != links.end()) continue;
    bool goes_on = false;
    for (const auto &cluster : clusters) {
      const Json *disabled = Member(cluster->section(), "disable-subscriptions");
      if (cluster->name() == link->cluster().name()) goes_on = !disabled || !disabled->is_boolean() || !disabled->get<bool>();
    }
    link->stop(!goes_on && !link->disabled());
  }
  for (const auto &cluster : clusters) {
    bool linked = false;
    for (const auto &link : links) linked = linked || &link->cluster() == cluster.get();
    if (!linked) links.push_back(std::make_shared<ClusterLink>(cluster, place_, tokens_, log_));
  }
  links_ = std::move(links);
}

std::string Subscriptions::link() {
  std::vector<std::shared_ptr<ClusterLink>> links;
  {
    std::lock_guard lock(mutex_);
    links = links_;
  }
  for (const auto &link : links)
    if (std::string error = link->sync(); !error.empty()) return "linking cluster " + link->cluster().name() + ": " + error;
  return "";
}

int64_t Subscriptions::count() const {
  std::lock_guard lock(mutex_);
  int64_t count = 0;
  for (const auto &link : links_) count += link->count();
  return count;
}

void Subscriptions::close() {
  std::vector<std::shared_ptr<ClusterLink>> links;
  {
    std::lock_guard lock(mutex_);
    links.swap(links_);
    started_ = false;
  }
  for (const auto &link : links) link->stop(false);
}

}  // namespace tick
