// daemon_services.cpp - the world around the daemon's tasks.
#include "runtime/daemon/daemon_services.h"

#include <cstring>

#include "runtime/daemon/sideload.h"
#include "runtime/daemon/tasks.h"

namespace tick {
namespace {

constexpr unsigned kDeliveryThreads = 4;
constexpr int64_t kLeastQueue = 1000;  // a smaller [alert] topic-buffer-length means the default
constexpr int64_t kDefaultQueue = 5000;

LogLevel LevelOf(std::string_view word) {
  return word == "debug" ? LogLevel::Debug : word == "info" ? LogLevel::Info : LogLevel::Error;
}

}  // namespace

DaemonServices::DaemonServices(const Config &config, const Identity &identity, Log &log, Topics &topics)
    : identity_(identity), log_(log), topics_(topics), delivery_(kDeliveryThreads), sideloads_(SideloadFetch(config)) {
  int64_t bound = config.integer("alert", "topic-buffer-length");
  queue_bound_ = static_cast<size_t>(bound < kLeastQueue ? kDefaultQueue : bound);
}

void DaemonServices::log(const LogRecord &record) {
  Log::Pairs pairs = {{"service", "kapacitor"}, {"task_master", "main"}, {"task", std::string(record.task)}};
  if (!record.node.empty()) pairs.emplace_back("node", std::string(record.node));
  for (const auto &[key, value] : record.fields) pairs.emplace_back(std::string(key), value);
  if (!record.cause.empty()) pairs.emplace_back("err", std::string(record.cause));
  log_.write(LevelOf(record.level), record.message, pairs);
}

void DaemonServices::log_edge(std::string_view task, std::string_view parent, std::string_view child, std::string_view what,
                              int64_t count, int64_t before) {
  std::string edge = "edge:" + std::string(task) + "|" + std::string(parent) + "->" + std::string(child);
  std::string text = "collect " + std::string(what) + " c: ";
  for (int64_t n = before; n < before + count; ++n) log_.old_line(edge, 'D', text + std::to_string(n) + " e: " + std::to_string(n));
}

int64_t DaemonServices::now() const { return WallClock(); }

HandlerReport DaemonServices::report(std::string service, std::string task, std::string node) {
  return [this, service, task, node](std::string_view message, std::string_view cause,
                                     std::vector<std::pair<std::string_view, std::string>> fields) {
    Log::Pairs pairs = {{"service", service}, {"task", task}, {"node", node}};
    for (auto &[key, value] : fields) pairs.emplace_back(std::string(key), std::move(value));
    pairs.emplace_back("err", std::string(cause));
    log_.error(message, pairs);
  };
}

// The log handler writes at once, so that an event is in its file when the push returns; others may wait for a
// peer and get a queue.
std::unique_ptr<AlertHandler> DaemonServices::alert_handler(std::string_view task, std::string_view node,
                                                            const tick_property &spec, std::string *error) {
  HandlerReport told = report(spec.name, std::string(task), std::string(node));
  std::unique_ptr<AlertHandler> handler = MakeLocalHandler(spec, told, error);
  if (!handler) {
    if (error->empty()) *error = "alert handler " + std::string(spec.name) + " is not built into this kapacitord";
    return nullptr;
  }
  if (std::strcmp(spec.name, "log") == 0) return handler;
  return delivery_.queued(std::move(handler), queue_bound_, told);
}

Level DaemonServices::collect(std::string_view topic, AlertEvent &event) { return topics_.collect(topic, event); }

bool DaemonServices::remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) {
  std::optional<EventState> state = topics_.state(topic, id);
  if (!state) return false;
  *level = state->level;
  *time = state->time;
  return true;
}

std::string DaemonServices::publish_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) {
  return endpoints_.publish(task, path, source);
}

void DaemonServices::withdraw_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) {
  endpoints_.withdraw(task, path, source);
}

void DaemonServices::loopback(const Series &series, int64_t time, const Fields &fields) {
  if (engine_) engine_->write_point(series, time, fields);
}

}  // namespace tick
