// influx.h - all that the daemon has to do with InfluxDB, opened and closed as one.
//
// In: the [[influxdb]] sections, at the start and whenever they change. Out: batch queries run, influxDBOut nodes
// write, subscriptions are linked. The parts may be used one by one: recordings query clusters() themselves.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/daemon/api.h"
#include "runtime/daemon/config.h"
#include "runtime/influx/batch_runner.h"
#include "runtime/influx/subscriptions.h"
#include "runtime/influx/writer.h"

namespace tick {

class Influx {
 public:
  Influx(const Config &config, Store &store, Log &log);
  ~Influx();
  InfluxClusters &clusters() { return clusters_; }
  InfluxWriters &writers() { return writers_; }
  Subscriptions &subscriptions() { return subscriptions_; }
  const SubscriptionTokens &tokens() const { return tokens_; }

  // Before the first task starts.
  void connect(Engine &engine, Services &services);
  BatchRunner *runner() { return runner_.get(); }
  // When the API listens: InfluxDB is asked to write there.
  void link(SubscriptionPlace place);
  // The sections hold now; "" (they were validated).
  std::string configure(const std::vector<Json> &sections);
  // Ends subscriptions and queries; writes go on until close().
  void stop_taking();
  void close();

 private:
  Log &log_;
  InfluxClusters clusters_;
  SubscriptionTokens tokens_;
  InfluxWriters writers_;
  Subscriptions subscriptions_;
  std::unique_ptr<BatchRunner> runner_;
  Engine *engine_ = nullptr;
};

// POST /kapacitor/v1/subscriptions
void AddInfluxRoutes(Router *router, Influx &influx);

}  // namespace tick
