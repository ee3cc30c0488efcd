// list.cpp - list, in both command lines (daemon.md 5.4, 6.2).
#include <algorithm>
#include <cstdio>

#include "driver/cli/commands.h"

namespace tick::cli {
namespace {

std::string Text(const Json &item, const char *key) {
  if (!item.contains(key) || item[key].is_null()) return "";
  return item[key].is_string() ? item[key].get<std::string>() : item[key].dump();
}

// The longest value of a key, at least `least`.
size_t Widest(const Json &items, const char *key, size_t least) {
  for (const Json &item : items) least = std::max(least, Text(item, key).size());
  return least;
}

// All items that the patterns select, a pattern after the other.
Outcome Collect(Session &session, const char *path, const char *key, const Args &patterns,
                const std::vector<std::string> &fields, Json *items) {
  Args all = patterns.empty() ? Args{""} : patterns;
  for (const std::string &pattern : all)
    if (Outcome out = ListAll(session, std::string(kApi) + path, key, pattern, fields, items); out.status != 0) return out;
  return {};
}

Outcome ListTasks(Session &session, const Args &patterns) {
  Json items = Json::array();
  Outcome out = Collect(session, "/tasks", "tasks", patterns, {"type", "status", "executing", "dbrps"}, &items);
  if (out.status != 0) return out;
  size_t width = Widest(items, "id", 2) + 1;
  auto line = [&](const std::string &id, const std::string &type, const std::string &status, const std::string &executing,
                  const std::string &dbrps) {
    std::printf("%s%s%s%s%s\n", Pad(id, width).c_str(), Pad(type, 10).c_str(), Pad(status, 10).c_str(),
                Pad(executing, 10).c_str(), dbrps.c_str());
  };
  line("ID", "Type", "Status", "Executing", "Databases and Retention Policies");
  for (const Json &item : items)
    line(Text(item, "id"), Text(item, "type"), Text(item, "status"), Text(item, "executing"),
         DbrpList(item.value("dbrps", Json::array())));
  return {};
}

Outcome ListTemplates(Session &session, const Args &patterns) {
  Json items = Json::array();
  if (Outcome out = Collect(session, "/templates", "templates", patterns, {"type", "vars"}, &items); out.status != 0) return out;
  size_t width = Widest(items, "id", 2) + 1;
  std::printf("%s%s%s\n", Pad("ID", width).c_str(), Pad("Type", 10).c_str(), Pad("Vars", 40).c_str());
  for (const Json &item : items) {
    std::vector<std::string> names;
    Json vars = item.value("vars", Json::object());
    for (auto var = vars.begin(); var != vars.end(); ++var) names.push_back(var.key());
    std::sort(names.begin(), names.end());
    std::string joined;
    for (const std::string &name : names) joined += (joined.empty() ? "" : ",") + name;
    std::printf("%s%s%s\n", Pad(Text(item, "id"), width).c_str(), Pad(Text(item, "type"), 10).c_str(), Pad(joined, 40).c_str());
  }
  return {};
}

Outcome ListRecordings(Session &session, const Args &patterns) {
  Json items = Json::array();
  Outcome out = Collect(session, "/recordings", "recordings", patterns, {"type", "size", "date", "status"}, &items);
  if (out.status != 0) return out;
  size_t width = Widest(items, "id", 2) + 1;
  auto line = [&](const std::string &id, const std::string &type, const std::string &status, const std::string &size,
                  const std::string &date) {
    std::printf("%s%s%s%s%s\n", Pad(id, width).c_str(), Pad(type, 8).c_str(), Pad(status, 10).c_str(), Pad(size, 10).c_str(),
                Pad(date, 23).c_str());
  };
  line("ID", "Type", "Status", "Size", "Date");
  for (const Json &item : items)
    line(Text(item, "id"), Text(item, "type"), Text(item, "status"),
         SizeText(static_cast<uint64_t>(std::max<int64_t>(item.value("size", int64_t{0}), 0))), DateText(Text(item, "date"), false));
  return {};
}

Outcome ListReplays(Session &session, const Args &patterns) {
  Json items = Json::array();
  Outcome out = Collect(session, "/replays", "replays", patterns, {"task", "recording", "status", "clock", "date"}, &items);
  if (out.status != 0) return out;
  size_t id = Widest(items, "id", 2) + 1, task = Widest(items, "task", 4) + 1, recording = Widest(items, "recording", 9) + 1;
  std::printf("%s%s%s%s%s%s\n", Pad("ID", id).c_str(), Pad("Task", task).c_str(), Pad("Recording", recording).c_str(),
              Pad("Status", 9).c_str(), Pad("Clock", 8).c_str(), Pad("Date", 23).c_str());
  for (const Json &item : items)
    std::printf("%s%s%s%s%s%s\n", Pad(Text(item, "id"), id).c_str(), Pad(Text(item, "task"), task).c_str(),
                Pad(Text(item, "recording"), recording).c_str(), Pad(Text(item, "status"), 9).c_str(),
                Pad(Text(item, "clock"), 8).c_str(), Pad(DateText(Text(item, "date"), false), 23).c_str());
  return {};
}

Outcome TopicsLike(Session &session, const std::string &pattern, Json *topics) {
  Reply reply = session.client.call("GET", std::string(kApi) + "/alerts/topics?min-level=OK&pattern=" + Escape(pattern));
  if (!reply.error.empty()) return Fail(reply.error);
  for (const Json &topic : reply.json.value("topics", Json::array())) topics->push_back(topic);
  return {};
}

Outcome ListTopics(Session &session, const Args &patterns) {
  Json topics = Json::array();
  for (const std::string &pattern : patterns.empty() ? Args{""} : patterns)
    if (Outcome out = TopicsLike(session, pattern, &topics); out.status != 0) return out;
  size_t id = Widest(topics, "id", 2) + 1, level = Widest(topics, "level", 8) + 1;
  std::printf("%s%s%s\n", Pad("ID", id).c_str(), Pad("Level", level).c_str(), PadLeft("Collected", 10).c_str());
  for (const Json &topic : topics)
    std::printf("%s%s%s\n", Pad(Text(topic, "id"), id).c_str(), Pad(Text(topic, "level"), level).c_str(),
                PadLeft(Text(topic, "collected"), 10).c_str());
  return {};
}

Outcome ListHandlers(Session &session, const Args &words) {
  Json topics = Json::array(), rows = Json::array();
  if (Outcome out = TopicsLike(session, words.empty() ? "" : words[0], &topics); out.status != 0) return out;
  Args patterns = words.size() > 1 ? Args(words.begin() + 1, words.end()) : Args{""};
  for (const Json &topic : topics)
    for (const std::string &pattern : patterns) {
      std::string id = Text(topic, "id");
      Reply reply = session.client.call(
          "GET", std::string(kApi) + "/alerts/topics/" + Escape(id, true) + "/handlers?pattern=" + Escape(pattern));
      if (!reply.error.empty()) return Fail(reply.error);
      for (const Json &handler : reply.json.value("handlers", Json::array()))
        rows.push_back({{"topic", id}, {"id", Text(handler, "id")}, {"kind", Text(handler, "kind")}});
    }
  size_t topic = Widest(rows, "topic", 10) + 1, id = Widest(rows, "id", 10) + 1, kind = Widest(rows, "kind", 10) + 1;
  std::printf("%s%s%s\n", Pad("Topic", topic).c_str(), Pad("ID", id).c_str(), Pad("Kind", kind).c_str());
  for (const Json &row : rows)
    std::printf("%s%s%s\n", Pad(Text(row, "topic"), topic).c_str(), Pad(Text(row, "id"), id).c_str(),
                Pad(Text(row, "kind"), kind).c_str());
  return {};
}

Outcome ListServiceTests(Session &session, const Args &patterns) {
  std::printf("Service Name\n");
  for (const std::string &pattern : patterns.empty() ? Args{"*"} : patterns) {
    Reply reply = session.client.call("GET", std::string(kApi) + "/service-tests?pattern=" + Escape(pattern));
    if (!reply.error.empty()) return Fail(reply.error);
    if (!reply.json.contains("services") || !reply.json["services"].is_array()) continue;
    for (const Json &service : reply.json["services"]) std::printf("%s\n", Text(service, "name").c_str());
  }
  return {};
}

std::string Joined(const Args &words) {
  std::string joined;
  for (const std::string &word : words) joined += (joined.empty() ? "" : ",") + word;
  return joined;
}

Outcome ListOldTasks(Session &session, const Args &names) {
  Reply reply = session.client.call("GET", std::string(kOldApi) + "/tasks?tasks=" + Escape(Joined(names)));
  if (reply.json.contains("Error")) return Fail(reply.json.value("Error", ""));
  if (!reply.error.empty()) return Fail(reply.error);
  auto line = [](const std::string &name, const char *type, const char *enabled, const char *executing, const std::string &dbrps) {
    std::printf("%s%s%s%s%s\n", Pad(name, 30).c_str(), Pad(type, 10).c_str(), Pad(enabled, 10).c_str(),
                Pad(executing, 10).c_str(), dbrps.c_str());
  };
  line("Name", "Type", "Enabled", "Executing", "Databases and Retention Policies");
  for (const Json &task : reply.json.value("Tasks", Json::array()))
    line(Text(task, "Name"), task.value("Type", 0) == 0 ? "stream" : "batch", task.value("Enabled", false) ? "true" : "false",
         task.value("Executing", false) ? "true" : "false", DbrpList(task.value("DBRPs", Json())));
  return {};
}

Outcome ListOldRecordings(Session &session, const Args &ids) {
  Reply reply = session.client.call("GET", std::string(kOldApi) + "/recordings?rids=" + Escape(Joined(ids)));
  if (!reply.error.empty() && !reply.json.contains("Recordings")) return Fail(reply.error);
  std::printf("%s%s%s%s\n", Pad("ID", 40).c_str(), Pad("Type", 8).c_str(), Pad("Size", 10).c_str(), Pad("Created", 23).c_str());
  for (const Json &item : reply.json.value("Recordings", Json::array()))
    std::printf("%s%s%s%s\n", Pad(Text(item, "ID"), 40).c_str(), Pad(item.value("Type", 0) == 0 ? "stream" : "batch", 8).c_str(),
                Pad(SizeText(item.value("Size", uint64_t{0})), 10).c_str(), Pad(DateText(Text(item, "Created"), false), 23).c_str());
  return {};
}

struct Kind {
  std::string_view name;
  Outcome (*list)(Session &, const Args &);
};
constexpr Kind kKinds[] = {{"tasks", ListTasks},           {"templates", ListTemplates},     {"recordings", ListRecordings},
                           {"replays", ListReplays},       {"topics", ListTopics},           {"topic-handlers", ListHandlers},
                           {"service-tests", ListServiceTests}};
constexpr Kind kOldKinds[] = {{"tasks", ListOldTasks}, {"recordings", ListOldRecordings}};

}  // namespace

Outcome List(Session &session, const Args &args) {
  if (args.empty())
    return Misuse("list", session.old ? "Must specify 'tasks' or 'recordings'"
                                      : "Must specify 'tasks', 'recordings', 'replays', 'topics', or 'topic-handlers'");
  Args words(args.begin() + 1, args.end());
  if (session.old)
    for (const Kind &kind : kOldKinds)
      if (kind.name == args[0]) return kind.list(session, words);
  for (const Kind &kind : kKinds)
    if (kind.name == args[0]) return kind.list(session, words);
  return Fail("cannot list '" + args[0] + "' did you mean " +
              (session.old ? "'tasks' or 'recordings'?"
                           : "'tasks', 'recordings', 'replays', 'topics', 'topic-handlers' or 'service-tests'?"));
}

}  // namespace tick::cli
