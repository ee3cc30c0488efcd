// sideload.cpp - sideload sources over HTTP, and the route that reloads all of them.
#include "runtime/daemon/sideload.h"

#include "runtime/net/http_client.h"

namespace tick {
namespace {

constexpr int64_t kTimeout = 10'000'000'000;

std::string Text(const Json &object, const char *key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The call of an endpoint of the configuration, by the words nodes.md 10 has for one that is missing.
std::string EndpointCall(const Config &config, const std::string &name, HttpCall *call) {
  for (const Json &endpoint : config.elements("httppost")) {
    if (Text(endpoint, "endpoint") != name) continue;
    call->url = Text(endpoint, "url");
    if (auto headers = endpoint.find("headers"); headers != endpoint.end() && headers->is_object())
      for (auto header = headers->begin(); header != headers->end(); ++header)
        if (header->is_string()) call->headers.emplace_back(header.key(), header->get<std::string>());
    if (auto auth = endpoint.find("basic-auth"); auth != endpoint.end() && auth->is_object()) {
      call->user = Text(*auth, "username");
      call->password = Text(*auth, "password");
    }
    return "";
  }
  return "endpoint '" + name + "' does not exist: a source is a file:// directory, a URL or the name of an [[httppost]] endpoint";
}

}  // namespace

SideloadSources::Fetch SideloadFetch(const Config &config) {
  return [&config](const std::string &source, std::string *body) -> std::string {
    HttpCall call;
    call.timeout_ns = kTimeout;
    call.url = source;
    if (source.find("://") == std::string::npos)
      if (std::string error = EndpointCall(config, source, &call); !error.empty()) return error;
    HttpAnswer answer = HttpClient::Shared().send(call);
    if (!answer.error.empty()) return answer.error;
    if (!answer.ok()) return "the answer has the status " + std::to_string(answer.status);
    *body = std::move(answer.body);
    return "";
  };
}

std::string ReloadSideloads(SideloadSources &sources, Log &log) {
  std::string all;
  for (const std::string &failure : sources.reload()) {
    log.error("failed to reload sideload source", {{"service", "sideload"}, {"err", failure}});
    all += (all.empty() ? "" : "; ") + failure;
  }
  return all;
}

void AddSideloadRoutes(Router *router, SideloadSources &sources, Log &log) {
  router->add("POST", std::string(kBase) + "/sideload/reload", [&sources, &log](const Request &) {
    std::string failures = ReloadSideloads(sources, log);
    return failures.empty() ? NoContent() : ErrorResponse(500, failures);
  });
}

}  // namespace tick
