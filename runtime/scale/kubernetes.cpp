// kubernetes.cpp - the scale of deployments, replica sets and replication controllers.
//
// Reads /spec/replicas of the resource's `scale` and patches it. Clusters before 1.9 have it under another path, which
// is tried where the first is not there.
#include "runtime/scale/json_api.h"
#include "runtime/scale/scalers.h"

namespace tick {
namespace {

class Kubernetes final : public ScaleApi {
 public:
  explicit Kubernetes(KubernetesOptions options)
      : api_(std::move(options.servers), std::move(options.tls), HeadersOf(options.token)) {}

  std::string replicas(const ScaledResource &resource, int64_t *n) override {
    JsonApi::Answer answer = call("GET", resource, "");
    if (!answer.error.empty()) return "failed to get scale " + NameOf(resource) + ": " + answer.error;
    // A scale of zero leaves the number out.
    if (answer.body.is_object() && answer.body.contains("spec") && !answer.body["spec"].contains("replicas")) return *n = 0, "";
    if (!NumberAt(answer.body, "/spec/replicas", n)) return "failed to get scale " + NameOf(resource) + ": the answer has no spec.replicas";
    return "";
  }

  std::string set_replicas(const ScaledResource &resource, int64_t n) override {
    std::string patch = R"([{"op":"replace","path":"/spec/replicas","value":)" + std::to_string(n) + "}]";
    JsonApi::Answer answer = call("PATCH", resource, patch);
    return answer.error.empty() ? "" : "failed to update scale " + NameOf(resource) + ": " + answer.error;
  }

 private:
  static JsonApi::Headers HeadersOf(const std::string &token) {
    if (token.empty()) return {};
    return {{"Authorization", "Bearer " + token}};
  }
  static std::string NameOf(const ScaledResource &resource) { return resource.space + "/" + resource.kind + "/" + resource.name; }
  JsonApi::Answer call(const char *method, const ScaledResource &resource, const std::string &body) {
    std::string rest = "/namespaces/" + PathSegment(resource.space) + "/" + resource.kind + "/" + PathSegment(resource.name) + "/scale";
    JsonApi::Headers headers;
    if (!body.empty()) headers = {{"Content-Type", "application/json-patch+json"}};
    bool core = resource.kind == "replicationcontrollers";
    JsonApi::Answer answer = api_.call(method, (old_ ? "/apis/extensions/v1beta1" : core ? "/api/v1" : "/apis/apps/v1") + rest, body, headers);
    if (answer.status != 404 || old_) return answer;
    JsonApi::Answer old = api_.call(method, "/apis/extensions/v1beta1" + rest, body, headers);
    old_ = old.error.empty();
    return old_ ? old : answer;
  }

  JsonApi api_;
  bool old_ = false;
};

}  // namespace

std::unique_ptr<ScaleApi> MakeKubernetes(KubernetesOptions options) { return std::make_unique<Kubernetes>(std::move(options)); }

}  // namespace tick
