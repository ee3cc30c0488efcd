// cluster.h - the InfluxDBs of the configuration: one [[influxdb]] section is one cluster.
//
// In: what to ask or write. Out: answers, or errors in InfluxDB's words (its `error`, else "invalid response: code
// N"). Requests go to the section's URLs in turn. Thread-safe; calls block their thread. Passwords and tokens leave
// only in the header of a request.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/daemon/json.h"
#include "runtime/influx/batch_query.h"
#include "runtime/net/http_client.h"

namespace tick {

struct InfluxWrite {
  std::string database, retention_policy, consistency, precision;  // precision: as the node says, "" is ns
  std::string gzipped;                                             // the lines
};

class InfluxCluster {
 public:
  // section: an element of [[influxdb]]; secret: [http] shared-secret, for its JWTs.
  InfluxCluster(const Json &section, std::string secret);
  const std::string &name() const { return name_; }
  const Json &section() const { return section_; }
  bool is_default() const { return default_; }
  // All its URLs are of this machine.
  bool near() const;

  // "" where it answers; version: what it says of itself.
  std::string ping(int64_t timeout_ns, std::string *version = nullptr);
  // A statement of administration (SHOW …, CREATE …) and its answer's `results`; a failed result fails the call.
  std::string ask(const std::string &statement, Json *results = nullptr, const std::atomic<bool> *cancelled = nullptr);
  // A query's batches, as they arrive. `take` returns false to end it.
  std::string run(const BatchQuery &query, const std::string &text, int64_t stop, const std::vector<Name> *fields,
                  const std::function<bool(LooseBatch &)> &take, const std::atomic<bool> *cancelled);
  // One request to the write path: 1.x's, or 2.x's where that is what answers.
  HttpAnswer write(const InfluxWrite &write, const std::atomic<bool> *cancelled = nullptr);
  // The text of a refusal.
  static std::string ErrorOf(const HttpAnswer &answer);

 private:
  HttpCall call(const char *method, const std::string &path,
                const std::vector<std::pair<std::string, std::string>> &parameters);
  void authorize(HttpCall *call);
  std::string run_flux(const BatchQuery &query, int64_t stop, const std::function<bool(LooseBatch &)> &take,
                       const std::atomic<bool> *cancelled);

  Json section_;
  std::string name_, user_, password_, token_, secret_;
  std::vector<std::string> urls_;
  TlsOptions tls_;
  int64_t timeout_ns_ = 0;
  bool default_ = false;
  std::atomic<size_t> next_{0};
  std::atomic<bool> writes_v2_{false};
  std::mutex jwt_mutex_;
  std::string jwt_;
  int64_t jwt_until_ = 0;
};

// The enabled clusters. Who uses one holds it while it does; configure() changes what is found next.
class InfluxClusters {
 public:
  explicit InfluxClusters(const std::vector<Json> &sections = {}, std::string secret = "")
      : secret_(std::move(secret)) {
    configure(sections);
  }
  void configure(const std::vector<Json> &sections);
  // "" is the default one; null where there is none of the name.
  std::shared_ptr<InfluxCluster> find(std::string_view name) const;
  std::vector<std::shared_ptr<InfluxCluster>> all() const;

 private:
  const std::string secret_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<InfluxCluster>> clusters_;
};

}  // namespace tick
