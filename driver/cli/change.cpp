// change.cpp - enable, disable, reload and delete, in both command lines.
#include <unistd.h>

#include <cstdio>

#include "driver/cli/commands.h"

namespace tick::cli {
namespace {

std::string TaskPath(const std::string &id) { return std::string(kApi) + "/tasks/" + Escape(id, true); }

// Ids that the patterns select, in order.
Outcome Select(Session &session, const Args &patterns, Args *ids) {
  for (const std::string &pattern : patterns) {
    Json items = Json::array();
    Outcome out = ListAll(session, std::string(kApi) + "/tasks", "tasks", pattern, {"link"}, &items);
    if (out.status != 0) return Fail("listing tasks: " + out.error);
    for (const Json &item : items) ids->push_back(item.value("id", ""));
  }
  return {};
}

Outcome SetStatus(Session &session, const Args &patterns, const char *status, const char *doing) {
  Args ids;
  if (Outcome out = Select(session, patterns, &ids); out.status != 0) return out;
  for (const std::string &id : ids) {
    Reply reply = session.client.call("PATCH", TaskPath(id), {{"status", status}});
    if (!reply.error.empty()) return Fail(std::string(doing) + " task " + id + ": " + reply.error);
  }
  return {};
}

Outcome OldCommand(Session &session, const std::string &method, const std::string &verb, const Args &names) {
  for (const std::string &name : names) {
    Reply reply = session.client.call(method, std::string(kOldApi) + "/" + verb + Escape(name));
    if (!reply.error.empty()) return Fail(reply.error);
  }
  return {};
}

const char *NoTask(const Session &session) { return session.old ? "Must pass at least one task name" : "Must pass at least one task ID"; }

// What `delete KIND` deletes, and where.
struct Kind {
  std::string_view name, path, key;
};
constexpr Kind kKinds[] = {{"tasks", "/tasks", "tasks"},
                           {"templates", "/templates", "templates"},
                           {"recordings", "/recordings", "recordings"},
                           {"replays", "/replays", "replays"}};

Outcome DeleteListed(Session &session, const Kind &kind, const Args &patterns) {
  const std::string base = std::string(kApi) + std::string(kind.path);
  for (const std::string &pattern : patterns) {
    Json items = Json::array();
    if (Outcome out = ListAll(session, base, std::string(kind.key), pattern, {"link"}, &items); out.status != 0) return out;
    for (const Json &item : items) {
      Reply reply = session.client.call("DELETE", base + "/" + Escape(item.value("id", ""), true));
      if (!reply.error.empty()) return Fail(reply.error);
    }
  }
  return {};
}

Outcome DeleteTopics(Session &session, const Args &patterns) {
  for (const std::string &pattern : patterns) {
    Reply reply = session.client.call("GET", std::string(kApi) + "/alerts/topics?pattern=" + Escape(pattern));
    if (!reply.error.empty()) return Fail(reply.error);
    for (const Json &topic : reply.json.value("topics", Json::array())) {
      Reply gone = session.client.call("DELETE", std::string(kApi) + "/alerts/topics/" + Escape(topic.value("id", ""), true));
      if (!gone.error.empty()) return Fail(gone.error);
    }
  }
  return {};
}

Outcome DeleteHandlers(Session &session, const Args &words) {
  const std::string topic = std::string(kApi) + "/alerts/topics/" + Escape(words[0], true) + "/handlers";
  for (size_t i = 1; i < words.size(); ++i) {
    Reply reply = session.client.call("GET", topic + "?pattern=" + Escape(words[i]));
    if (!reply.error.empty()) return Fail(reply.error);
    for (const Json &handler : reply.json.value("handlers", Json::array())) {
      Reply gone = session.client.call("DELETE", topic + "/" + Escape(handler.value("id", ""), true));
      if (!gone.error.empty()) return Fail(gone.error);
    }
  }
  return {};
}

}  // namespace

Outcome ReloadTask(Session &session, const std::string &id) {
  Reply reply = session.client.call("POST", std::string(kApi) + "/reload/" + Escape(id, true));
  if (reply.status == 404 && reply.body.find("Not Found") != std::string::npos) {
    // Another daemon, which knows no reload: off and on again.
    for (const char *status : {"disabled", "enabled"}) {
      reply = session.client.call("PATCH", TaskPath(id), {{"status", status}});
      if (!reply.error.empty()) return Fail(reply.error);
    }
    return {};
  }
  if (reply.status != 200) return Fail(reply.error);
  if (::isatty(STDOUT_FILENO)) {
    std::string carried;
    for (const Json &node : reply.json.value("carried", Json::array())) carried += " " + node.get<std::string>();
    std::printf("%s: state kept of%s\n", id.c_str(), carried.empty() ? " no node" : carried.c_str());
  }
  return {};
}

Outcome Enable(Session &session, const Args &args) {
  if (args.empty()) return Misuse("enable", NoTask(session));
  return session.old ? OldCommand(session, "POST", "enable?name=", args) : SetStatus(session, args, "enabled", "enabling");
}

Outcome Disable(Session &session, const Args &args) {
  if (args.empty()) return Misuse("disable", NoTask(session));
  return session.old ? OldCommand(session, "POST", "disable?name=", args) : SetStatus(session, args, "disabled", "disabling");
}

Outcome Reload(Session &session, const Args &args) {
  if (args.empty()) return Misuse("reload", NoTask(session));
  Args ids;
  if (Outcome out = Select(session, args, &ids); out.status != 0) return out;
  for (const std::string &id : ids)
    if (Outcome out = ReloadTask(session, id); out.status != 0) return Fail("enabling task " + id + ": " + out.error);
  return {};
}

Outcome Delete(Session &session, const Args &args) {
  if (args.size() < 2)
    return Misuse("delete", session.old ? "Must pass at least one task name or recording ID" : "Must pass at least one ID");
  Args words(args.begin() + 1, args.end());
  if (session.old) {
    if (args[0] == "tasks") return OldCommand(session, "DELETE", "task?name=", words);
    if (args[0] == "recordings") return OldCommand(session, "DELETE", "recording?rid=", words);
    return Fail("cannot delete '" + args[0] + "' did you mean 'tasks' or 'recordings'?");
  }
  for (const Kind &kind : kKinds)
    if (kind.name == args[0]) return DeleteListed(session, kind, words);
  if (args[0] == "topics") return DeleteTopics(session, words);
  if (args[0] == "topic-handlers") return DeleteHandlers(session, words);
  return Fail("cannot delete '" + args[0] +
              "' did you mean 'tasks', 'templates', 'recordings', 'replays', 'topics' or 'topic-handlers'?");
}

}  // namespace tick::cli
