// scalers.h - the orchestrators behind autoscale nodes: Kubernetes, Docker Swarm, EC2.
//
// An orchestrator is two blocking calls; a thread of its own makes them one after the other and tells their ends.
// In: where its API is and how to show who we are. Out: numbers, or errors that say which resource and why.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/engine/scaler.h"
#include "runtime/net/http_client.h"

namespace tick {

class ScaleApi {
 public:
  virtual ~ScaleApi() = default;
  // An error text, or "".
  virtual std::string replicas(const ScaledResource &resource, int64_t *n) = 0;
  virtual std::string set_replicas(const ScaledResource &resource, int64_t n) = 0;
};

// Calls of one orchestrator, on a thread that ends with the last user; calls not begun then are dropped.
std::shared_ptr<Scaler> MakeScaler(std::unique_ptr<ScaleApi> api);

struct KubernetesOptions {
  std::vector<std::string> servers;  // asked in turn
  std::string token;
  TlsOptions tls;
};
std::unique_ptr<ScaleApi> MakeKubernetes(KubernetesOptions options);

struct SwarmOptions {
  std::vector<std::string> servers;
  TlsOptions tls;
};
std::unique_ptr<ScaleApi> MakeSwarm(SwarmOptions options);

struct Ec2Options {
  std::string region, access_key, secret_key;
  std::string endpoint;  // "": the region's
};
std::unique_ptr<ScaleApi> MakeEc2(Ec2Options options);

// AWS's signature, version 4, of a POST of a form. date: "20150830T123600Z". Gives the Authorization header.
struct AwsRequest {
  std::string method, host, path, query, content_type, body, date, region, service;
};
std::string AwsAuthorization(const AwsRequest &request, const std::string &access_key, const std::string &secret_key);

}  // namespace tick
