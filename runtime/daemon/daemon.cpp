// daemon.cpp - composes the daemon.
#include "runtime/daemon/daemon.h"

#include "runtime/daemon/api.h"
#include "runtime/daemon/api_config.h"
#include "runtime/daemon/api_misc.h"
#include "runtime/daemon/api_replay.h"
#include "runtime/daemon/auth.h"
#include "runtime/daemon/daemon_services.h"
#include "runtime/daemon/event_archive.h"
#include "runtime/daemon/listener.h"
#include "runtime/daemon/load_directory.h"
#include "runtime/daemon/sideload.h"
#include "runtime/daemon/state_keeper.h"
#include "runtime/daemon/stats_points.h"
#include "runtime/daemon/templates.h"
#include "runtime/daemon/topic_handlers.h"
#include "runtime/daemon/topic_writer.h"
#include "runtime/daemon/udf_config.h"
#include "runtime/influx/influx.h"
#include "runtime/input/inputs.h"
#include "runtime/input/scrapers.h"
#include "runtime/text/go_duration.h"

namespace tick {

// In the order they open; members are destroyed in reverse.
struct Daemon::Parts {
  Parts(Config c, Log &l, CodeSource &s) : config(std::move(c)), log(l), code(s) {}
  Config config;
  Log &log;
  CodeSource &code;
  Identity identity;
  std::unique_ptr<Store> store;
  std::unique_ptr<ConfigOverrides> overrides;
  std::unique_ptr<TopicWriter> writer;
  std::unique_ptr<Topics> topics;
  std::unique_ptr<Influx> influx;
  std::unique_ptr<UdfFunctions> functions;
  std::unique_ptr<DaemonServices> services;
  std::unique_ptr<TopicHandlers> handlers;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Tasks> tasks;
  std::unique_ptr<Templates> templates;
  std::unique_ptr<StateKeeper> state_keeper;
  std::unique_ptr<Recordings> recordings;
  std::unique_ptr<Replays> replays;
  std::unique_ptr<LoadDirectory> load_directory;  // null: there is none to read
  std::unique_ptr<Inputs> inputs;
  std::unique_ptr<Scrapers> scrapers;
  std::unique_ptr<StatsPoints> stats;
  std::unique_ptr<Users> users;  // null: there are none to know
  std::unique_ptr<Auth> auth;    // null: everybody may do everything
  std::unique_ptr<Router> router;
  std::unique_ptr<Listener> listener;

