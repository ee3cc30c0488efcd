// api_misc.h - what the routes about the daemon itself need.
#pragma once

#include <functional>

#include "runtime/daemon/api.h"
#include "runtime/daemon/delivery.h"
#include "runtime/daemon/identity.h"
#include "runtime/daemon/log.h"

namespace tick {

struct MiscParts {
  const Identity &identity;
  Tasks &tasks;
  Engine &engine;
  Store &store;
  Log &log;
  std::function<int64_t()> subscriptions;                                // how many InfluxDB subscriptions there are
  std::function<std::vector<std::pair<std::string, int64_t>>()> topics;  // topic and events collected
  std::function<std::vector<DeliveryCount>()> deliveries;                // of each handler with a queue
  // Of other parts: {"name", "tags", "values"} each.
  std::function<std::vector<Json>()> others;
};

// All published statistics: {"name", "tags", "values"} each (daemon.md 10). as_points: with durations as numbers, and
// with those of the daemon as a whole.
std::vector<Json> Statistics(const MiscParts &parts, bool as_points);
void AddMiscRoutes(Router *router, const MiscParts &parts);
void AddStorageRoutes(Router *router);  // api_storage.cpp

}  // namespace tick
