// Generations of one task, compiled into memory and into shared objects in turn, swapped while points come.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <thread>

#include "driver/compile.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/so_loader.h"

namespace tick {
namespace {

const std::vector<Dbrp> kDbrps = {{"db", "rp"}};

class World : public Services {
 public:
  class Events : public AlertHandler {
   public:
    explicit Events(World &world) : world_(world) {}
    void handle(const AlertEvent &event) override {
      std::lock_guard lock(world_.mutex);
      world_.events.push_back(event.message);
    }

   private:
    World &world_;
  };
  void log(const LogRecord &record) override {
    std::lock_guard lock(mutex);
    if (record.level == "error") errors.push_back(std::string(record.message) + ": " + std::string(record.cause));
  }
  int64_t now() const override { return 0; }
  std::unique_ptr<AlertHandler> alert_handler(std::string_view, std::string_view, const tick_property &,
                                              std::string *) override {
    return std::make_unique<Events>(*this);
  }
  Level collect(std::string_view, AlertEvent &) override { return Level::Ok; }
  bool remembered(std::string_view, std::string_view, Level *, int64_t *) override { return false; }
  std::string publish_endpoint(std::string_view, std::string_view, const HttpOutSource *source) override {
    endpoint = source;
    return "";
  }
  void withdraw_endpoint(std::string_view, std::string_view, const HttpOutSource *source) override {
    if (endpoint == source) endpoint = nullptr;
  }
  void loopback(const Series &, int64_t, const Fields &) override {}
  std::string hostname() const override { return "test"; }

  std::mutex mutex;
  std::vector<std::string> errors, events;
  std::atomic<const HttpOutSource *> endpoint{nullptr};
};

// Counts points a host; counts them in windows; alerts when a window is fuller than the threshold.
std::string Script(int threshold, const char *more = "") {
  return std::string(R"(
var data = stream
    |from()
        .measurement('cpu')
        .groupBy('host')
data
    |eval(lambda: count())
        .as('n')
    |httpOut('n')
data
    |window()
        .period(10s)
        .every(10s)
    |count('v')
        .as('c')
    |alert()
        .message('{{ index .Tags "host" }} {{ index .Fields "c" }}')
        .crit(lambda: "c" > )") + std::to_string(threshold) + ")\n        .log('/events')" + more + "\n";
}

ir::Graph Compile(const std::string &script) {
  Source source{"task.tick", script};
  Diagnostics diagnostics(source);
  std::optional<ir::Graph> graph = CompileToIr(source, {}, diagnostics);
  EXPECT_TRUE(graph) << script;
  return graph ? std::move(*graph) : ir::Graph();
}

// Makes generations: by the JIT and as a file in turn.
class Maker {
 public:
  std::shared_ptr<const Code> make(const std::string &script) {
    ir::Graph graph = Compile(script);
    return ++made_ % 2 ? in_memory(graph) : from_file(graph);
  }
  Jit jit;

