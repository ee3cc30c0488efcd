// api_config.h - routes of the configuration and of tests of services (http-api.md 12, 13).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/daemon/api.h"
#include "runtime/daemon/config_overrides.h"
#include "runtime/services/service.h"

namespace tick {

void AddConfigRoutes(Router *router, ConfigOverrides &overrides, bool enabled);

// A test of something that is not in the table of services.
struct ServiceTest {
  std::string name;
  std::function<Json()> options;
  std::function<std::string(const Json &options)> run;  // "" where it went well
};
class InfluxClusters;
ServiceTest InfluxServiceTest(const InfluxClusters &clusters);
// Tests of the table's services and `more`.
void AddServiceTestRoutes(Router *router, const ServiceSet &services, std::vector<ServiceTest> more);

}  // namespace tick
