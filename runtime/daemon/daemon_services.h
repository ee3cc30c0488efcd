// daemon_services.h - what running tasks ask of the daemon: log, topics, handlers, endpoints, loopback.
#pragma once

#include <memory>
#include <string>

#include "runtime/alert/topics.h"
#include "runtime/daemon/alert_services.h"
#include "runtime/daemon/config.h"
#include "runtime/daemon/endpoints.h"
#include "runtime/daemon/identity.h"
#include "runtime/daemon/log.h"
#include "runtime/engine/engine.h"
#include "runtime/sideload/sources.h"

namespace tick {

class InfluxWriters;

class UdfFunctions;

class DaemonServices final : public Services {
 public:
  // journal: see AlertServices.
  DaemonServices(const Config &config, const Identity &identity, Log &log, Topics &topics, DeliveryJournal *journal);
  // The engine that loopback writes into; it is made after its services.
  void connect(Engine *engine) { engine_ = engine; }
  void connect(InfluxWriters *writers) { influx_ = writers; }
  Endpoints &endpoints() { return endpoints_; }
  AlertServices &alerts() { return alerts_; }

  void log(const LogRecord &record) override;
  bool logs_debug() const override { return log_.wants(LogLevel::Debug); }
  bool logs_edges() const override { return log_.enabled(LogLevel::Debug); }
  void log_edge(std::string_view task, std::string_view parent, std::string_view child, std::string_view what, int64_t count,
                int64_t before) override;
  void close_edge(std::string_view task, std::string_view parent, std::string_view child, int64_t collected) override;
  int64_t now() const override;
  std::unique_ptr<AlertHandler> alert_handler(std::string_view task, std::string_view node, const tick_property &spec,
                                              std::string *error) override;
  std::vector<std::string> global_alert_handlers(bool old_dialect, bool *changes_only) override {
    return alerts_.services().global_properties(old_dialect, changes_only);
  }
  Level collect(std::string_view topic, AlertEvent &event) override;
  bool remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) override;
  std::string publish_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) override;
  void withdraw_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) override;
  void loopback(const Series &series, int64_t time, const Fields &fields) override;
  std::unique_ptr<InfluxOut> influx_out(const InfluxOutSpec &spec, std::string *error) override;
  std::shared_ptr<SideloadSource> sideload(std::string_view source, std::string *error) override {
    return sideloads_.open(source, error);
  }
  std::shared_ptr<RowPoster> row_poster(const RowPostSpec &spec, std::string *error) override { return alerts_.posting().poster(spec, error); }
  std::shared_ptr<Scaler> scaler(std::string_view kind, std::string_view cluster, std::string *error) override;
  // The functions that nodes call; they are known after the services.
  void connect(UdfFunctions *functions) { functions_ = functions; }
  std::shared_ptr<UdfSession> udf(const UdfRequest &request, std::string *error) override;
  SideloadSources &sideloads() { return sideloads_; }
  std::string hostname() const override { return identity_.hostname; }
  std::string cluster_id() const override { return identity_.cluster_id; }
  std::string server_id() const override { return identity_.server_id; }

 private:
  const Config &config_;
  const Identity &identity_;
  Log &log_;
  Topics &topics_;
  Endpoints endpoints_;
  AlertServices alerts_;
  Engine *engine_ = nullptr;
  InfluxWriters *influx_ = nullptr;
  SideloadSources sideloads_;
  UdfFunctions *functions_ = nullptr;
};

}  // namespace tick
