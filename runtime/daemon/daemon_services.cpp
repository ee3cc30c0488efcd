// daemon_services.cpp - the world around the daemon's tasks.
#include "runtime/daemon/daemon_services.h"

#include <cstring>

#include "runtime/daemon/scaler_config.h"
#include "runtime/daemon/sideload.h"
#include "runtime/daemon/tasks.h"
#include "runtime/udf/functions.h"
#include "runtime/influx/writer.h"

namespace tick {
namespace {

LogLevel LevelOf(std::string_view word) {
  return word == "debug" ? LogLevel::Debug : word == "info" ? LogLevel::Info : LogLevel::Error;
}

}  // namespace

DaemonServices::DaemonServices(const Config &config, const Identity &identity, Log &log, Topics &topics, DeliveryJournal *journal)
    : config_(config), identity_(identity), log_(log), topics_(topics), alerts_(config, identity, log, topics, journal), sideloads_(SideloadFetch(config)) {}

void DaemonServices::log(const LogRecord &record) {
  Log::Pairs pairs = {{"service", "kapacitor"}, {"task_master", "main"}, {"task", std::string(record.task)}};
  if (!record.node.empty()) pairs.emplace_back("node", std::string(record.node));
  for (const auto &[key, value] : record.fields) pairs.emplace_back(std::string(key), value);
  if (!record.cause.empty()) pairs.emplace_back("err", std::string(record.cause));
  log_.write(LevelOf(record.level), record.message, pairs);
}

namespace {
std::string EdgePrefix(std::string_view task, std::string_view parent, std::string_view child) {
  return "edge:" + std::string(task) + "|" + std::string(parent) + "->" + std::string(child);
}
std::string EdgeCounts(int64_t n) { return " c: " + std::to_string(n) + " e: " + std::to_string(n); }
}  // namespace

// The receiver is ready for the next one before the sender puts it; both tell the counts as they are then.
void DaemonServices::log_edge(std::string_view task, std::string_view parent, std::string_view child, std::string_view what,
                              int64_t count, int64_t before) {
  std::string edge = EdgePrefix(task, parent, child), kind(what);
  for (int64_t n = before; n < before + count; ++n) {
    log_.old_line(edge, 'D', "next " + kind + EdgeCounts(n));
    log_.old_line(edge, 'D', "collect " + kind + EdgeCounts(n));
  }
}

void DaemonServices::close_edge(std::string_view task, std::string_view parent, std::string_view child, int64_t collected) {
  log_.old_line(EdgePrefix(task, parent, child), 'I', "closing" + EdgeCounts(collected));
}

int64_t DaemonServices::now() const { return WallClock(); }

std::unique_ptr<AlertHandler> DaemonServices::alert_handler(std::string_view task, std::string_view node,
                                                            const tick_property &spec, std::string *error) {
  return alerts_.of_script(task, node, spec, error);
}

Level DaemonServices::collect(std::string_view topic, AlertEvent &event) { return topics_.collect(topic, event); }

bool DaemonServices::remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) {
  return topics_.remembered(topic, id, level, time);
}

std::string DaemonServices::publish_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) {
  return endpoints_.publish(task, path, source);
}

void DaemonServices::withdraw_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) {
  endpoints_.withdraw(task, path, source);
}

std::shared_ptr<UdfSession> DaemonServices::udf(const UdfRequest &request, std::string *error) {
  return functions_ ? functions_->open(request, error) : Services::udf(request, error);
}

std::shared_ptr<Scaler> DaemonServices::scaler(std::string_view kind, std::string_view cluster, std::string *error) {
  return ConfiguredScaler(config_, kind, cluster, error);
}

std::unique_ptr<InfluxOut> DaemonServices::influx_out(const InfluxOutSpec &spec, std::string *error) {
  return influx_ ? influx_->open(spec, error) : Services::influx_out(spec, error);
}

void DaemonServices::loopback(const Series &series, int64_t time, const Fields &fields) {
  if (engine_) engine_->write_point(series, time, fields);
}

}  // namespace tick