 private:
  std::shared_ptr<const Code> in_memory(const ir::Graph &graph) {
    std::string error;
    std::shared_ptr<const Code> code = jit.compile(graph, &error);
    EXPECT_EQ(error, "");
    return code;
  }
  std::shared_ptr<const Code> from_file(const ir::Graph &graph) {
    EmitResult made = Emit(graph, EmitKind::SharedObject, {});
    EXPECT_EQ(made.error, "");
    std::string path = testing::TempDir() + "swap_" + std::to_string(getpid()) + "_" + std::to_string(made_) + ".so";
    std::ofstream(path, std::ios::binary) << made.bytes;
    LoadResult loaded = LoadSharedObject(path);
    EXPECT_EQ(loaded.error, "");
    std::remove(path.c_str());
    return loaded.code;
  }
  int made_ = 0;
};

std::string Lines(int host, int64_t from, int64_t n) {
  std::string lines;
  for (int64_t i = from; i < from + n; ++i)
    lines += "cpu,host=h" + std::to_string(host) + " v=" + std::to_string(i % 10) + " " + std::to_string(i * 100'000'000) + "\n";
  return lines;
}
void Write(Engine &engine, std::string lines) {
  WriteResult result = engine.write({"db", "rp"}, std::make_shared<const std::string>(std::move(lines)));
  ASSERT_EQ(result.refused, 0u);
}

bool Has(const std::vector<std::string> &names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST(Swap, AThresholdChangesAndAllStateIsKept) {
  World world;
  Maker maker;
  Engine engine({}, world);
  ASSERT_EQ(engine.start("t", kDbrps, maker.make(Script(1000))), "");
  Write(engine, Lines(0, 0, 150));  // 100 points a window; the second is half full
  SwapReport report = engine.swap("t", kDbrps, maker.make(Script(90)));
  EXPECT_EQ(report.error, "");
  EXPECT_EQ(report.fresh, std::vector<std::string>{});
  for (const char *name : {"eval2", "window4", "alert6"}) EXPECT_TRUE(Has(report.carried, name)) << name;
  Write(engine, Lines(0, 150, 60));
  EXPECT_EQ(world.events, std::vector<std::string>{"h0 100"});
  EXPECT_NE(world.endpoint.load()->json(false).find("210"), std::string::npos) << world.endpoint.load()->json(false);
}

TEST(Swap, AnotherWindowBeginsAnewAndSaysSo) {
  World world;
  Maker maker;
  Engine engine({}, world);
  ASSERT_EQ(engine.start("t", kDbrps, maker.make(Script(1))), "");
  Write(engine, Lines(0, 0, 50));
  std::string script = Script(1);
  script.replace(script.find("period(10s)"), 11, "period(20s)");
  SwapReport report = engine.swap("t", kDbrps, maker.make(script));
  EXPECT_TRUE(Has(report.fresh, "window4"));
  EXPECT_TRUE(Has(report.carried, "eval2"));
}

TEST(Swap, UnderLoadEachPointIsCountedOnce) {
  World world;
  Maker maker;
  const char *seconds = std::getenv("TICK_SWAP_SECONDS");
  auto duration = std::chrono::seconds(seconds ? std::atoi(seconds) : 10);
  {
    Engine engine({.workers = 2, .queue_blocks = 8}, world);
    ASSERT_EQ(engine.start("t", kDbrps, maker.make(Script(0))), "");
    std::atomic<bool> stop{false};
    std::atomic<int64_t> written[2] = {0, 0};
    std::vector<std::thread> writers;
    for (int host = 0; host < 2; ++host)
      writers.emplace_back([&, host] {
        while (!stop) {
          Write(engine, Lines(host, written[host], 100));
          written[host] += 100;
        }
      });
    auto until = std::chrono::steady_clock::now() + duration;
    int swaps = 0;
    size_t most_modules = 0;
    for (; std::chrono::steady_clock::now() < until; ++swaps) {
      // Every tenth generation is of another shape.
      SwapReport report = engine.swap("t", kDbrps, maker.make(Script(swaps % 100, swaps % 10 ? "" : ".log('/more')")));
      ASSERT_EQ(report.error, "");
      ASSERT_TRUE(Has(report.carried, "eval2") && Has(report.carried, "window4") && Has(report.carried, "alert6"));
      ASSERT_TRUE(report.fresh.empty());
      most_modules = std::max(most_modules, maker.jit.live_modules());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    stop = true;
    for (std::thread &writer : writers) writer.join();
    engine.drain();
    EXPECT_GT(swaps, 10);
    EXPECT_LE(most_modules, 6u) << "code goes with its last block";
    std::string json = world.endpoint.load()->json(false);
    int64_t windows = 0;
    for (const auto &count : written) {
      EXPECT_NE(json.find("," + std::to_string(count) + "]"), std::string::npos) << json;
      windows += (count - 1) / 100;
    }
    EXPECT_EQ(world.errors, std::vector<std::string>{});
    // Every full window gave its 100 points, whichever generations they came to; one event a handler.
    std::lock_guard lock(world.mutex);
    for (const std::string &event : world.events) ASSERT_TRUE(event.ends_with(" 100")) << event;
    EXPECT_GE(static_cast<int64_t>(world.events.size()), windows);
    EXPECT_LE(maker.jit.live_modules(), 2u);
  }
  // The thread that makes vector code may still be at the last one.
  for (int i = 0; i < 3000 && maker.jit.live_modules() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(maker.jit.live_modules(), 0u);
}

}  // namespace
}  // namespace tick
