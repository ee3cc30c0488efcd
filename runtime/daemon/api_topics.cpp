// api_topics.cpp - alert topics, their events and handlers over HTTP (http-api.md 11).
#include <algorithm>

#include "runtime/daemon/topic_handlers.h"
#include "runtime/text/glob.h"
#include "runtime/text/go_duration.h"

namespace tick {
namespace {

const std::string kTopics = std::string(kBase) + "/alerts/topics";

Json Link(const char *rel, const std::string &href) { return {{"rel", rel}, {"href", href}}; }

// "crit", "W", "info…": a level whose word begins so; refused otherwise.
Refusal ReadLevel(const Request &request, Level *level) {
  std::string word = request.parameter("min-level");
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  constexpr std::string_view kAll = "OKINFOWARNINGCRITICAL";
  constexpr size_t kStarts[] = {0, 2, 6, 13};
  size_t at = kAll.find(word);
  for (size_t i = 0; i < 4; ++i)
    if (at == kStarts[i]) {
      *level = static_cast<Level>(i);
      return {};
    }
  return {400, "unknown alert level '" + word + "'", nullptr};
}

Json TopicJson(const Topics::Summary &topic) {
  const std::string self = kTopics + "/" + topic.id;
  return {{"link", SelfLink(self)},
          {"id", topic.id},
          {"level", std::string(LevelName(topic.level))},
          {"collected", topic.collected},
          {"events-link", Link("events", self + "/events")},
          {"handlers-link", Link("handlers", self + "/handlers")}};
}

Json EventJson(const std::string &topic, const std::string &id, const EventState &state) {
  return {{"link", SelfLink(kTopics + "/" + topic + "/events/" + id)},
          {"id", id},
          {"state",
           {{"message", state.message},
            {"details", state.details},
            {"time", TimeText(state.time)},
            {"duration", GoDuration(state.duration)},
            {"level", std::string(LevelName(state.level))}}}};
}

Json HandlerJson(const HandlerSpec &spec) {
  return {{"link", SelfLink(kTopics + "/" + spec.topic + "/handlers/" + spec.id)},
          {"id", spec.id},
          {"kind", spec.kind},
          {"options", spec.options},
          {"match", spec.match}};
}

class TopicRoutes {
 public:
  TopicRoutes(Topics &topics, TopicHandlers &handlers, const Delivery &delivery)
      : topics_(topics), handlers_(handlers), delivery_(delivery) {}

  Response list(const Request &request) const {
    Level least = Level::Ok;
    bool bad = false;
    std::string pattern = request.parameter("pattern");
    MatchesGlob(pattern, "", &bad);
    if (bad) return ErrorResponse(400, "invalid pattern: syntax error in pattern");
    if (Refusal refusal = ReadLevel(request, &least)) return Answer(refusal);
    Json items = Json::array();
    for (const Topics::Summary &topic : topics_.list(pattern, least)) items.push_back(TopicJson(topic));
    return JsonResponse({{"link", SelfLink(request.target)}, {"topics", items}});
  }

  // GET TOPIC, TOPIC/events, TOPIC/events/X, TOPIC/handlers, TOPIC/handlers/X; anything else is TOPIC.
  Response read(const Request &request) const {
    std::vector<std::string> parts = split(request);
    if (parts.size() == 2 && parts[1] == "events") return events(request, parts[0]);
    if (parts.size() == 3 && parts[1] == "events") return event(parts[0], parts[2]);
    if (parts.size() == 2 && parts[1] == "handlers") return handlers(request, parts[0]);
    if (parts.size() == 3 && parts[1] == "handlers") return handler(parts[0], parts[2]);
    std::optional<Topics::Summary> topic = topics_.summary(parts[0]);
    if (!topic) return ErrorResponse(404, "unknown topic: \"" + parts[0] + "\"");
    Json answer = TopicJson(*topic);
    if (request.parameter("deliveries") == "true") answer["deliveries"] = deliveries(parts[0]);
    return JsonResponse(answer);
  }

  Response create(const Request &request) const {
    Json body = Json::parse(*request.body, nullptr, false);
    if (!body.is_object()) return ErrorResponse(400, "invalid handler json: the body must be an object");
    HandlerSpec spec;
    if (Refusal refusal = ReadHandlerSpec(split(request)[0], body, &spec)) return Answer(refusal);
    if (Refusal refusal = handlers_.create(spec)) return Answer(refusal);
    return JsonResponse(HandlerJson(spec));
  }

