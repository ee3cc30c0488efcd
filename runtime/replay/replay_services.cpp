// replay_services.cpp - what a replayed task asks for.
#include "runtime/replay/replay_services.h"

#include "runtime/engine/udf_session.h"

namespace tick {
namespace {

class NoHandler final : public AlertHandler {
 public:
  void handle(const AlertEvent &) override {}
};

}  // namespace

void ReplayServices::log(const LogRecord &record) {
  Log::Pairs pairs = {{"service", "kapacitor"}, {"task_master", replay_}, {"task", std::string(record.task)}};
  if (!record.node.empty()) pairs.emplace_back("node", std::string(record.node));
  for (const auto &[key, value] : record.fields) pairs.emplace_back(std::string(key), value);
  if (!record.cause.empty()) pairs.emplace_back("err", std::string(record.cause));
  LogLevel level = record.level == "debug" ? LogLevel::Debug : record.level == "info" ? LogLevel::Info : LogLevel::Error;
  log_.write(level, record.message, pairs);
}

std::unique_ptr<AlertHandler> ReplayServices::alert_handler(std::string_view task, std::string_view node,
                                                            const tick_property &spec, std::string *error) {
  if (quiet_) return std::make_unique<NoHandler>();
  return daemon_.alert_handler(task, node, spec, error);
}

Level ReplayServices::collect(std::string_view topic, AlertEvent &event) {
  return is_own(topic) ? topics_.collect(topic, event) : daemon_.collect(topic, event);
}

bool ReplayServices::remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) {
  if (!is_own(topic)) return daemon_.remembered(topic, id, level, time);
  std::optional<EventState> state = topics_.state(topic, id);
  if (!state) return false;
  *level = state->level;
  *time = state->time;
  return true;
}

void ReplayServices::loopback(const Series &series, int64_t time, const Fields &fields) {
  if (engine_) engine_->write_point(series, time, fields);
}

std::shared_ptr<UdfSession> ReplayServices::udf(const UdfRequest &request, std::string *error) {
  UdfRequest apart = request;
  apart.keeps_state = false;
  return daemon_.udf(apart, error);
}

}  // namespace tick
