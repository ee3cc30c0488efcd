// standalone_services.h - the world around a task that runs outside of a daemon: tickrun and `tickc run`.
//
// Alerts are printed instead of sent: standard output gets the lines `.log()` would write (on a terminal one
// readable line an event, coloured by level), other handlers say on standard error what they would do. With `live`
// the handlers this program has act. Everything else goes to standard error. One thread.
#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/alert/topics.h"
#include "runtime/engine/services.h"

namespace tick {

// Standard output, gathered until a push is over.
class LineOutput {
 public:
  explicit LineOutput(FILE *file) : file_(file) {}
  ~LineOutput() { flush(); }
  std::string *buffer() { return &buffer_; }
  // Ends a line; what gathered becomes too much is written at once.
  void end_line() {
    buffer_ += '\n';
    if (buffer_.size() >= kMost) flush();
  }
  void flush();

 private:
  static constexpr size_t kMost = 256 * 1024;
  FILE *file_;
  std::string buffer_;
};

class StandaloneServices final : public Services {
 public:
  // live: handlers act. json: lines of JSON on a terminal too.
  StandaloneServices(bool live, bool json);
  ~StandaloneServices() override;

  // Prints what httpOut endpoints showed last and what was not written; to be called when all tasks have stopped.
  void finish();

  void log(const LogRecord &record) override;
  int64_t now() const override;
  std::unique_ptr<AlertHandler> alert_handler(std::string_view task, std::string_view node, const tick_property &spec,
                                              std::string *error) override;
  Level collect(std::string_view topic, AlertEvent &event) override { return topics_.collect(topic, event); }
  bool remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) override;
  std::string publish_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) override;
  void withdraw_endpoint(std::string_view task, std::string_view path, const HttpOutSource *source) override;
  void loopback(const Series &series, int64_t time, const Fields &fields) override;
  std::unique_ptr<InfluxOut> influx_out(const InfluxOutSpec &spec, std::string *error) override;
  // Says what it would do, and takes it as done: everything begins with one replica.
  std::shared_ptr<RowPoster> row_poster(const RowPostSpec &spec, std::string *error) override;
  std::shared_ptr<Scaler> scaler(std::string_view kind, std::string_view cluster, std::string *error) override;
  std::string hostname() const override;

 private:
  std::unique_ptr<AlertHandler> live_handler(std::string_view task, std::string_view node, const tick_property &spec,
                                             std::string *error);

  bool live_, readable_;
  LineOutput out_{stdout};
  Topics topics_;
  std::map<std::string, const HttpOutSource *> endpoints_;
  std::vector<std::pair<std::string, std::string>> last_shown_;  // endpoint and its JSON, in the order they stopped
  uint64_t written_back_ = 0;
};

}  // namespace tick