  Response replace(const Request &request) const {
    std::vector<std::string> parts = split(request);
    if (parts.size() != 3) return ErrorResponse(404, "Not Found");
    Json body = Json::parse(*request.body, nullptr, false);
    if (!body.is_object()) return ErrorResponse(400, "failed to unmarshal JSON: the body must be an object");
    HandlerSpec spec;
    if (Refusal refusal = ReadHandlerSpec(parts[0], body, &spec)) return Answer(refusal);
    if (Refusal refusal = handlers_.replace(parts[0], parts[2], spec)) return Answer(refusal);
    return JsonResponse(HandlerJson(spec));
  }

  Response patch(const Request &request) const {
    std::vector<std::string> parts = split(request);
    if (parts.size() != 3) return ErrorResponse(404, "Not Found");
    HandlerSpec spec;
    if (Refusal refusal = handlers_.patch(parts[0], parts[2], *request.body, &spec)) return Answer(refusal);
    return JsonResponse(HandlerJson(spec));
  }

  Response remove(const Request &request) const {
    std::vector<std::string> parts = split(request);
    if (parts.size() == 3 && parts[1] == "handlers") handlers_.remove(parts[0], parts[2]);
    else topics_.remove(parts[0]);
    return NoContent();
  }

 private:
  static std::vector<std::string> split(const Request &request) {
    std::vector<std::string> parts;
    std::string rest = request.path.substr(kTopics.size() + 1);
    for (size_t at = 0; at <= rest.size();) {
      size_t end = std::min(rest.find('/', at), rest.size());
      parts.push_back(rest.substr(at, end - at));
      at = end + 1;
    }
    return parts;
  }

  Response events(const Request &request, const std::string &topic) const {
    Level least = Level::Ok;
    if (Refusal refusal = ReadLevel(request, &least)) return Answer(refusal);
    auto found = topics_.events(topic, least);
    if (!found) return ErrorResponse(500, "failed to get topic events: unknown topic \"" + topic + "\"");
    Json items = Json::array();
    for (const auto &[id, state] : *found) items.push_back(EventJson(topic, id, state));
    return JsonResponse({{"link", SelfLink(kTopics + "/" + topic + "/events")}, {"topic", topic}, {"events", items}});
  }

  Response event(const std::string &topic, const std::string &id) const {
    std::optional<EventState> state = topics_.state(topic, id);
    if (!state) return ErrorResponse(404, "unknown event \"" + id + "\" in topic \"" + topic + "\"");
    return JsonResponse(EventJson(topic, id, *state));
  }

  Response handlers(const Request &request, const std::string &topic) const {
    bool bad = false;
    std::string pattern = request.parameter("pattern");
    MatchesGlob(pattern, "", &bad);
    if (bad) return ErrorResponse(400, "invalid pattern: syntax error in pattern");
    Json items = Json::array();
    for (const HandlerSpec &spec : handlers_.list(topic))
      if (MatchesGlob(pattern, spec.id)) items.push_back(HandlerJson(spec));
    return JsonResponse({{"link", SelfLink(request.target)}, {"topic", topic}, {"handlers", items}});
  }

  Response handler(const std::string &topic, const std::string &id) const {
    std::optional<HandlerSpec> spec = handlers_.find(topic, id);
    return spec ? JsonResponse(HandlerJson(*spec)) : ErrorResponse(404, "unknown handler: \"" + id + "\"");
  }

  // What became of the events of each handler. Clients of Kapacitor know no such key: only who asks gets it.
  Json deliveries(const std::string &topic) const {
    Json rows = Json::array();
    for (const DeliveryCount &count : delivery_.counts())
      if (count.topic == topic)
        rows.push_back({{"handler", count.handler},
                        {"queued", count.queued},
                        {"delivered", count.delivered},
                        {"failed", count.failed},
                        {"retried", count.retried},
                        {"dropped", count.dropped}});
    return rows;
  }

  Topics &topics_;
  TopicHandlers &handlers_;
  const Delivery &delivery_;
};

}  // namespace

void AddTopicRoutes(Router *router, Topics &topics, TopicHandlers &handlers, const Delivery &delivery) {
  auto routes = std::make_shared<TopicRoutes>(topics, handlers, delivery);
  using Method = Response (TopicRoutes::*)(const Request &) const;
  auto add = [&](const char *method, const std::string &path, Method call) {
    router->add(method, path, [routes, call](const Request &request) { return (routes.get()->*call)(request); });
  };
  add("GET", kTopics, &TopicRoutes::list);
  add("GET", kTopics + "/", &TopicRoutes::read);
  add("POST", kTopics + "/", &TopicRoutes::create);
  add("PUT", kTopics + "/", &TopicRoutes::replace);
  add("PATCH", kTopics + "/", &TopicRoutes::patch);
  add("DELETE", kTopics + "/", &TopicRoutes::remove);
}

}  // namespace tick
