// cluster_link.h - the subscriptions of one cluster.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/influx/subscriptions.h"
#include "runtime/influx/udp_receiver.h"

namespace tick {

using DatabaseAndPolicy = std::pair<std::string, std::string>;

class ClusterLink {
 public:
  ClusterLink(std::shared_ptr<InfluxCluster> cluster, const SubscriptionPlace &place, SubscriptionTokens &tokens,
              Log &log);
  ~ClusterLink() { stop(false); }
  const InfluxCluster &cluster() const { return *cluster_; }
  // Of a section: disable-subscriptions.
  static bool Disabled(const Json &section);
  // One pass over the cluster's databases; an error text.
  std::string sync();
  int64_t count() const { return count_; }
  // Ends the thread; undo: the subscriptions go too.
  void stop(bool undo);

 private:
  struct Existing {
    std::string name, mode;
    std::vector<std::string> destinations;
  };
  void serve();
  std::string attempt();
  void tell(const std::string &error);
  std::string databases(std::set<DatabaseAndPolicy> *all);
  std::string existing(std::map<DatabaseAndPolicy, std::vector<Existing>> *found);
  bool wanted(const DatabaseAndPolicy &of) const;
  bool usable(const DatabaseAndPolicy &of, const std::string &destination, std::string *token);
  std::string create(const DatabaseAndPolicy &of);
  std::string create(const DatabaseAndPolicy &of, const std::string &mode,
                     const std::vector<std::string> &destinations);
  std::string drop(const DatabaseAndPolicy &of, const std::string &name);
  std::string listen(const DatabaseAndPolicy &of, uint16_t port, uint16_t *at);
  std::string undo();

  const std::shared_ptr<InfluxCluster> cluster_;
  const SubscriptionPlace &place_;
  SubscriptionTokens &tokens_;
  Log &log_;
  std::string name_, protocol_, host_, path_, udp_bind_;
  uint16_t port_ = 0;
  int udp_read_buffer_ = 0;
  bool disabled_ = false;
  int64_t interval_ = 0;
  std::map<std::string, std::vector<std::string>> only_, never_;

  std::mutex sync_mutex_;  // one pass at a time
  std::map<DatabaseAndPolicy, std::unique_ptr<UdpReceiver>> receivers_;
  std::set<std::string> tokens_in_use_;
  std::atomic<int64_t> count_{0};
  std::set<std::string> told_;  // causes of the outage under way
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::atomic<bool> cancelled_{false};
  std::thread thread_;
};

}  // namespace tick
