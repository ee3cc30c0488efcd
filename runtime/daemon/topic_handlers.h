// topic_handlers.h - handlers that are defined on topics, not in scripts (nodes-alert.md 12, http-api.md 11).
//
// Each is stored, made from its kind and options, put behind a queue and, with `match`, behind a filter.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/daemon/api.h"
#include "runtime/daemon/daemon_services.h"
#include "runtime/daemon/store.h"

namespace tick {

struct HandlerSpec {
  std::string topic, id, kind, match;
  Json options = nullptr;
};

class TopicHandlers {
 public:
  TopicHandlers(Store &store, Topics &topics, DaemonServices &services, CodeSource &code, Log &log);
  void open();  // what the store has
  Refusal create(HandlerSpec spec);
  Refusal replace(const std::string &topic, const std::string &id, HandlerSpec spec);
  Refusal patch(const std::string &topic, const std::string &id, const std::string &patch, HandlerSpec *changed);
  void remove(const std::string &topic, const std::string &id);
  std::optional<HandlerSpec> find(const std::string &topic, const std::string &id) const;
  std::vector<HandlerSpec> list(const std::string &topic) const;  // by id

 private:
  std::shared_ptr<AlertHandler> make(const HandlerSpec &spec, std::string *error);
  Refusal install(const HandlerSpec &spec, const char *doing);
  Store &store_;
  Topics &topics_;
  DaemonServices &services_;
  CodeSource &code_;
  Log &log_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, HandlerSpec> specs_;
};

// Reads a spec of a request; refused where it does not hold.
Refusal ReadHandlerSpec(const std::string &topic, const Json &body, HandlerSpec *spec);
void AddTopicRoutes(Router *router, Topics &topics, TopicHandlers &handlers, const Delivery &delivery);

}  // namespace tick