  std::string open_store();
  std::string open_deliveries();
  void open_auth();
  void open_replay();
  std::string open_inputs();
  MiscParts misc_parts();
  std::vector<Json> other_statistics() const;
  std::string open_functions();
  void add_routes();
  std::string listen();
};

// User-defined functions describe themselves before the first script is compiled.
std::string Daemon::Parts::open_functions() {
  std::vector<UdfConfig> configs;
  if (std::string error = ReadUdfConfig(config.free_table("udf"), &configs); !error.empty() || configs.empty()) return error;
  functions = std::make_unique<UdfFunctions>(std::move(configs), KeepUdfsIn(*store, log, config.duration_ns("task", "snapshot-interval")));
  services->connect(functions.get());
  code.declare(functions->describe());
  return "";
}

std::string Daemon::Parts::open_store() {
  std::string error = Store::Open(config.text("storage", "boltdb"), &store);
  if (!error.empty()) return "open server: " + error;
  overrides = std::make_unique<ConfigOverrides>(config, *store);
  if (!config.flag("", "skip-config-overrides")) overrides->load(&config, log);
  bool persist = config.flag("alert", "persist-topics");
  if (persist) writer = std::make_unique<TopicWriter>(*store, log);
  topics = std::make_unique<Topics>(writer.get());
  if (persist)
    error = store->load_topic_states([&](const Store::TopicState &state) {
      topics->load(state.topic, state.id, {state.message, "", state.time, state.duration, static_cast<Level>(state.level)});
    });
  return error.empty() ? "" : "open server: " + error;
}

// What a former process had to send still.
std::string Daemon::Parts::open_deliveries() {
  std::string error = store->load_deliveries([this](const std::string &key, uint64_t number, const std::string &bytes) {
    AlertEvent event;
    if (LoadEvent(bytes, &event)) services->alerts().delivery().restore(key, number, std::move(event));
  });
  return error.empty() ? "" : "open server: " + error;
}

void Daemon::Parts::open_replay() {
  FindCluster clusters = [this](const std::string &name) { return influx->clusters().find(name); };
  recordings = std::make_unique<Recordings>(config.text("replay", "dir"), *store, *engine, *tasks, clusters, log);
  recordings->open();
  replays = std::make_unique<Replays>(*store, *tasks, *recordings, *services, clusters, log);
  replays->open();
}

void Daemon::Parts::open_auth() {
  if (config.flag("auth", "enabled"))
    users = std::make_unique<Users>(*store, config.integer("auth", "bcrypt-cost"), config.duration_ns("auth", "cache-expiration"));
  if (!config.flag("http", "auth-enabled")) return;
  const SubscriptionTokens &tokens = influx->tokens();
  auth = std::make_unique<Auth>(AuthOptions{config.text("http", "shared-secret"), config.flag("http", "pprof-enabled"), users.get(),
                                            [&tokens](const std::string &token) { return tokens.known(token); },
                                            [&tokens](const std::string &token, const std::string &database) {
                                              return tokens.allows(token, database);
                                            }});
}

void Daemon::Parts::add_routes() {
  router = std::make_unique<Router>(identity.version);
  if (auth) router->guard([this](const Request &request) { return auth->check(request); });
  AddTaskRoutes(router.get(), *tasks, *engine, services->endpoints(), *replays);
  AddOldTaskRoutes(router.get(), *tasks, *engine, services->endpoints());
  AddTopicRoutes(router.get(), *topics, *handlers, services->alerts().delivery());
  AddTemplateRoutes(router.get(), *templates, *tasks);
  WriteOptions write{config.text("", "default-retention-policy"), config.flag("http", "whole-requests"), {}};
  if (auth) write.may_write = [this](const Request &request, const std::string &database, std::string *user) {
    return auth->may_write(request, database, user);
  };
  AddWriteRoutes(router.get(), *engine, write);
  AddUserRoutes(router.get(), users.get());
  AddInfluxRoutes(router.get(), *influx);
  AddConfigRoutes(router.get(), *overrides, config.flag("config-override", "enabled"));
  AddServiceTestRoutes(router.get(), services->alerts().services(), {InfluxServiceTest(influx->clusters())});
  AddRecordingRoutes(router.get(), *recordings);
  AddReplayRoutes(router.get(), *replays);
  AddOldReplayRoutes(router.get(), *recordings, *replays, *tasks);
  AddSideloadRoutes(router.get(), services->sideloads(), log);
  AddMiscRoutes(router.get(), misc_parts());
  AddStorageRoutes(router.get());
}

MiscParts Daemon::Parts::misc_parts() {
  return {identity, *tasks, *engine, *store, log, [this] { return influx->subscriptions().count(); },
          [this] {
            std::vector<std::pair<std::string, int64_t>> counts;
            for (const Topics::Summary &topic : topics->list("", Level::Ok)) counts.emplace_back(topic.id, topic.collected);
            return counts;
          },
          [this] { return services->alerts().delivery().counts(); },
          [this] { return other_statistics(); }};
}

std::vector<Json> Daemon::Parts::other_statistics() const {
  std::vector<Json> all;
  if (load_directory) all.push_back({{"name", "load"}, {"values", {{"errors", load_directory->errors()}}}});
  if (inputs)
    for (const UdpCounts &counts : inputs->udp_counts())
      if (!counts.values.empty()) all.push_back({{"name", "udp"}, {"tags", {{"bind", counts.bind}}}, {"values", counts.values}});
  return all;
}

// Points come once every task runs: definitions of the load directory first, then who brings points.
std::string Daemon::Parts::open_inputs() {
  if (config.flag("load", "enabled")) {
    load_directory = std::make_unique<LoadDirectory>(config.text("load", "dir"), *store, *engine, *tasks, *templates, *handlers, log);
    if (std::string error = load_directory->load(); !error.empty())
      return "open server: failed to reload tasks/templates/handlers: " + error;
  }
  inputs = std::make_unique<Inputs>(config, *engine, log);
  if (std::string error = inputs->open(); !error.empty()) return "open server: " + error;
  scrapers = std::make_unique<Scrapers>(config, *engine, log);
  if (std::string error = scrapers->open(); !error.empty()) return "open server: " + error;
  if (!config.flag("stats", "enabled")) return "";
  StatsPoints::Options options{config.text("stats", "database"), config.text("stats", "retention-policy"),
                               config.duration_ns("stats", "stats-interval")};
  stats = std::make_unique<StatsPoints>(options, *engine, [this] { return Statistics(misc_parts(), true); });
  stats->start();
  return "";
}

std::string Daemon::Parts::listen() {
  ListenOptions options = ListenOptionsOf(config);
  bool log_requests = config.flag("http", "log-enabled");
  auto answered = [this, log_requests](const Request &request, const Response &response, int64_t duration) {
    if (!log_requests || !log.enabled(LogLevel::Info)) return;
    auto header = [&](const char *name) {
      const std::string *value = request.header(name);
      return value ? *value : std::string("-");
    };
    log.info("http request", {{"service", "http"},
                              {"host", request.remote},
                              {"username", SenderName(request)},
                              {"start", TimeText(WallClock() - duration)},
                              {"method", request.method},
                              {"uri", RedactedTarget(request)},
                              {"protocol", "HTTP/1.1"},
                              {"status", std::to_string(response.status)},
                              {"referer", header("referer")},
                              {"user-agent", header("user-agent")},
                              {"request-id", "-"},
                              {"duration", GoDuration(duration)}});
  };
  auto route = [this](const Request &request) {
    Response response = router->route(request);
    const std::string *accepts = request.header("accept-encoding");
    bool zip = accepts && accepts->find("gzip") != std::string::npos && !response.body.empty() && !response.stream &&
               response.content_type != "application/octet-stream";
    if (zip) {
      response.body = Gzip(response.body);
      response.headers.emplace_back("Content-Encoding", "gzip");
    }
    return response;
  };
  listener = std::make_unique<Listener>(options, route, answered);
  std::string error = listener->start();
  if (!error.empty()) return "open server: open service *httpd.Service: " + error;
  log.info("listening on", {{"service", "http"}, {"addr", options.address}, {"protocol", options.tls ? "https" : "http"}});
  if (!options.unix_socket.empty())
    log.info("listening on", {{"service", "http"}, {"addr", options.unix_socket}, {"protocol", "unix"}});
  return "";
}

Daemon::Daemon(Config config, Log &log, CodeSource &code) : parts_(std::make_unique<Parts>(std::move(config), log, code)) {}

Daemon::~Daemon() { close(); }

std::string Daemon::open() {
  Parts &parts = *parts_;
  parts.identity.hostname = parts.config.text("", "hostname");
  std::string error = ReadIdentity(parts.config.text("", "data_dir"), &parts.identity);
  if (error.empty()) error = parts.open_store();
  if (!error.empty()) return error;
  parts.log.info("listing ClusterID and ServerID", {{"source", "srv"},
                                                    {"cluster_id", parts.identity.cluster_id},
                                                    {"server_id", parts.identity.server_id}});
  parts.influx = std::make_unique<Influx>(parts.config, *parts.store, parts.log);
  parts.services = std::make_unique<DaemonServices>(parts.config, parts.identity, parts.log, *parts.topics, parts.writer.get());
  if (error = parts.open_deliveries(); !error.empty()) return error;
  if (error = parts.services->alerts().configure(parts.config); !error.empty()) return "create server: " + error;
  parts.overrides->on_change("", [&services = parts.services->alerts().services()](std::string_view section, const std::vector<Json> &elements) {
    return services.configure(section, elements);
  });
  parts.handlers = std::make_unique<TopicHandlers>(*parts.store, *parts.topics, *parts.services, parts.code, parts.log);
  parts.handlers->open();
  EngineOptions options;
  options.workers = std::max(1u, std::thread::hardware_concurrency());
  parts.engine = std::make_unique<Engine>(options, *parts.services);
  parts.services->connect(parts.engine.get());
  if (error = parts.open_functions(); !error.empty()) return "create server: invalid configuration: " + error;
  parts.services->connect(&parts.influx->writers());
  parts.influx->connect(*parts.engine, *parts.services);
  parts.overrides->on_change("influxdb", [&influx = *parts.influx](std::string_view, const std::vector<Json> &elements) {
    return influx.configure(elements);
  });
  parts.tasks = std::make_unique<Tasks>(*parts.store, *parts.engine, parts.code, parts.config.duration_ns("task", "keep-state"));
  parts.tasks->observe(parts.influx->runner());
  parts.templates = std::make_unique<Templates>(*parts.store, *parts.tasks);
  parts.open_auth();
  parts.open_replay();
  parts.add_routes();
  parts.tasks->open();
  parts.services->alerts().delivery().give_up_unclaimed();
  StateKeeper::Options kept{parts.config.text("task", "state-over-restart"), parts.config.duration_ns("task", "snapshot-interval")};
  parts.state_keeper = std::make_unique<StateKeeper>(kept, *parts.store, *parts.tasks, *parts.engine, parts.log);
  parts.state_keeper->restore();
  parts.state_keeper->start();
  if (error = parts.open_inputs(); !error.empty()) return error;
  error = parts.listen();
  if (!error.empty()) return error;
  const Identity &id = parts.identity;
  parts.influx->link({id.hostname, id.cluster_id, id.server_id, port(), parts.config.flag("http", "auth-enabled"), nullptr});
  return "";
}

void Daemon::reload() {
  if (parts_->load_directory)
    if (std::string error = parts_->load_directory->load(); !error.empty())
      parts_->log.error("failed to reload tasks/templates/handlers", {{"service", "run"}, {"err", error}});
  ReloadSideloads(parts_->services->sideloads(), parts_->log);
}

uint16_t Daemon::port() const { return parts_->listener ? parts_->listener->port() : 0; }

void Daemon::close() {
  Parts &parts = *parts_;
  // Calls that wait for them end then.
  if (parts.replays) parts.replays->close();
  if (parts.recordings) parts.recordings->close();
  if (parts.listener) {
    parts.listener->stop(static_cast<int>(parts.config.duration_ns("http", "shutdown-timeout") / 1'000'000));
    parts.log.info("closed HTTP service", {{"service", "http"}});
  }
  if (parts.stats) parts.stats->stop();
  if (parts.scrapers) parts.scrapers->close();
  if (parts.inputs) parts.inputs->close();
  if (parts.influx) parts.influx->stop_taking();
  if (parts.engine) parts.engine->drain();
  if (parts.state_keeper) {
    parts.state_keeper->stop();
    parts.state_keeper->save();
  }
  if (parts.services) parts.services->alerts().close();
  if (parts.tasks) parts.tasks->close();
  parts.listener.reset();
  parts.router.reset();
  parts.auth.reset();
  parts.users.reset();
  parts.stats.reset();
  parts.scrapers.reset();
  parts.inputs.reset();
  parts.load_directory.reset();
  parts.replays.reset();
  parts.recordings.reset();
  parts.templates.reset();
  parts.state_keeper.reset();
  parts.tasks.reset();
  parts.engine.reset();
  parts.handlers.reset();
  parts.services.reset();
  parts.functions.reset();
  parts.influx.reset();
  parts.topics.reset();
  parts.writer.reset();
  parts.overrides.reset();
  parts.store.reset();
}

}  // namespace tick
