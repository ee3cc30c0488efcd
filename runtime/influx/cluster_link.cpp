// cluster_link.cpp - a pass over a cluster's databases, and the thread that makes one again and again.
#include "runtime/influx/cluster_link.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <random>

#include "runtime/influx/influxql_lexer.h"
#include "runtime/text/go_duration.h"

namespace tick {
namespace {

constexpr int64_t kPingNs = 5'000'000'000;
constexpr int64_t kFirstPause = 500'000'000, kLongestPause = 60'000'000'000;
constexpr int64_t kSyncInterval = 60'000'000'000;
constexpr std::string_view kSubscriber = "~subscriber";

std::string TextOf(const Json &section, const char *key) {
  const Json *value = Member(section, key);
  return value && value->is_string() ? value->get<std::string>() : "";
}
int64_t IntOf(const Json &section, const char *key) {
  const Json *value = Member(section, key);
  return value && value->is_number_integer() ? value->get<int64_t>() : 0;
}

std::map<std::string, std::vector<std::string>> TableOf(const Json &section, const char *key) {
  std::map<std::string, std::vector<std::string>> table;
  const Json *value = Member(section, key);
  if (!value || !value->is_object()) return table;
  for (const auto &[database, policies] : value->items()) {
    auto &of = table[database];
    if (policies.is_array())
      for (const Json &policy : policies)
        if (policy.is_string()) of.push_back(policy.get<std::string>());
  }
  return table;
}

bool Lists(const std::map<std::string, std::vector<std::string>> &table, const DatabaseAndPolicy &of) {
  auto found = table.find(of.first);
  return found != table.end() &&
         std::find(found->second.begin(), found->second.end(), of.second) != found->second.end();
}

// "http://user:secret@host:port/path"
struct Destination {
  std::string protocol, user, secret, host, path;
  uint16_t port = 0;
};

Destination ReadDestination(const std::string &url) {
  Destination out;
  size_t at = url.find("://");
  if (at == std::string::npos) return out;
  out.protocol = url.substr(0, at);
  size_t end = url.find('/', at + 3);
  std::string host = url.substr(at + 3, end == std::string::npos ? std::string::npos : end - at - 3);
  if (end != std::string::npos) out.path = url.substr(end);
  if (size_t user = host.rfind('@'); user != std::string::npos) {
    std::string credentials = host.substr(0, user);
    host.erase(0, user + 1);
    size_t colon = credentials.find(':');
    out.user = credentials.substr(0, colon);
    if (colon != std::string::npos) out.secret = credentials.substr(colon + 1);
  }
  if (size_t colon = host.rfind(':'); colon != std::string::npos) {
    std::from_chars(host.data() + colon + 1, host.data() + host.size(), out.port);
    host.resize(colon);
  }
  out.host = host;
  return out;
}

// The cells of a named column, over all series of the first result.
std::vector<std::string> ColumnOf(const Json &results, std::string_view column) {
  std::vector<std::string> cells;
  if (results.empty() || !results[0].contains("series")) return cells;
  for (const Json &series : results[0]["series"]) {
    if (!series.contains("columns") || !series.contains("values")) continue;
    const Json &columns = series["columns"];
    size_t at = static_cast<size_t>(std::find(columns.begin(), columns.end(), column) - columns.begin());
    for (const Json &row : series["values"])
      if (row.is_array() && at < row.size() && row[at].is_string()) cells.push_back(row[at].get<std::string>());
  }
  return cells;
}

std::string On(const DatabaseAndPolicy &of) { return " ON " + QlIdent(of.first) + "." + QlIdent(of.second); }

}  // namespace

ClusterLink::ClusterLink(std::shared_ptr<InfluxCluster> cluster, const SubscriptionPlace &place,
                         SubscriptionTokens &tokens, Log &log)
    : cluster_(std::move(cluster)), place_(place), tokens_(tokens), log_(log) {
  const Json &section = cluster_->section();
  name_ = "kapacitor-" + (TextOf(section, "subscription-mode") == "server" ? place.server_id : place.cluster_id);
  protocol_ = TextOf(section, "subscription-protocol");
  if (protocol_.empty()) protocol_ = "http";
  host_ = TextOf(section, "kapacitor-hostname");
  if (host_.empty()) host_ = place.hostname;
  path_ = TextOf(section, "subscription-path");
  udp_bind_ = TextOf(section, "udp-bind");
  port_ = static_cast<uint16_t>(IntOf(section, "http-port"));
  if (port_ == 0) port_ = place.port;
  udp_read_buffer_ = static_cast<int>(IntOf(section, "udp-read-buffer"));
  disabled_ = Disabled(section);
  if (!ParseGoDuration(TextOf(section, "subscriptions-sync-interval"), &interval_) || interval_ <= 0)
    interval_ = kSyncInterval;
  only_ = TableOf(section, "subscriptions");
  never_ = TableOf(section, "excluded-subscriptions");
  thread_ = std::thread([this] { serve(); });
}

bool ClusterLink::Disabled(const Json &section) {
  const Json *disabled = Member(section, "disable-subscriptions");
  return disabled && disabled->is_boolean() && disabled->get<bool>();
}

void ClusterLink::stop(bool undone) {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    cancelled_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (undone) {
    cancelled_ = false;
    std::string error = undo();
    if (!error.empty())
      log_.error("failed to unlink subscriptions",
                 {{"service", "influxdb"}, {"cluster", cluster_->name()}, {"err", error}});
  }
  std::lock_guard lock(sync_mutex_);
  receivers_.clear();
  count_ = 0;
}

// --- the thread ------------------------------------------------------------------------------------

std::string ClusterLink::attempt() {
  std::string error = cluster_->ping(kPingNs);
  if (!error.empty() || disabled_) return error;
  return sync();
}

void ClusterLink::serve() {
  std::mt19937_64 random(std::random_device{}());
  int64_t pause = 0;
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    std::string error = attempt();
    if (!cancelled_) tell(error);
    lock.lock();
    if (error.empty() && disabled_) return;
    int64_t wait = interval_;
    if (!error.empty()) {
      pause = pause == 0 ? kFirstPause : std::min(pause + pause / 2, kLongestPause);
      wait = pause / 2 + static_cast<int64_t>(random() % static_cast<uint64_t>(pause));
    } else {
      pause = 0;
    }
    changed_.wait_for(lock, std::chrono::nanoseconds(wait), [&] { return ending_; });
  }
}

