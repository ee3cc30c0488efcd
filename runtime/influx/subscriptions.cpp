// subscriptions.cpp - the links of all clusters, as the configuration has them.
#include "runtime/influx/subscriptions.h"

#include <algorithm>

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
  // Links that end, and whether their subscriptions go with them. They wait for InfluxDB, so without the lock.
  std::vector<std::pair<std::shared_ptr<ClusterLink>, bool>> ended;
  {
    std::lock_guard lock(mutex_);
    if (!started_) return;
    std::vector<std::shared_ptr<InfluxCluster>> clusters = clusters_.all();
    std::vector<std::shared_ptr<ClusterLink>> links;
    for (const auto &link : links_) {
      bool stays = false, subscribes = false;
      for (const auto &cluster : clusters) {
        stays = stays || &link->cluster() == cluster.get();
        subscribes =
            subscribes || (cluster->name() == link->cluster().name() && !ClusterLink::Disabled(cluster->section()));
      }
      if (stays)
        links.push_back(link);
      else
        ended.emplace_back(link, !subscribes && !ClusterLink::Disabled(link->cluster().section()));
    }
    for (const auto &cluster : clusters) {
      bool linked =
          std::any_of(links.begin(), links.end(), [&](const auto &link) { return &link->cluster() == cluster.get(); });
      if (!linked) links.push_back(std::make_shared<ClusterLink>(cluster, place_, tokens_, log_));
    }
    links_ = std::move(links);
  }
  for (const auto &[link, undo] : ended) link->stop(undo);
}

std::string Subscriptions::link() {
  std::vector<std::shared_ptr<ClusterLink>> links;
  {
    std::lock_guard lock(mutex_);
    links = links_;
  }
  for (const auto &link : links)
    if (std::string error = link->sync(); !error.empty())
      return "linking cluster " + link->cluster().name() + ": " + error;
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
