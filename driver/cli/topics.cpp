// topics.cpp - commands about alert topics and their handlers.
#include <algorithm>
#include <cstdio>

#include "driver/cli/commands.h"

namespace tick::cli {
namespace {

std::string TopicPath(const std::string &topic) { return std::string(kApi) + "/alerts/topics/" + Escape(topic, true); }

// What became of the events of handlers that had some.
void PrintDeliveries(const Json &rows) {
  constexpr const char *kCounts[] = {"delivered", "queued", "retried", "failed", "dropped"};
  size_t width = 8;
  std::vector<Json> shown;
  for (const Json &row : rows) {
    bool any = std::any_of(std::begin(kCounts), std::end(kCounts), [&](const char *count) { return row.value(count, int64_t{0}) != 0; });
    if (!any) continue;
    width = std::max(width, row.value("handler", "").size());
    shown.push_back(row);
  }
  if (shown.empty()) return;
  std::printf("Deliveries:\n%s %10s %10s %10s %10s %10s\n", Pad("Handler", width).c_str(), "Delivered", "Queued", "Retried", "Failed", "Dropped");
  for (const Json &row : shown) {
    std::printf("%s", Pad(row.value("handler", ""), width).c_str());
    for (const char *count : kCounts) std::printf(" %10lld", static_cast<long long>(row.value(count, int64_t{0})));
    std::printf("\n");
  }
}

}  // namespace

Outcome DefineTopicHandler(Session &session, const Args &args) {
  if (args.size() != 1) return Misuse("define-topic-handler", "Must provide a path to a handler file.");
  Json spec = Json::object();
  if (std::string error = ReadSpecFile(args[0], "handler", &spec); !error.empty()) return Fail(error);
  std::string topic = spec.value("topic", ""), id = spec.value("id", "");
  const std::string all = TopicPath(topic) + "/handlers", one = all + "/" + Escape(id, true);
  bool exists = !id.empty() && session.client.call("GET", one).status == 200;
  Reply reply = session.client.call(exists ? "PUT" : "POST", exists ? one : all, spec);
  return reply.status == 200 ? Outcome{} : Fail(reply.error);
}

Outcome ShowTopicHandler(Session &session, const Args &args) {
  if (args.size() != 2) return Misuse("show-topic-handler", "Must specify both topic and handler IDs");
  Reply reply = session.client.call("GET", TopicPath(args[0]) + "/handlers/" + Escape(args[1], true));
  if (reply.status != 200) return Fail(reply.error);
  const Json &handler = reply.json;
  std::printf("ID: %s\nTopic: %s\nKind: %s\nMatch: %s\nOptions: %s\n", handler.value("id", "").c_str(), args[0].c_str(),
              handler.value("kind", "").c_str(), handler.value("match", "").c_str(),
              nlohmann::json(handler.value("options", Json())).dump().c_str());
  return {};
}

Outcome ShowTopic(Session &session, const Args &args) {
  if (args.size() != 1) return Misuse("show-topic", "Must specify one topic ID");
  Reply topic = session.client.call("GET", TopicPath(args[0]) + "?deliveries=true");
  if (topic.status != 200) return Fail(topic.error);
  Reply events = session.client.call("GET", TopicPath(args[0]) + "/events");
  Reply handlers = session.client.call("GET", TopicPath(args[0]) + "/handlers");
  if (handlers.status != 200) return Fail(handlers.error);
  std::string ids;
  for (const Json &handler : handlers.json.value("handlers", Json::array()))
    ids += (ids.empty() ? "" : ", ") + handler.value("id", "");
  std::printf("ID: %s\nLevel: %s\nCollected: %lld\nHandlers: [%s]\nEvents:\n", args[0].c_str(),
              topic.json.value("level", "").c_str(), static_cast<long long>(topic.json.value("collected", int64_t{0})), ids.c_str());
  std::vector<Json> rows;
  for (const Json &event : events.json.value("events", Json::array())) rows.push_back(event);
  auto time_of = [](const Json &event) { return event.value("state", Json::object()).value("time", ""); };
  std::stable_sort(rows.begin(), rows.end(), [&](const Json &a, const Json &b) { return time_of(a) < time_of(b); });
  size_t id = 5, message = 7;
  for (const Json &row : rows) {
    id = std::max(id, row.value("id", "").size());
    message = std::max(message, row["state"].value("message", "").size());
  }
  auto line = [&](const std::string &a, const std::string &b, const std::string &c, const std::string &d) {
    std::printf("%s%s%s%s\n", Pad(a, id + 1).c_str(), Pad(b, 9).c_str(), Pad(c, message + 1).c_str(), Pad(d, 23).c_str());
  };
  line("Event", "Level", "Message", "Date");
  for (const Json &row : rows)
    line(row.value("id", ""), row["state"].value("level", ""), row["state"].value("message", ""), DateText(time_of(row), false));
  PrintDeliveries(topic.json.value("deliveries", Json::array()));
  return {};
}

}  // namespace tick::cli
