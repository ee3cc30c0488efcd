// replay_services.h - the world around a task that is replayed: the daemon's, with what must not touch live tasks
// kept apart (daemon.md 8.3).
//
// Handlers and named topics are the daemon's own: their effects are real. Topics of alert nodes, endpoints and
// loopback belong to the replay alone, so that two replays of one recording do the same. Quiet ones call no handler.
#pragma once

#include <memory>
#include <string>

#include "runtime/alert/topics.h"
#include "runtime/daemon/log.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/services.h"

namespace tick {

class ReplayServices final : public Services {
 public:
  ReplayServices(Services &daemon, Log &log, std::string replay, bool quiet)
      : daemon_(daemon), log_(log), replay_(std::move(replay)), quiet_(quiet) {}
  void connect(Engine *engine) { engine_ = engine; }

  void log(const LogRecord &record) override;
  bool logs_debug() const override { return daemon_.logs_debug(); }
  bool logs_edges() const override { return daemon_.logs_edges(); }
  void log_edge(std::string_view task, std::string_view parent, std::string_view child, std::string_view what, int64_t count,
                int64_t before) override {
    daemon_.log_edge(task, parent, child, what, count, before);
  }
  void close_edge(std::string_view task, std::string_view parent, std::string_view child, int64_t collected) override {
    daemon_.close_edge(task, parent, child, collected);
  }
  int64_t now() const override { return daemon_.now(); }
  std::unique_ptr<AlertHandler> alert_handler(std::string_view task, std::string_view node, const tick_property &spec,
                                              std::string *error) override;
  std::vector<std::string> global_alert_handlers(bool old_dialect, bool *changes_only) override {
    return daemon_.global_alert_handlers(old_dialect, changes_only);
  }
  Level collect(std::string_view topic, AlertEvent &event) override;
  bool remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) override;
  std::string publish_endpoint(std::string_view, std::string_view, const HttpOutSource *) override { return ""; }
  void withdraw_endpoint(std::string_view, std::string_view, const HttpOutSource *) override {}
  void loopback(const Series &series, int64_t time, const Fields &fields) override;
  std::unique_ptr<InfluxOut> influx_out(const InfluxOutSpec &spec, std::string *error) override {
    return daemon_.influx_out(spec, error);
  }
  std::shared_ptr<RowPoster> row_poster(const RowPostSpec &spec, std::string *error) override {
    return daemon_.row_poster(spec, error);
  }
  std::shared_ptr<SideloadSource> sideload(std::string_view source, std::string *error) override {
    return daemon_.sideload(source, error);
  }
  std::shared_ptr<Scaler> scaler(std::string_view kind, std::string_view cluster, std::string *error) override {
    return daemon_.scaler(kind, cluster, error);
  }
  // Without the live task's state.
  std::shared_ptr<UdfSession> udf(const UdfRequest &request, std::string *error) override;
  std::string hostname() const override { return daemon_.hostname(); }
  std::string cluster_id() const override { return daemon_.cluster_id(); }
  std::string server_id() const override { return daemon_.server_id(); }

 private:
  bool is_own(std::string_view topic) const { return quiet_ || topic.substr(0, 5) == "main:"; }
  Services &daemon_;
  Log &log_;
  const std::string replay_;
  const bool quiet_;
  Engine *engine_ = nullptr;
  Topics topics_;
};

}  // namespace tick
