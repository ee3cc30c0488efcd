// alert_bench.h - an alert node in a task made by hand, and a world that writes down what it does.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/alert/topics.h"
#include "runtime/engine/task.h"

namespace tick {

// A condition `"field" OP number` as a tagged body, the way generated code has it.
enum class Compare : uint8_t { Greater, Less, Always, Fails, NotBool };

struct Condition {
  Compare how;
  double number = 0;
};

class RecordingServices final : public Services {
 public:
  std::vector<AlertEvent> events;  // as a handler got them
  std::vector<std::string> logged;
  std::vector<std::string> topics_told;
  int flushes = 0;
  Topics topics;
  std::string refuse;  // what alert_handler answers instead of a handler

  void log(const LogRecord &record) override {
    logged.push_back(std::string(record.message) + ": " + std::string(record.cause));
  }
  int64_t now() const override { return 0; }
  std::unique_ptr<AlertHandler> alert_handler(std::string_view, std::string_view, const tick_property &,
                                              std::string *error) override;
  Level collect(std::string_view topic, AlertEvent &event) override {
    topics_told.emplace_back(topic);
    return topics.collect(topic, event);
  }
  bool remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) override;
  std::string publish_endpoint(std::string_view, std::string_view, const HttpOutSource *) override { return ""; }
  void withdraw_endpoint(std::string_view, std::string_view, const HttpOutSource *) override {}
  void loopback(const Series &, int64_t, const Fields &) override {}
  std::string hostname() const override { return "h1"; }
};

// A task stream0 | alert1, with a node behind it that writes down what passes.
class AlertBench {
 public:
  // The task names its last children when it stops: the probe is one.
  ~AlertBench() { task.reset(); }
  AlertBench &condition(std::string property, Condition condition);
  AlertBench &text(std::string property, std::string value);
  AlertBench &number(std::string property, int64_t value);
  AlertBench &flag(std::string property);
  AlertBench &flapping(double low, double high);
  AlertBench &inhibit(std::string category, std::vector<std::string> tags);
  AlertBench &log();
  AlertBench &old_dialect();
  // Makes the task; the error text where it is refused.
  std::string make();

  // One point of measurement cpu with field usage, in the group of its host.
  void point(int64_t time, double usage, const std::string &host = "a");
  // Points of host a, one a second from time 0.
  void series(const std::vector<double> &values);
  // Allocations of one more frame of `n` points at this value, after one like it.
  size_t allocations(uint32_t n, double usage);
  void batch(int64_t tmax, const std::vector<double> &values);

  Node &node() { return *task->node("alert1"); }
  // "CRITICAL INFO …" of the events so far.
  std::string levels() const;
  // Positions (seconds) of the events so far.
  std::string positions() const;

  RecordingServices services;
  std::unique_ptr<Task> task;
  // What went downstream: JSON rows.
  std::vector<std::string> passed;

 private:
  tick_property &add(std::string property);
  const tick_arg *args(std::vector<tick_arg> list);
  const char *keep(std::string text) { return kept_.emplace_back(std::move(text)).c_str(); }
  tick_arg string_arg(std::string text);

  std::unique_ptr<Node> probe_;
  std::deque<std::string> kept_;
  std::deque<std::vector<tick_arg>> kept_args_;
  std::vector<tick_property> properties_;
  std::vector<Condition> conditions_;
  uint8_t dialect_ = 1;
};

}  // namespace tick
