// functions.cpp - describing functions and opening sessions.
#include "runtime/udf/functions.h"

#include <future>

#include "runtime/udf/session.h"

namespace tick {
namespace {

std::map<std::string, UdfConfig, std::less<>> ByName(std::vector<UdfConfig> configs) {
  std::map<std::string, UdfConfig, std::less<>> by_name;
  for (UdfConfig &config : configs) {
    std::string name = config.name;
    by_name.emplace(std::move(name), std::move(config));
  }
  return by_name;
}

Type TypeOfOption(int type) {
  switch (type) {
    case udf::BOOL: return Type::Bool;
    case udf::INT: return Type::Int;
    case udf::DOUBLE: return Type::Float;
    case udf::DURATION: return Type::Duration;
    default: return Type::String;
  }
}

UdfFunction Describe(const UdfConfig &config) {
  UdfFunction function;
  function.name = config.name;
  udf::InfoResponse info;
  function.error = AskUdfInfo(config, &info);
  function.wants_batches = info.wants() == udf::BATCH;
  function.gives_batches = info.provides() == udf::BATCH;
  std::map<std::string, std::vector<Type>> options;  // in order of their names
  for (const auto &[name, option] : info.options())
    for (int type : (options[name], option.valuetypes())) options[name].push_back(TypeOfOption(type));
  function.options.assign(options.begin(), options.end());
  return function;
}

}  // namespace

UdfFunctions::UdfFunctions(std::vector<UdfConfig> configs, UdfKeeper keeper)
    : configs_(ByName(std::move(configs))), keeper_(std::move(keeper)) {}

std::vector<UdfFunction> UdfFunctions::describe() {
  std::vector<std::future<UdfFunction>> asked;
  for (const auto &[name, config] : configs_) asked.push_back(std::async(std::launch::async, Describe, std::cref(config)));
  std::vector<UdfFunction> functions;
  std::lock_guard lock(mutex_);
  for (auto &of : asked) {
    functions.push_back(of.get());
    const UdfFunction &function = functions.back();
    if (function.error.empty()) gives_batches_[function.name] = function.gives_batches;
    else keeper_.log("error", "", "", "failed to load process info for UDF " + function.name, function.error);
  }
  return functions;
}

std::shared_ptr<UdfSession> UdfFunctions::open(const UdfRequest &request, std::string *error) {
  auto config = configs_.find(request.function);
  UdfSurroundings around;
  {
    std::lock_guard lock(mutex_);
    auto known = gives_batches_.find(request.function);
    if (config == configs_.end() || known == gives_batches_.end()) {
      *error = "the function " + std::string(request.function) + " is not usable: see [udf.functions." + std::string(request.function) +
               "] and the daemon's log";
      return nullptr;
    }
    around.gives_batches = known->second;
  }
  std::string task(request.task), node(request.node);
  around.log = [this, task, node](std::string_view level, std::string_view message, const std::string &text) {
    keeper_.log(level, task, node, message, text);
  };
  if (request.keeps_state) {
    around.save = [this, task, node](const std::string &state) { keeper_.save(task, node, state); };
    around.state = keeper_.load(task, node);
    around.snapshot_interval_ns = keeper_.snapshot_interval_ns;
  }
  return OpenUdfSession(config->second, request, std::move(around), error);
}

}  // namespace tick