void ClusterLink::tell(const std::string &error) {
  if (error.empty()) {
    if (!told_.empty()) log_.info("connected to InfluxDB", {{"service", "influxdb"}, {"cluster", cluster_->name()}});
    told_.clear();
    return;
  }
  if (!told_.insert(error).second) return;
  log_.error("failed to connect to InfluxDB, retrying...",
             {{"service", "influxdb"}, {"cluster", cluster_->name()}, {"err", error}});
}

// --- one pass --------------------------------------------------------------------------------------

std::string ClusterLink::databases(std::set<DatabaseAndPolicy> *all) {
  Json results;
  std::string error = cluster_->ask("SHOW DATABASES", &results, &cancelled_);
  if (!error.empty()) return error;
  for (const std::string &database : ColumnOf(results, "name")) {
    error = cluster_->ask("SHOW RETENTION POLICIES ON " + QlIdent(database), &results, &cancelled_);
    if (!error.empty()) return error;
    for (const std::string &policy : ColumnOf(results, "name")) all->insert({database, policy});
  }
  return "";
}

std::string ClusterLink::existing(std::map<DatabaseAndPolicy, std::vector<Existing>> *found) {
  Json results;
  std::string error = cluster_->ask("SHOW SUBSCRIPTIONS", &results, &cancelled_);
  if (!error.empty()) return error;
  if (results.empty() || !results[0].contains("series")) return "";
  for (const Json &series : results[0]["series"]) {
    if (!series.contains("columns") || !series.contains("values")) continue;
    for (const Json &row : series["values"]) {
      Json cells = Json::object();
      for (size_t i = 0; i < row.size() && i < series["columns"].size(); ++i)
        if (series["columns"][i].is_string()) cells[series["columns"][i].get<std::string>()] = row[i];
      Existing one{cells.value("name", ""), cells.value("mode", "ANY"), {}};
      if (cells.contains("destinations") && cells["destinations"].is_array())
        for (const Json &destination : cells["destinations"])
          if (destination.is_string()) one.destinations.push_back(destination.get<std::string>());
      (*found)[{series.value("name", ""), cells.value("retention_policy", "")}].push_back(std::move(one));
    }
  }
  return "";
}

bool ClusterLink::wanted(const DatabaseAndPolicy &of) const {
  return (only_.empty() || Lists(only_, of)) && !Lists(never_, of);
}

