// scaler_config.cpp - [[kubernetes]], [[swarm]] and [[ec2]] to connections.
#include "runtime/daemon/scaler_config.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "runtime/scale/scalers.h"

namespace tick {
namespace {

// Where a pod finds who it is.
constexpr const char *kPodSecrets = "/var/run/secrets/kubernetes.io/serviceaccount/";

std::string Text(const Json &element, const char *key) {
  auto found = element.find(key);
  return found != element.end() && found->is_string() ? found->get<std::string>() : "";
}
bool Flag(const Json &element, const char *key) {
  auto found = element.find(key);
  return found != element.end() && found->is_boolean() && found->get<bool>();
}
std::vector<std::string> Texts(const Json &element, const char *key) {
  std::vector<std::string> texts;
  auto found = element.find(key);
  if (found == element.end() || !found->is_array()) return texts;
  for (const Json &item : *found)
    if (item.is_string()) texts.push_back(item.get<std::string>());
  return texts;
}
std::string Variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

TlsOptions TlsOf(const Json &element) {
  return {Text(element, "ssl-ca"), Text(element, "ssl-cert"), Text(element, "ssl-key"), Flag(element, "insecure-skip-verify")};
}

const Json *Find(const Config &config, const char *section, std::string_view id, std::string *error) {
  const Json *only = nullptr;
  size_t enabled = 0;
  for (const Json &element : config.elements(section)) {
    if (!Flag(element, "enabled")) continue;
    ++enabled;
    only = &element;
    if (Text(element, "id") == id) return &element;
  }
  if (id.empty() && enabled == 1) return only;
  *error = std::string("no ") + section + " cluster \"" + std::string(id) + "\" is configured: add [[" + section + "]] with `id = \"" +
           std::string(id) + "\"` and `enabled = true`";
  return nullptr;
}

std::unique_ptr<ScaleApi> Kubernetes(const Json &element, std::string *error) {
  KubernetesOptions options{Texts(element, "api-servers"), Text(element, "token"), {}};
  options.tls.ca = Text(element, "ca-path");
  if (Flag(element, "in-cluster")) {
    std::string host = Variable("KUBERNETES_SERVICE_HOST"), port = Variable("KUBERNETES_SERVICE_PORT");
    options.servers = {"https://" + (host.empty() ? "kubernetes" : host) + (port.empty() ? "" : ":" + port)};
    std::ifstream in(std::string(kPodSecrets) + "token");
    std::stringstream token;
    token << in.rdbuf();
    options.token = token.str();
    options.tls.ca = std::string(kPodSecrets) + "ca.crt";
    if (options.token.empty()) *error = std::string("kubernetes: in-cluster is set, but ") + kPodSecrets + "token cannot be read";
  }
  if (error->empty() && options.servers.empty()) *error = "kubernetes: api-servers names no server";
  return error->empty() ? MakeKubernetes(std::move(options)) : nullptr;
}

std::unique_ptr<ScaleApi> Swarm(const Json &element, std::string *error) {
  SwarmOptions options{Texts(element, "servers"), TlsOf(element)};
  if (options.servers.empty()) *error = "swarm: servers names no server";
  return error->empty() ? MakeSwarm(std::move(options)) : nullptr;
}

std::unique_ptr<ScaleApi> Ec2(const Json &element, std::string *error) {
  Ec2Options options{Text(element, "region"), Text(element, "access-key"), Text(element, "secret-key"), Text(element, "endpoint")};
  if (options.access_key.empty()) {
    options.access_key = Variable("AWS_ACCESS_KEY_ID");
    options.secret_key = Variable("AWS_SECRET_ACCESS_KEY");
  }
  if (options.region.empty()) options.region = Variable("AWS_REGION");
  if (options.region.empty()) *error = "ec2: region is not set";
  else if (options.access_key.empty() || options.secret_key.empty()) *error = "ec2: access-key and secret-key are not set";
  return error->empty() ? MakeEc2(std::move(options)) : nullptr;
}

}  // namespace

std::shared_ptr<Scaler> ConfiguredScaler(const Config &config, std::string_view kind, std::string_view cluster, std::string *error) {
  const char *section = kind == "k8sAutoscale" ? "kubernetes" : kind == "swarmAutoscale" ? "swarm" : "ec2";
  const Json *element = Find(config, section, cluster, error);
  if (!element) return nullptr;
  std::unique_ptr<ScaleApi> api = kind == "k8sAutoscale"     ? Kubernetes(*element, error)
                                  : kind == "swarmAutoscale" ? Swarm(*element, error)
                                                             : Ec2(*element, error);
  return api ? MakeScaler(std::move(api)) : nullptr;
}

}  // namespace tick
