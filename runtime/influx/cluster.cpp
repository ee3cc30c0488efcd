// cluster.cpp - requests to InfluxDB (daemon.md 7.3).
#include "runtime/influx/cluster.h"

#include <algorithm>

#include "runtime/daemon/tasks.h"
#include "runtime/influx/flux_answer.h"
#include "runtime/net/jwt.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

constexpr const char *kAgent = "KapacitorInfluxDBClient", *kOldAgent = "Kapacitor";
constexpr size_t kChunkRows = 10000;
constexpr int64_t kAskNs = 30'000'000'000;  // an InfluxDB that hangs must not hang who links subscriptions
constexpr size_t kMostErrorText = 4096;

std::string TextOf(const Json &section, const char *key) {
  const Json *value = Member(section, key);
  return value && value->is_string() ? value->get<std::string>() : "";
}

bool FlagOf(const Json &section, const char *key) {
  const Json *value = Member(section, key);
  return value && value->is_boolean() && value->get<bool>();
}

int64_t DurationOf(const Json &section, const char *key) {
  const Json *value = Member(section, key);
  int64_t ns = 0;
  if (value && value->is_number_integer()) return value->get<int64_t>();
  return value && value->is_string() && ParseGoDuration(value->get<std::string>(), &ns) ? ns : 0;
}

}  // namespace

InfluxCluster::InfluxCluster(const Json &section, std::string secret) : section_(section) {
  name_ = TextOf(section, "name");
  user_ = TextOf(section, "username");
  password_ = TextOf(section, "password");
  token_ = TextOf(section, "token");
  if (FlagOf(section, "http-shared-secret")) secret_ = std::move(secret);
  tls_ = {TextOf(section, "ssl-ca"), TextOf(section, "ssl-cert"), TextOf(section, "ssl-key"),
          FlagOf(section, "insecure-skip-verify")};
  timeout_ns_ = DurationOf(section, "timeout");
  default_ = FlagOf(section, "default");
  if (const Json *urls = Member(section, "urls"); urls && urls->is_array())
    for (const Json &url : *urls)
      if (url.is_string()) urls_.push_back(url.get<std::string>());
}

