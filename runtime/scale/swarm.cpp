// swarm.cpp - replicas of Docker Swarm's services, by the Docker Engine API.
//
// A change posts the service's whole specification with the version it was read at, so nobody else's change is lost.
#include "runtime/scale/json_api.h"
#include "runtime/scale/scalers.h"

namespace tick {
namespace {

class Swarm final : public ScaleApi {
 public:
  explicit Swarm(SwarmOptions options) : api_(std::move(options.servers), std::move(options.tls), {}) {}

  std::string replicas(const ScaledResource &resource, int64_t *n) override {
    JsonApi::Json service;
    return inspect(resource, &service, n);
  }

  std::string set_replicas(const ScaledResource &resource, int64_t n) override {
    JsonApi::Json service;
    int64_t now = 0, version = 0;
    if (std::string error = inspect(resource, &service, &now); !error.empty()) return error;
    if (!NumberAt(service, "/Version/Index", &version) || !service.contains("ID") || !service["ID"].is_string())
      return "failed to update service " + resource.name + ": the answer has no ID or version";
    service["Spec"]["Mode"]["Replicated"]["Replicas"] = n;
    JsonApi::Answer answer =
        api_.call("POST", "/services/" + PathSegment(service["ID"].get<std::string>()) + "/update?version=" + std::to_string(version),
                  service["Spec"].dump(), {{"Content-Type", "application/json"}});
    return answer.error.empty() ? "" : "failed to update service " + resource.name + ": " + answer.error;
  }

 private:
  std::string inspect(const ScaledResource &resource, JsonApi::Json *service, int64_t *n) {
    JsonApi::Answer answer = api_.call("GET", "/services/" + PathSegment(resource.name));
    if (!answer.error.empty()) return "failed to get service " + resource.name + ": " + answer.error;
    *service = std::move(answer.body);
    if (!NumberAt(*service, "/Spec/Mode/Replicated/Replicas", n))
      return "failed to get service " + resource.name + ": it is not a replicated service";
    return "";
  }

  JsonApi api_;
};

}  // namespace

std::unique_ptr<ScaleApi> MakeSwarm(SwarmOptions options) { return std::make_unique<Swarm>(std::move(options)); }

}  // namespace tick