// Whether what is written there reaches us, as we want it to.
bool ClusterLink::usable(const DatabaseAndPolicy &of, const std::string &text, std::string *token) {
  Destination destination = ReadDestination(text);
  if (destination.protocol != protocol_ || destination.host != host_) return false;
  if (protocol_ == "udp") {
    auto receiver = receivers_.find(of);
    if (receiver != receivers_.end()) return receiver->second->port() == destination.port;
    uint16_t at = 0;
    return listen(of, destination.port, &at).empty();
  }
  if (destination.port != port_ || destination.path != path_) return false;
  *token = destination.secret;
  if (!place_.auth) return destination.user.empty();
  return destination.user == kSubscriber && tokens_.known(destination.secret);
}

std::string ClusterLink::listen(const DatabaseAndPolicy &of, uint16_t port, uint16_t *at) {
  auto receiver = std::make_unique<UdpReceiver>();
  std::string error = receiver->open(udp_bind_, port, udp_read_buffer_,
                                     [this, of](std::string_view body) { place_.write(of.first, of.second, body); });
  if (!error.empty()) return error;
  *at = receiver->port();
  receivers_[of] = std::move(receiver);
  log_.info("started UDP listener",
            {{"service", "influxdb"}, {"cluster", cluster_->name()}, {"db", of.first}, {"rp", of.second}});
  return "";
}

std::string ClusterLink::create(const DatabaseAndPolicy &of, const std::string &mode,
                                const std::vector<std::string> &destinations) {
  std::string list;
  for (const std::string &destination : destinations) list += (list.empty() ? "" : ", ") + QlText(destination);
  std::string error = cluster_->ask(
      "CREATE SUBSCRIPTION " + QlIdent(name_) + On(of) + " DESTINATIONS " + mode + " " + list, nullptr, &cancelled_);
  return error.empty()
             ? ""
             : "creating sub " + name_ + " for db \"" + of.first + "\" and rp \"" + of.second + "\": " + error;
}

std::string ClusterLink::create(const DatabaseAndPolicy &of) {
  uint16_t port = port_;
  std::string user;
  if (protocol_ == "udp") {
    receivers_.erase(of);
    if (std::string error = listen(of, 0, &port); !error.empty()) return error;
  } else if (place_.auth) {
    std::string token = tokens_.make(cluster_->name(), of.first, of.second);
    tokens_in_use_.insert(token);
    user = std::string(kSubscriber) + ":" + token + "@";
  }
  return create(of, "ANY",
                {protocol_ + "://" + user + host_ + ":" + std::to_string(port) + (protocol_ == "udp" ? "" : path_)});
}

std::string ClusterLink::drop(const DatabaseAndPolicy &of, const std::string &name) {
  return cluster_->ask("DROP SUBSCRIPTION " + QlIdent(name) + On(of), nullptr, &cancelled_);
}

std::string ClusterLink::sync() {
  std::lock_guard lock(sync_mutex_);
  if (disabled_) return "";
  std::set<DatabaseAndPolicy> all;
  std::map<DatabaseAndPolicy, std::vector<Existing>> found;
  std::string error = databases(&all);
  if (error.empty()) error = existing(&found);
  if (!error.empty()) return error;
  std::set<DatabaseAndPolicy> have;
  tokens_in_use_.clear();
  for (auto &[of, list] : found) {
    for (Existing &one : list) {
      // Of a time when names were others.
      if (one.name == "kapacitor" || one.name == place_.cluster_id) {
        error = drop(of, one.name);
        if (error.empty()) error = create(of, one.mode, one.destinations);
        if (!error.empty()) return error;
        one.name = name_;
      }
      if (one.name != name_) continue;
      std::string token;
      if (wanted(of) && !one.destinations.empty() && usable(of, one.destinations[0], &token)) {
        if (!token.empty()) tokens_in_use_.insert(token);
        have.insert(of);
        continue;
      }
      if (error = drop(of, name_); !error.empty()) return error;
      receivers_.erase(of);
    }
  }
  for (const DatabaseAndPolicy &of : all) {
    if (!wanted(of) || have.count(of)) continue;
    if (error = create(of); !error.empty()) return error;
    have.insert(of);
  }
  std::erase_if(receivers_, [&](const auto &receiver) { return !have.count(receiver.first); });
  tokens_.keep(cluster_->name(), tokens_in_use_);
  count_ = static_cast<int64_t>(have.size());
  return "";
}

std::string ClusterLink::undo() {
  std::lock_guard lock(sync_mutex_);
  std::map<DatabaseAndPolicy, std::vector<Existing>> found;
  std::string error = existing(&found);
  for (const auto &[of, list] : found)
    for (const Existing &one : list)
      if (one.name == name_ && error.empty()) error = drop(of, name_);
  if (error.empty()) tokens_.keep(cluster_->name(), {});
  return error;
}

}  // namespace tick
