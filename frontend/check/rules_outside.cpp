// rules_outside.cpp - rules of the nodes that talk to other services.
#include "frontend/check/rules.h"

namespace tick::check {

void CheckHttpPost(RuleScope &scope) {
  size_t urls = scope.node.args.size(), endpoints = scope.list("endpoint").size();
  if (urls > 1)
    return (void)scope.fail(scope.node.args[1].range, "`httpPost` takes one URL",
                            "httpPost expects 0 or 1 arguments, got " + std::to_string(urls));
  if (endpoints > 1)
    return (void)scope.fail(scope.range("endpoint"), "`httpPost` takes one endpoint",
                            "httpPost expects 0 or 1 endpoints, got " + std::to_string(endpoints));
  if (urls == 0 && endpoints == 0)
    return (void)scope.fail(scope.node.range, "`httpPost` needs a URL or an endpoint", "must provide url or endpoint");
  if (urls == 1 && endpoints == 1)
    return (void)scope.fail(scope.range("endpoint"), "`httpPost` takes a URL or an endpoint, not both",
                            "only one endpoint and url may be specified");
  for (const PropertyCall &call : scope.node.properties) {
    if (call.name != "header") continue;
    std::string name = call.args[0].scalar.s;
    for (char &c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (name == "authenticate")
      scope.fail(call.args[0].range, "the header 'authenticate' cannot be set", "cannot set 'authenticate' header");
  }
}

void CheckLoopback(RuleScope &scope) {
  if (scope.string("database").empty())
    return (void)scope.fail(scope.node.range, "a loopback needs a `database`", "must specify a database");
  if (scope.string("retentionPolicy").empty())
    scope.fail(scope.node.range, "a loopback needs a `retentionPolicy`", "must specify a retention policy");
}

void CheckAutoscale(RuleScope &scope) {
  std::string what = scope.node.row->id == NodeId::K8sAutoscale     ? "resource"
                     : scope.node.row->id == NodeId::SwarmAutoscale ? "service"
                                                                    : "group";
  bool name = !scope.string(what + "Name").empty(), tag = !scope.string(what + "NameTag").empty();
  if (name == tag)
    return (void)scope.fail(scope.node.range,
                            "exactly one of `" + what + "Name` and `" + what + "NameTag` says what is scaled",
                            "must specify exactly one of " + GoMember(what) + "Name or " + GoMember(what) + "NameTag");
  int64_t min = scope.number("min", 1);
  if (min < 1)
    return (void)scope.fail(scope.range("min"), "`min` is at least 1", "min must be >= 1, got " + std::to_string(min));
  if (!scope.has("replicas"))
    return (void)scope.fail(scope.node.range, "`replicas` says how many are wanted",
                            "must provide a replicas lambda expression");
  std::string kind = scope.string("kind", "deployments");
  if (scope.node.row->id == NodeId::K8sAutoscale && kind != "deployments" && kind != "replicasets" &&
      kind != "replicationcontrollers")
    scope.fail(scope.range("kind"), "`kind` is 'deployments', 'replicasets' or 'replicationcontrollers'",
               "invalid Kind, must be 'deployments', 'replicasets' or 'replicationcontrollers', got " + kind);
}

void CheckSideload(RuleScope &scope) {
  std::string source = scope.string("source");
  size_t colon = source.find("://");
  if (colon == std::string::npos) return;
  std::string scheme = source.substr(0, colon);
  if (scheme != "file" && scheme != "http" && scheme != "https")
    return (void)scope.fail(scope.range("source"), "a source is a file, http or https URL",
                            "unsupported source scheme \"" + scheme + "\", must be 'file', 'http', or 'https'");
  std::string path = source.substr(colon + 3);
  if (scheme == "file" && !path.starts_with('/'))
    scope.fail(scope.range("source"), "the path of a source must be absolute",
               "sideload source path must be absolute \"" + path + "\"");
}

}  // namespace tick::check
