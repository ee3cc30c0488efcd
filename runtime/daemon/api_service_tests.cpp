// api_service_tests.cpp - tests of services over HTTP (http-api.md 13): listed with their options, run on demand.
#include <algorithm>
#include <map>

#include "runtime/daemon/api_config.h"
#include "runtime/influx/cluster.h"
#include "runtime/text/glob.h"

namespace tick {
namespace {

const std::string kTests = std::string(kBase) + "/service-tests";

Response CompactResponse(const Json &value) {
  Response response;
  response.body = CompactJson(value) + "\n";
  return response;
}

class ServiceTestRoutes {
 public:
  ServiceTestRoutes(const ServiceSet &services, std::vector<ServiceTest> more) {
    for (const ServiceSpec *spec : ServiceSpecs()) {
      if (!spec->tested || spec->section.empty()) continue;
      Service &service = services.of(*spec);
      more.push_back({std::string(spec->section), [&service] { return service.test_options(); },
                      [&service](const Json &options) { return service.test(options); }});
    }
    for (ServiceTest &test : more) tests_.insert_or_assign(test.name, std::move(test));
  }

  Response list(const Request &request) const {
    bool bad = false;
    std::string pattern = request.parameter("pattern");
    MatchesGlob(pattern, "", &bad);
    if (bad) return ErrorResponse(400, "bad pattern: syntax error in pattern");
    Json found = nullptr;
    for (const auto &[name, test] : tests_)
      if (MatchesGlob(pattern, name)) found.push_back(json(test));
    return CompactResponse({{"link", SelfLink(kTests)}, {"services", found}});
  }

  Response read(const Request &request) const {
    std::string name = name_of(request);
    if (name.empty()) return ErrorResponse(400, "must provide service name");
    auto test = tests_.find(name);
    return test == tests_.end() ? unknown(name) : CompactResponse(json(test->second));
  }

  // The body lies over the options' defaults; null keeps them all.
  Response run(const Request &request) const {
    std::string name = name_of(request);
    if (name.empty()) return ErrorResponse(400, "must provide service name");
    auto test = tests_.find(name);
    if (test == tests_.end()) return unknown(name);
    Json options = test->second.options();
    if (std::string error = lay_over(*request.body, &options); !error.empty())
      return ErrorResponse(400, "failed to decode JSON body:" + error);
    std::string message = test->second.run(options);
    return CompactResponse({{"success", message.empty()}, {"message", message}});
  }

 private:
  static std::string name_of(const Request &request) {
    std::string name = request.path.substr(std::min(request.path.size(), kTests.size() + 1));
    while (!name.empty() && name.back() == '/') name.pop_back();
    return name;
  }
  static Response unknown(const std::string &name) { return ErrorResponse(404, "service \"" + name + "\" not found"); }
  static Json json(const ServiceTest &test) {
    return {{"link", SelfLink(kTests + "/" + test.name)}, {"name", test.name}, {"options", test.options()}};
  }

  static std::string lay_over(const std::string &body, Json *options) {
    if (body.empty()) return "EOF";
    Json given = Json::parse(body, nullptr, false);
    if (given.is_discarded()) return "the body must be an object of options";
    if (given.is_null()) return "";
    if (!given.is_object()) return "json: cannot unmarshal the body into an object of options";
    for (auto option = options->begin(); option != options->end(); ++option) {
      const Json *value = Member(given, option.key());
      if (!value || value->is_null()) continue;
      bool same_type = option->is_null() || value->type() == option->type() || (value->is_number() && option->is_number());
      if (!same_type) return "json: cannot unmarshal " + std::string(value->type_name()) + " into option " + option.key();
      *option = *value;
    }
    return "";
  }

  std::map<std::string, ServiceTest> tests_;
};

}  // namespace

ServiceTest InfluxServiceTest(const InfluxClusters &clusters) {
  constexpr int64_t kPatience = 5'000'000'000;
  auto run = [&clusters](const Json &options) -> std::string {
    std::string name = OptionText(options, "cluster");
    std::shared_ptr<InfluxCluster> cluster = clusters.find(name);
    if (!cluster) return "cluster \"" + name + "\" is not enabled or does not exist";
    std::string error = cluster->ping(kPatience);
    return error.empty() ? "" : "failed to ping the influxdb cluster \"" + name + "\": " + error;
  };
  return {"influxdb", [] { return Json{{"cluster", ""}}; }, run};
}

void AddServiceTestRoutes(Router *router, const ServiceSet &services, std::vector<ServiceTest> more) {
  auto routes = std::make_shared<ServiceTestRoutes>(services, std::move(more));
  router->add("GET", kTests, [routes](const Request &request) { return routes->list(request); });
  router->add("GET", kTests + "/", [routes](const Request &request) { return routes->read(request); });
  router->add("POST", kTests + "/", [routes](const Request &request) { return routes->run(request); });
}

}  // namespace tick
