// fixture.h - tasks made by hand, fed from lines of text, whose output is read from their log nodes.
//
// In: nodes added one by one (kind, parents, arguments, properties) and points as "m,host=a v=1.5,n=2i 10", times in
// seconds. Out: what each log node saw, a line a point: "m host=a v=1.5 @10", batches as "[m host=a tmax=20]" followed
// by their points. Groups, domains and state are laid out as the compiler does it. Lambdas are C++ functions.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/code.h"
#include "runtime/engine/services.h"
#include "runtime/engine/task.h"

namespace tick::test {

// Arguments: ints, floats, strings, durations (Seconds), lists, the star, lambdas.
struct Arg {
  Value value;
  std::string text;
  std::vector<Arg> items;
  tick_tagged lambda = nullptr;
  std::vector<std::string> refs;
  uint32_t state_size = 0;
  uint8_t type;

  Arg(int n) : value(MakeInt(n)), type(TICK_INT) {}
  Arg(double f) : value(MakeFloat(f)), type(TICK_FLOAT) {}
  Arg(bool b) : value(MakeBool(b)), type(TICK_BOOL) {}
  Arg(const char *s) : text(s), type(TICK_STRING) {}
  Arg() : type(TICK_STAR) {}
};
Arg Seconds(double s);
// A lambda over fields and tags. `run` gets their values in order; one that gets a missing value fails.
Arg Lambda(std::vector<std::string> refs, tick_tagged run, uint32_t state_size = 0);

struct Call {
  std::string name;
  std::vector<Arg> args;
};

class Recorder : public Services {
 public:
  void log(const LogRecord &record) override;
  int64_t now() const override { return now_ns; }
  std::unique_ptr<AlertHandler> alert_handler(std::string_view, std::string_view, const tick_property &,
                                              std::string *) override { return nullptr; }
  Level collect(std::string_view, AlertEvent &) override { return Level::Ok; }
  bool remembered(std::string_view, std::string_view, Level *, int64_t *) override { return false; }
  std::string publish_endpoint(std::string_view, std::string_view path, const HttpOutSource *source) override {
    endpoints[std::string(path)] = source;
    return "";
  }
  void withdraw_endpoint(std::string_view, std::string_view path, const HttpOutSource *) override {
    endpoints.erase(std::string(path));
  }
  void loopback(const Series &series, int64_t time, const Fields &fields) override;
  std::shared_ptr<SideloadSource> sideload(std::string_view, std::string *) override { return sideload_source; }
  std::shared_ptr<Scaler> scaler(std::string_view, std::string_view, std::string *) override { return scaler_of_all; }
  std::shared_ptr<UdfSession> udf(const UdfRequest &, std::string *) override { return udf_session; }
  std::string hostname() const override { return "test"; }

  int64_t now_ns = 0;
  std::map<std::string, std::vector<std::string>> out;  // by log node
  std::vector<std::string> errors;                      // "message: cause"
  std::map<std::string, const HttpOutSource *> endpoints;
  std::vector<std::string> written_back;                // "db.rp m,host=a v=1 @10"
  std::shared_ptr<SideloadSource> sideload_source;
  std::shared_ptr<Scaler> scaler_of_all;
  std::shared_ptr<UdfSession> udf_session;
};

class Pipeline {
 public:
  explicit Pipeline(std::string dialect = "");
  ~Pipeline();

  // Adds a node; its name is kind and index. Returns its index. The source, index 0, is there already.
  uint32_t add(std::string kind, std::vector<uint32_t> parents, std::vector<Arg> args = {}, std::vector<Call> properties = {});
  // stream|from().groupBy(tags); a measurement of its own if given.
  uint32_t from(std::vector<std::string> tags = {}, std::string measurement = "");
  // A log node, whose output is read with out().
  uint32_t log(uint32_t parent) { return add("log", {parent}); }
  // The node needs all fields downstream (the default), or just these.
  void needs(uint32_t node, std::vector<std::string> fields);

  // Starts the task; its refusal, or "".
  std::string start();
  // Starts the task in the place of another one, whose state it takes over. Names of the nodes that keep theirs.
  std::vector<std::string> reload(Pipeline &old);
  // Lines of points, in blocks of `block` rows (0: one block).
  void write(std::string_view lines);
  // A batch of one group: the tags of its first point that `group` names.
  void write_batch(uint32_t query, std::string_view lines, double tmax, std::vector<std::string> group = {});
  void barrier(uint32_t node, std::string_view line);  // the line's group and time, as `node`'s input
  void delete_group(uint32_t node, std::string_view line);
  void finish();
  void tick(double seconds);  // the clock comes to here; strikes what is due

  std::vector<std::string> out(uint32_t log) const;
  std::vector<std::string> errors() const { return services.errors; }
  int64_t error_count(uint32_t node) { return task->nodes()[node]->errors.get(); }
  std::string json(const std::string &path, bool old_form = false) { return services.endpoints.at(path)->json(old_form); }

  size_t block = 0;
  Recorder services;
  std::unique_ptr<Task> task;

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

}  // namespace tick::test
