// udf_config.cpp - reads [udf.functions.NAME], keeps states of functions.
#include "runtime/daemon/udf_config.h"

#include "runtime/text/go_duration.h"

namespace tick {
namespace {

constexpr const char *kStates = "udf_state";
constexpr int64_t kLeastTimeout = 1'000'000;

std::string Text(const Json &table, const char *key) {
  const Json *value = Member(table, key);
  return value && value->is_string() ? value->get<std::string>() : "";
}

// A duration option; an error text where it is none.
std::string ReadDuration(const Json &table, const char *key, int64_t *ns) {
  std::string text = Text(table, key);
  if (text.empty() || ParseGoDuration(text, ns)) return "";
  return std::string(key) + " must be a duration such as \"10s\"";
}

// A list of "name=value" or a table.
void ReadEnvironment(const Json *given, std::map<std::string, std::string> *environment) {
  if (!given) return;
  for (auto item = given->begin(); item != given->end(); ++item) {
    if (!item->is_string()) continue;
    std::string text = item->get<std::string>();
    if (given->is_object()) (*environment)[item.key()] = text;
    else if (size_t at = text.find('='); at != std::string::npos) (*environment)[text.substr(0, at)] = text.substr(at + 1);
  }
}

std::string ReadFunction(const std::string &name, const Json &table, UdfConfig *config) {
  config->name = name;
  config->program = Text(table, "prog");
  config->socket = Text(table, "socket");
  if (const Json *words = Member(table, "args"); words && words->is_array())
    for (const Json &word : *words)
      if (word.is_string()) config->arguments.push_back(word.get<std::string>());
  ReadEnvironment(Member(table, "env"), &config->environment);
  for (auto [key, ns] : {std::pair{"timeout", &config->timeout_ns}, std::pair{"restart-delay", &config->restart_delay_ns}})
    if (std::string error = ReadDuration(table, key, ns); !error.empty()) return error;
  std::string restart = Text(table, "restart");
  if (!restart.empty() && restart != "never" && restart != "on-failure") return "restart must be \"never\" or \"on-failure\"";
  if (restart == "on-failure") {
    const Json *most = Member(table, "max-restarts");
    config->restarts = most && most->is_number_integer() ? most->get<int>() : 5;
  }
  if (config->timeout_ns < kLeastTimeout) return "timeout is too small: " + GoDuration(config->timeout_ns);
  if (!config->socket.empty() && !config->program.empty()) return "both socket and process config provided";
  if (config->socket.empty() && config->program.empty()) return "must set either prog or socket";
  return "";
}

}  // namespace

std::string ReadUdfConfig(const Json &udf, std::vector<UdfConfig> *functions) {
  const Json *tables = udf.is_object() ? Member(udf, "functions") : nullptr;
  if (!tables || !tables->is_object()) return "";
  for (auto item = tables->begin(); item != tables->end(); ++item) {
    if (!item->is_object()) continue;
    UdfConfig config;
    if (std::string error = ReadFunction(item.key(), *item, &config); !error.empty()) return "udf: UDF " + item.key() + ": " + error;
    functions->push_back(std::move(config));
  }
  return "";
}

UdfKeeper KeepUdfsIn(Store &store, Log &log, int64_t snapshot_interval_ns) {
  UdfKeeper keeper;
  keeper.snapshot_interval_ns = snapshot_interval_ns;
  keeper.load = [&store](const std::string &task, const std::string &node) { return store.get(kStates, task + "/" + node).value_or(""); };
  keeper.save = [&store, &log](const std::string &task, const std::string &node, const std::string &state) {
    std::string error = store.put(kStates, task + "/" + node, state);
    if (!error.empty()) log.error("failed to save snapshot", {{"service", "udf"}, {"task", task}, {"node", node}, {"err", error}});
  };
  keeper.log = [&log](std::string_view level, const std::string &task, const std::string &node, std::string_view message,
                      const std::string &text) {
    Log::Pairs pairs = {{"service", "udf"}};
    if (!task.empty()) pairs = {{"service", "kapacitor"}, {"task_master", "main"}, {"task", task}, {"node", node}};
    pairs.emplace_back(level == "error" ? "err" : "text", text);
    log.write(level == "error" ? LogLevel::Error : LogLevel::Info, message, pairs);
  };
  return keeper;
}

void ForgetUdfStates(Store &store, const std::string &task) {
  std::string prefix = task + "/";
  for (const auto &[id, state] : store.list(kStates))
    if (id.starts_with(prefix)) store.erase(kStates, id);
}

}  // namespace tick
