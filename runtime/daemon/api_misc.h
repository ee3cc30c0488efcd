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
};

void AddMiscRoutes(Router *router, const MiscParts &parts);

}  // namespace tick