bool InfluxCluster::near() const {
  return std::all_of(urls_.begin(), urls_.end(), [](const std::string &url) {
    std::string_view host(url);
    if (size_t at = host.find("://"); at != std::string_view::npos) host.remove_prefix(at + 3);
    if (size_t at = host.substr(0, host.find('/')).rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
  });
}

void InfluxCluster::authorize(HttpCall *call) {
  if (!token_.empty()) {
    call->headers.emplace_back("Authorization", "Token " + token_);
  } else if (!secret_.empty()) {
    std::lock_guard lock(jwt_mutex_);
    if (WallClock() > jwt_until_) {
      jwt_until_ = WallClock() + 300'000'000'000;
      jwt_ = SignJwt(user_, WallClock() / 1'000'000'000 + 600, secret_);
    }
    call->headers.emplace_back("Authorization", "Bearer " + jwt_);
  } else if (!user_.empty()) {
    call->user = user_;
    call->password = password_;
  }
}

// A URL may have a query of its own (an organization of InfluxDB 2), which stays.
HttpCall InfluxCluster::call(const char *method, const std::string &path,
                             const std::vector<std::pair<std::string, std::string>> &parameters) {
  HttpCall call;
  call.method = method;
  std::string base = urls_.empty() ? "" : urls_[next_.fetch_add(1, std::memory_order_relaxed) % urls_.size()];
  std::string own;
  if (size_t mark = base.find('?'); mark != std::string::npos) {
    own = base.substr(mark + 1);
    base.resize(mark);
  }
  while (base.ends_with('/')) base.pop_back();
  call.url = base + path;
  char separator = '?';
  for (const auto &[key, value] : parameters) {
    call.url += separator + key + "=" + QueryEscape(value);
    separator = '&';
  }
  if (!own.empty()) call.url += separator + own;
  call.tls = tls_;
  call.timeout_ns = timeout_ns_;
  call.headers.emplace_back("User-Agent", kAgent);
  authorize(&call);
  return call;
}

std::string InfluxCluster::ErrorOf(const HttpAnswer &answer) {
  if (!answer.error.empty()) return answer.error;
  if (answer.status / 100 == 2) return "";
  Json body = Json::parse(answer.body, nullptr, false);
  for (const char *key : {"error", "message"})
    if (body.is_object() && body.contains(key) && body[key].is_string()) return body[key].get<std::string>();
  return "invalid response: code " + std::to_string(answer.status);
}

std::string InfluxCluster::ping(int64_t timeout_ns, std::string *version) {
  HttpCall request = call("GET", "/ping", {});
  if (timeout_ns > 0) request.timeout_ns = timeout_ns;
  HttpAnswer answer = HttpClient::Shared().send(request);
  if (const std::string *says = answer.header("x-influxdb-version"); says && version) *version = *says;
  return ErrorOf(answer);
}

std::string InfluxCluster::ask(const std::string &statement, Json *results, const std::atomic<bool> *cancelled) {
  HttpCall request = call("POST", "/query", {{"db", ""}, {"q", statement}});
  if (request.timeout_ns == 0) request.timeout_ns = kAskNs;
  request.cancelled = cancelled;
  HttpAnswer answer = HttpClient::Shared().send(request);
  std::string error = ErrorOf(answer);
  if (!error.empty()) return error;
  Json body = Json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return "InfluxDB's answer is no JSON";
  if (body.contains("error") && body["error"].is_string()) return body["error"].get<std::string>();
  Json list = body.contains("results") && body["results"].is_array() ? body["results"] : Json::array();
  for (const Json &result : list)
    if (result.is_object() && result.contains("error") && result["error"].is_string())
      return result["error"].get<std::string>();
  if (results) *results = std::move(list);
  return "";
}

std::string InfluxCluster::run(const BatchQuery &query, const std::string &text, int64_t stop,
                               const std::vector<Name> *fields, const std::function<bool(LooseBatch &)> &take,
                               const std::atomic<bool> *cancelled) {
  if (query.flux) return run_flux(query, stop, take, cancelled);
  AnswerRules rules = query.rules(stop);
  rules.fields = fields;
  bool enough = false;
  BatchAnswer reader(rules, [&](LooseBatch &batch) {
    enough = !take(batch);
    return !enough;
  });
  HttpCall request =
      call(query.old_dialect ? "GET" : "POST", "/query",
           {{"chunk_size", std::to_string(kChunkRows)}, {"chunked", "true"}, {"db", ""}, {"epoch", "ns"}, {"q", text}});
  if (query.old_dialect) request.headers[0].second = kOldAgent;
  request.cancelled = cancelled;
  std::string begin;  // of the answer: what is said where it is no answer
  request.receive = [&](std::string_view piece) {
    if (begin.size() < kMostErrorText) begin.append(piece.substr(0, kMostErrorText - begin.size()));
    return reader.feed(piece);
  };
  HttpAnswer answer = HttpClient::Shared().send(request);
  if (enough) return "";
  std::string broken = reader.finish();
  if (answer.status != 0 && answer.status / 100 != 2) {
    answer.error.clear();
    answer.body = begin;
    return ErrorOf(answer);
  }
  if (!broken.empty()) return answer.status == 0 && !answer.error.empty() ? answer.error : broken;
  return answer.error;
}

std::string InfluxCluster::run_flux(const BatchQuery &query, int64_t stop,
                                    const std::function<bool(LooseBatch &)> &take, const std::atomic<bool> *cancelled) {
  std::vector<std::pair<std::string, std::string>> parameters;
  if (!query.org.empty()) parameters.emplace_back("org", query.org);
  if (!query.org_id.empty()) parameters.emplace_back("orgID", query.org_id);
  HttpCall request = call("POST", "/api/v2/query", parameters);
  request.headers.emplace_back("Accept", "application/csv");
  request.headers.emplace_back("Content-Type", "application/json");
  request.cancelled = cancelled;
  Json body = {{"type", "flux"},
               {"now", Rfc3339(stop)},
               {"query", query.script},
               {"dialect", {{"annotations", {"datatype", "default", "group"}}, {"delimiter", ","}, {"header", true}}}};
  request.body = body.dump();
  bool enough = false;
  FluxAnswer reader(query.rules(stop), [&](LooseBatch &batch) {
    enough = !take(batch);
    return !enough;
  });
  std::string begin;
  request.receive = [&](std::string_view piece) {
    if (begin.size() < kMostErrorText) begin.append(piece.substr(0, kMostErrorText - begin.size()));
    return reader.feed(piece);
  };
  HttpAnswer answer = HttpClient::Shared().send(request);
  if (enough) return "";
  if (answer.status != 0 && answer.status / 100 != 2) {
    answer.error.clear();
    answer.body = begin;
    return ErrorOf(answer);
  }
  std::string broken = reader.finish();
  return broken.empty() ? answer.error : broken;
}

HttpAnswer InfluxCluster::write(const InfluxWrite &write, const std::atomic<bool> *cancelled) {
  auto send = [&](bool v2) {
    std::string precision = write.precision == "n" ? "ns" : write.precision;
    if (v2 && precision.empty()) precision = "ns";
    if (v2 && precision == "u") precision = "us";
    std::string bucket = write.database + (write.retention_policy.empty() ? "" : "/" + write.retention_policy);
    HttpCall request = v2 ? call("POST", "/api/v2/write", {{"bucket", bucket}, {"precision", precision}})
                          : call("POST", "/write",
                                 {{"consistency", write.consistency},
                                  {"db", write.database},
                                  {"precision", write.precision},
                                  {"rp", write.retention_policy}});
    request.headers.emplace_back("Content-Encoding", "gzip");
    request.headers.emplace_back("Content-Type", "application/octet-stream");
    request.body = write.gzipped;
    request.cancelled = cancelled;
    return HttpClient::Shared().send(request);
  };
  if (writes_v2_) return send(true);
  HttpAnswer answer = send(false);
  // InfluxDB 2 without its 1.x path does not know the way; a database that is missing is said otherwise.
  if (answer.status != 404 || token_.empty() || answer.body.find("database not found") != std::string::npos)
    return answer;
  HttpAnswer second = send(true);
  if (second.ok()) writes_v2_ = true;
  return second.ok() || second.status != 404 ? second : answer;
}

void InfluxClusters::configure(const std::vector<Json> &sections) {
  std::vector<std::shared_ptr<InfluxCluster>> clusters;
  std::lock_guard lock(mutex_);
  for (const Json &section : sections) {
    if (!FlagOf(section, "enabled")) continue;
    // One that did not change stays, with what it knows.
    std::shared_ptr<InfluxCluster> cluster;
    for (const auto &known : clusters_)
      if (known->section() == section) cluster = known;
    clusters.push_back(cluster ? cluster : std::make_shared<InfluxCluster>(section, secret_));
  }
  clusters_ = std::move(clusters);
}

std::shared_ptr<InfluxCluster> InfluxClusters::find(std::string_view name) const {
  std::lock_guard lock(mutex_);
  for (const auto &cluster : clusters_)
    if (name.empty() ? cluster->is_default() || clusters_.size() == 1 : cluster->name() == name) return cluster;
  return nullptr;
}

std::vector<std::shared_ptr<InfluxCluster>> InfluxClusters::all() const {
  std::lock_guard lock(mutex_);
  return clusters_;
}

}  // namespace tick
