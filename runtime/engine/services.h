// services.h - what a running task asks of the world around it.
//
// The runner (tickrun, tickc run), the daemon and tests each bring their own; nodes know only this header.
// All of it is called from the task's thread and must not block on the network.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/block.h"

namespace tick {

struct Row {  // nodes.md 1.3
  std::string name;
  Tags tags;
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> values;  // Missing prints null, Time as RFC 3339
  std::shared_ptr<const void> memory;      // owns the values' strings
};

enum class Level : uint8_t { Ok, Info, Warning, Critical };
std::string_view LevelName(Level level);  // OK, INFO, WARNING, CRITICAL

struct AlertEvent {
  std::string id, message, details;
  int64_t time = 0, duration = 0;
  Level level = Level::Ok, previous_level = Level::Ok;
  bool recoverable = true;
  std::vector<Row> data;
  // for templates and handlers
  std::string name, task_name, group, category;
  Tags tags;
  Fields fields;
  std::shared_ptr<const void> memory;      // owns the fields' strings
  uint8_t dialect = 1;
};

struct LogRecord {
  std::string_view level;    // "debug", "info", "error"
  std::string_view task, node;
  std::string_view message;
  std::string_view cause;    // err=, may be empty
  std::vector<std::pair<std::string_view, std::string>> fields;
};

// A topic-like target of alert events. One a handler call in the script, made when the task starts.
class AlertHandler {
 public:
  virtual ~AlertHandler() = default;
  virtual void handle(const AlertEvent &event) = 0;
  // The events of one push were handed over: what was gathered goes out now.
  virtual void flush() {}
};

// The last result of an httpOut node, read by HTTP threads.
class HttpOutSource {
 public:
  virtual ~HttpOutSource() = default;
  // JSON as nodes.md 9: {"series":[…]} or 0.2's {"Series":[…],"Err":null}.
  virtual std::string json(bool old_form) const = 0;
};

class RowPoster;
struct RowPostSpec;
class Scaler;
class SideloadSource;
class UdfSession;
struct UdfRequest;

// Where an influxDBOut node writes. Lines that were handed over go out on their own, in order, also after its end.
struct InfluxOutSpec {
  std::string task, node, cluster, consistency, precision;
  std::string database, retention_policy;  // of create()
  bool create = false;
};
struct InfluxLines {
  std::string database, retention_policy;
  std::string lines;                       // line protocol, times in the node's precision
  int64_t points = 0;
};
class InfluxOut {
 public:
  virtual ~InfluxOut() = default;
  virtual void send(InfluxLines lines) = 0;  // does not wait
  // Of its lines so far; from any thread.
  virtual int64_t points_written() const = 0;
  virtual int64_t write_errors() const = 0;
};

struct Services {
  virtual ~Services() = default;
  virtual void log(const LogRecord &record) = 0;
  // Whether records of level debug are kept; callers spare themselves making them otherwise.
  virtual bool logs_debug() const { return false; }
  // Whether the points that go over edges of 0.2's tasks are told one by one, and such a line: `count` of `what`
  // ("point", "batch") are about to go from parent to child, over which `before` went so far.
  virtual bool logs_edges() const { return false; }
  virtual void log_edge(std::string_view, std::string_view, std::string_view, std::string_view, int64_t, int64_t) {}
  // The end of an edge of a 0.2 task, over which `collected` went.
  virtual void close_edge(std::string_view, std::string_view, std::string_view, int64_t) {}
  virtual int64_t now() const = 0;  // wall clock, ns since 1970
  // A handler of an alert node: `spec` is the property call (".log('/tmp/x')") with its own properties.
  // Returns null and sets `error` where its arguments do not hold or it is not built in here.
  virtual std::unique_ptr<AlertHandler> alert_handler(std::string_view task, std::string_view node,
                                                      const tick_property &spec, std::string *error) = 0;
  // Handlers that every alert node has which does not call them itself, by their methods' names, and whether one of
  // them asks for changes of level only.
  virtual std::vector<std::string> global_alert_handlers(bool /*old_dialect*/, bool *changes_only) {
    *changes_only = false;
    return {};
  }
  // Collects an event in a topic: sets its previous_level to the level the topic knew of its id (OK if none),
  // stores the new state, calls the topic's handlers. Returns the previous level.
  virtual Level collect(std::string_view topic, AlertEvent &event) = 0;
  // The level and time the topic remembers of an id; false where it knows none.
  virtual bool remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) = 0;
  // Publishes an endpoint of a task; error text where the path is taken.
  virtual std::string publish_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) = 0;
  virtual void withdraw_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) = 0;
  // Writes a point back into the daemon (kapacitorLoopback).
  virtual void loopback(const Series &series, int64_t time, const Fields &fields) = 0;
  // Where an influxDBOut node writes. Null: `error` says why not.
  virtual std::unique_ptr<InfluxOut> influx_out(const InfluxOutSpec &, std::string *error) {
    *error = "no InfluxDB cluster configured cannot use the InfluxDBOutNode";
    return nullptr;
  }
  // What single nodes need of the outside, made when their task is. Null: `error` says why not.
  virtual std::shared_ptr<SideloadSource> sideload(std::string_view source, std::string *error);
  // Where an httpPost node sends.
  virtual std::shared_ptr<RowPoster> row_poster(const RowPostSpec &spec, std::string *error);
  // kind: that of the node, "k8sAutoscale". Calls nothing yet.
  virtual std::shared_ptr<Scaler> scaler(std::string_view kind, std::string_view cluster, std::string *error);
  // Starts the function and waits until it said that it can work with its options.
  virtual std::shared_ptr<UdfSession> udf(const UdfRequest &request, std::string *error);
  virtual std::string hostname() const = 0;
  virtual std::string cluster_id() const { return ""; }
  virtual std::string server_id() const { return ""; }
};

}  // namespace tick
