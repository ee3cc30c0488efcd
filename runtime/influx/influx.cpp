// influx.cpp - composes the parts.
#include "runtime/influx/influx.h"

namespace tick {

Influx::Influx(const Config &config, Store &store, Log &log)
    : log_(log),
      clusters_(config.elements("influxdb"), config.text("http", "shared-secret")),
      tokens_(store),
      writers_(clusters_, log),
      subscriptions_(clusters_, tokens_, log) {}

Influx::~Influx() { close(); }

void Influx::connect(Engine &engine, Services &services) {
  engine_ = &engine;
  runner_ = std::make_unique<BatchRunner>(engine, clusters_, services, log_);
}

void Influx::link(SubscriptionPlace place) {
  place.write = [this](const std::string &database, const std::string &retention_policy, std::string_view body) {
    WriteRequest request{database, retention_policy, Precision::Nanoseconds, WallClock()};
    request.whole = true;
    WriteResult result = engine_->write(request, std::make_shared<const std::string>(body));
    if (!result.errors.empty())
      log_.error(
          "failed to parse points",
          {{"service", "influxdb"}, {"db", database}, {"rp", retention_policy}, {"err", result.errors[0].reason}});
  };
  subscriptions_.start(std::move(place));
}

std::string Influx::configure(const std::vector<Json> &sections) {
  clusters_.configure(sections);
  subscriptions_.follow();
  return "";
}

void Influx::stop_taking() {
  subscriptions_.close();
  if (runner_) runner_->close();
}

void Influx::close() {
  stop_taking();
  writers_.close();
}

void AddInfluxRoutes(Router *router, Influx &influx) {
  router->add("POST", std::string(kBase) + "/subscriptions", [&influx](const Request &) {
    std::string error = influx.subscriptions().link();
    return error.empty() ? NoContent() : ErrorResponse(500, "failed to link subscriptions: " + error);
  });
}

}  // namespace tick
