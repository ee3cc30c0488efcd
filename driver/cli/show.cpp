// show.cpp - show and show-template, in both command lines (daemon.md 5.5, 6.2).
#include <algorithm>
#include <cstdio>

#include "driver/cli/commands.h"
#include "runtime/text/go_duration.h"

namespace tick::cli {
namespace {

void Line(const char *label, const std::string &value) { std::printf("%s: %s\n", label, value.c_str()); }

// A variable's value as the tables print it.
std::string VarText(const Json &var) {
  const Json value = var.contains("value") ? var["value"] : Json();
  std::string type = var.value("type", "");
  if (type == "list" && value.is_array()) {
    std::string text = "[";
    for (const Json &item : value) text += (text.size() > 1 ? ", " : "") + (item.value("type", "") == "star" ? "*" : VarText(item));
    return text + "]";
  }
  if (type == "star") return "*";
  if (type == "duration" && value.is_number()) return GoDuration(value.get<int64_t>());
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float() && value.get<double>() == static_cast<double>(static_cast<int64_t>(value.get<double>())))
    return std::to_string(static_cast<int64_t>(value.get<double>()));
  return value.is_null() ? "<required>" : value.dump();
}

std::vector<std::string> SortedNames(const Json &vars) {
  std::vector<std::string> names;
  for (auto var = vars.begin(); var != vars.end(); ++var) names.push_back(var.key());
  std::sort(names.begin(), names.end());
  return names;
}

Outcome ShowOld(Session &session, const std::string &name) {
  Reply reply = session.client.call("GET", std::string(kOldApi) + "/task?name=" + Escape(name));
  if (reply.status != 200) return Fail(reply.json.value("Error", reply.error));
  const Json &task = reply.json;
  Line("Name", task.value("Name", ""));
  Line("Error", task.value("Error", ""));
  Line("Type", task.value("Type", 0) == 0 ? "stream" : "batch");
  Line("Enabled", task.value("Enabled", false) ? "true" : "false");
  Line("Executing", task.value("Executing", false) ? "true" : "false");
  Line("Databases Retention Policies", DbrpList(task.value("DBRPs", Json())));
  std::printf("TICKscript:\n%s\n\n", task.value("TICKscript", "").c_str());
  std::printf("DOT:\n%s\n", task.value("Dot", "").c_str());
  return {};
}

void PrintVars(const Json &vars) {
  std::printf("Vars:\n%s%s%s\n", Pad("Name", 30).c_str(), Pad("Type", 10).c_str(), Pad("Value", 40).c_str());
  for (const std::string &name : SortedNames(vars))
    std::printf("%s%s%s\n", Pad(name, 30).c_str(), Pad(vars[name].value("type", ""), 10).c_str(), Pad(VarText(vars[name]), 40).c_str());
}

// What went wrong in the task's nodes, with counts; nothing where nothing did, as Kapacitor prints it.
void PrintErrors(const Json &task) {
  Json stats = task.value("stats", Json());
  if (!stats.is_object() || !stats.contains("node-errors")) return;
  std::printf("Errors:\n%s%s%s\n", Pad("Node", 30).c_str(), Pad("Count", 10).c_str(), "Error");
  for (const auto &[node, errors] : stats["node-errors"].items())
    for (const Json &error : errors)
      std::printf("%s%s%s\n", Pad(node, 30).c_str(), Pad(std::to_string(error.value("count", int64_t{0})), 10).c_str(),
                  error.value("error", "").c_str());
}

}  // namespace

Outcome Show(Session &session, const Args &args) {
  std::string replay;
  Flags flags;
  flags.text("replay", &replay, "Optional replay ID. If set the task information is in the context of the running replay.");
  Args rest;
  Outcome out;
  if (!ReadFlags("show", flags, args, &rest, &out)) return out;
  if (rest.size() != 1) return Misuse("show", session.old ? "Must specify one task name" : "Must specify one task ID");
  if (session.old) return ShowOld(session, rest[0]);
  Reply reply = session.client.call("GET", std::string(kApi) + "/tasks/" + Escape(rest[0], true) +
                                               "?dot-view=attributes&script-format=formatted&replay-id=" + Escape(replay));
  if (reply.status != 200) return Fail(reply.error);
  const Json &task = reply.json;
  Line("ID", task.value("id", ""));
  Line("Error", task.value("error", ""));
  Line("Template", task.value("template-id", ""));
  Line("Type", task.value("type", ""));
  Line("Status", task.value("status", ""));
  Line("Executing", task.value("executing", false) ? "true" : "false");
  Line("Created", DateText(task.value("created", ""), true));
  Line("Modified", DateText(task.value("modified", ""), true));
  Line("LastEnabled", DateText(task.value("last-enabled", ""), true));
  Line("Databases Retention Policies", DbrpList(task.value("dbrps", Json())));
  std::printf("TICKscript:\n%s\n", task.value("script", "").c_str());
  Json vars = task.value("vars", Json::object());
  if (!vars.empty()) PrintVars(vars);
  PrintErrors(task);
  std::printf("DOT:\n%s\n", task.value("dot", "").c_str());
  return {};
}

Outcome ShowTemplate(Session &session, const Args &args) {
  if (args.size() != 1) return Misuse("show-template", "Must specify one template ID");
  Reply reply = session.client.call("GET", std::string(kApi) + "/templates/" + Escape(args[0], true) + "?script-format=formatted");
  if (reply.status != 200) return Fail(reply.error);
  const Json &record = reply.json;
  Line("ID", record.value("id", ""));
  Line("Error", record.value("error", ""));
  Line("Type", record.value("type", ""));
  Line("Created", DateText(record.value("created", ""), true));
  Line("Modified", DateText(record.value("modified", ""), true));
  std::printf("TICKscript:\n%s\n", record.value("script", "").c_str());
  std::printf("Vars:\n%s%s%s%s\n", Pad("Name", 30).c_str(), Pad("Type", 10).c_str(), Pad("Default Value", 40).c_str(),
              Pad("Description", 40).c_str());
  Json vars = record.value("vars", Json::object());
  for (const std::string &name : SortedNames(vars))
    std::printf("%s%s%s%s\n", Pad(name, 30).c_str(), Pad(vars[name].value("type", ""), 10).c_str(),
                Pad(VarText(vars[name]), 40).c_str(), Pad(vars[name].value("description", ""), 40).c_str());
  std::printf("DOT:\n%s\n", record.value("dot", "").c_str());
  return {};
}

}  // namespace tick::cli
