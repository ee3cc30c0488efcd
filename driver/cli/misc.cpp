// misc.cpp - commands about the daemon itself (daemon.md 5.9).
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "driver/cli/commands.h"

namespace tick::cli {
namespace {

Outcome UsageAndFail(std::string_view command, const std::string &text) {
  std::fprintf(stderr, "Usage: %s\n", std::string(FindCommand(command)->usage).c_str());
  return Fail(text);
}

Outcome GeneralStats(const Json &vars) {
  auto line = [](const char *label, const std::string &value) {
    std::printf("%s%s\n", Pad(label, 30).c_str(), Pad(value, 30).c_str());
  };
  auto text = [&](const char *key) {
    if (!vars.contains(key)) return std::string();
    return vars[key].is_string() ? vars[key].get<std::string>() : vars[key].dump();
  };
  line("ClusterID:", text("cluster_id"));
  line("ServerID:", text("server_id"));
  line("Host:", text("host"));
  line("Tasks:", text("num_tasks"));
  line("Enabled Tasks:", text("num_enabled_tasks"));
  line("Subscriptions:", text("num_subscriptions"));
  line("Platform:", text("platform"));
  line("Version:", text("version"));
  return {};
}

Outcome IngressStats(const Json &vars) {
  struct Row {
    std::string database, retention_policy, measurement, points;
  };
  std::vector<Row> rows;
  Json all = vars.value("kapacitor", Json::object());
  for (auto item = all.begin(); item != all.end(); ++item) {
    if (item->value("name", "") != "ingress") continue;
    const Json tags = item->value("tags", Json::object());
    if (tags.value("task_master", "") != "main") continue;
    rows.push_back({tags.value("database", ""), tags.value("retention_policy", ""), tags.value("measurement", ""),
                    item->value("values", Json::object()).value("points_received", Json(0)).dump()});
  }
  std::sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) {
    return std::tie(a.database, a.retention_policy, a.measurement) < std::tie(b.database, b.retention_policy, b.measurement);
  });
  size_t database = 8, policy = 16, measurement = 11;
  for (const Row &row : rows) {
    database = std::max(database, row.database.size());
    policy = std::max(policy, row.retention_policy.size());
    measurement = std::max(measurement, row.measurement.size());
  }
  std::printf("%s%s%sPoints Received\n", Pad("Database", database + 1).c_str(), Pad("Retention Policy", policy + 1).c_str(),
              Pad("Measurement", measurement + 1).c_str());
  for (const Row &row : rows)
    std::printf("%s%s%s%s\n", Pad(row.database, database + 1).c_str(), Pad(row.retention_policy, policy + 1).c_str(),
                Pad(row.measurement, measurement + 1).c_str(), PadLeft(row.points, 15).c_str());
  return {};
}

Outcome FollowLogs(Session &session, const Args &pairs, const std::string &first) {
  std::string query = first;
  for (const std::string &pair : pairs) {
    size_t equals = pair.find('=');
    if (equals == std::string::npos || pair.find('=', equals + 1) != std::string::npos) return Fail("bad keyvalue pair: '" + pair + "'");
    query += (query.empty() ? "" : "&") + Escape(pair.substr(0, equals)) + "=" + Escape(pair.substr(equals + 1));
  }
  Reply reply = session.client.follow("/kapacitor/v1preview/logs" + (query.empty() ? "" : "?" + query), [](std::string_view part) {
    std::fwrite(part.data(), 1, part.size(), stdout);
    return std::fflush(stdout) == 0;
  });
  return reply.error.empty() ? Outcome{} : Fail("failed to retrieve logs: " + reply.error);
}

}  // namespace

Outcome SetLogLevel(Session &session, const Args &args) {
  if (args.size() != 1) return Misuse("level", "Must pass a log level");
  Reply reply = session.old ? session.client.call("POST", std::string(kOldApi) + "/loglevel?level=" + Escape(args[0]))
                            : session.client.call("POST", std::string(kApi) + "/loglevel", {{"level", args[0]}});
  return reply.error.empty() ? Outcome{} : Fail(reply.error);
}

Outcome Stats(Session &session, const Args &args) {
  if (args.empty()) return UsageAndFail("stats", "must provide a stats category");
  if (args[0] != "general" && args[0] != "ingress") return {};
  Reply reply = session.client.call("GET", std::string(kApi) + "/debug/vars");
  if (reply.status != 200) return Fail(reply.error);
  return args[0] == "general" ? GeneralStats(reply.json) : IngressStats(reply.json);
}

Outcome Version(Session &session, const Args &) {
  std::printf(session.old ? "Kapacitor %s (git: unknown unknown)\n" : "Kapacitor OSS %s (git: unknown unknown)\n", TICK_KAPACITOR_VERSION);
  return {};
}

Outcome Vars(Session &session, const Args &) {
  Reply reply = session.client.call("GET", std::string(kApi) + "/debug/vars");
  if (reply.status != 200) return Fail(reply.error);
  std::fwrite(reply.body.data(), 1, reply.body.size(), stdout);
  return {};
}

Outcome ServiceTests(Session &session, const Args &args) {
  if (args.empty()) return Fail("must provide at least one service name or pattern.");
  std::printf("%s%s%s\n", Pad("Service", 20).c_str(), Pad("Success", 10).c_str(), "Message");
  for (const std::string &pattern : args) {
    Reply list = session.client.call("GET", std::string(kApi) + "/service-tests?pattern=" + Escape(pattern));
    if (list.status != 200) return Fail(list.error);
    if (!list.json.contains("services") || !list.json["services"].is_array()) continue;
    for (const Json &service : list.json["services"]) {
      std::string name = service.value("name", "");
      Reply result = session.client.send("POST", std::string(kApi) + "/service-tests/" + Escape(name), "null");
      if (result.status != 200) return Fail(result.error);
      std::printf("%s%s%s\n", Pad(name, 20).c_str(), Pad(result.json.value("success", false) ? "true" : "false", 10).c_str(),
                  result.json.value("message", "").c_str());
    }
  }
  return {};
}

Outcome Backup(Session &session, const Args &args) {
  if (args.size() != 1) return Fail("must provide file path for backup.");
  Reply reply = session.client.call("GET", std::string(kApi) + "/storage/backup");
  if (reply.status != 200) return Fail("failed to perform backup: " + reply.error);
  std::ofstream out(args[0], std::ios::binary);
  if (!out) return Fail("failed to create backup file: open " + args[0] + ": " + std::strerror(errno));
  out.write(reply.body.data(), static_cast<std::streamsize>(reply.body.size()));
  out.close();
  return out ? Outcome{} : Fail("failed to save backup: " + std::string(std::strerror(errno)));
}

Outcome Watch(Session &session, const Args &args) {
  if (args.empty()) return UsageAndFail("watch", "must provide task ID.");
  return FollowLogs(session, {args.begin() + 1, args.end()}, "task=" + Escape(args[0]));
}

Outcome Logs(Session &session, const Args &args) { return FollowLogs(session, args, ""); }

Outcome Flux(Session &, const Args &) { return Fail("Flux tasks are not supported"); }

}  // namespace tick::cli
