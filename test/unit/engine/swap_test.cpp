// Swapping, stopping and resuming tasks while others write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "test/unit/engine/small_task.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Dbrp> kDbrps = {{"db", "rp"}};

// The last count of each group by its `i` field, and how many points came altogether.
std::atomic<int64_t> total{0}, last_count{0};
int32_t Counts(tick_context *, const tick_value *, const tick_payload *, const tick_site *, void *state, tick_value *out) {
  last_count = ++*static_cast<int64_t *>(state);
  ++total;
  *out = MakeBool(true);
  return 0;
}
int32_t CountsByTwo(tick_context *, const tick_value *, const tick_payload *, const tick_site *, void *state, tick_value *out) {
  last_count = *static_cast<int64_t *>(state) += 2;
  *out = MakeBool(true);
  return 0;
}

SmallTask Counter(tick_tagged probe = Counts) {
  SmallTask task;
  task.froms = {{"cpu", {}, {"host"}}};
  task.reads = {"v"};
  task.probe = probe;
  return task;
}

class SwapTest : public testing::Test {
 protected:
  void SetUp() override { total = last_count = 0; }
  World world;
};

TEST_F(SwapTest, EqualNodesKeepTheirState) {
  Engine engine({}, world);
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\ncpu,host=a v=1\ncpu,host=b v=1\n");
  SwapReport report = engine.swap("t", kDbrps, Make(Counter(CountsByTwo)));
  EXPECT_EQ(report.error, "");
  EXPECT_THAT(report.carried, ElementsAre("where2"));
  EXPECT_THAT(report.fresh, IsEmpty());
  EXPECT_EQ(Stat(engine.snapshot("t"), "where2", "working_cardinality"), 2);
  EXPECT_EQ(Stat(engine.snapshot("t"), "stream0", "collected"), 0) << "a generation counts its own points";
  Write(engine, "cpu,host=a v=1\n");
  EXPECT_EQ(last_count, 4);
}

TEST_F(SwapTest, OthersBeginAnew) {
  Engine engine({}, world);
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\n");
  SmallTask other = Counter();
  other.probe_identity = 8;
  EXPECT_THAT(engine.swap("t", kDbrps, Make(other)).fresh, ElementsAre("where2"));
  other.probe_identity = 8;
  other.probe_state = 16;
  EXPECT_THAT(engine.swap("t", kDbrps, Make(other)).carried, IsEmpty()) << "of another layout";
  Write(engine, "cpu,host=a v=1\n");
  EXPECT_EQ(last_count, 1);
}

TEST_F(SwapTest, ARefusedOneLeavesTheOldRunning) {
  Engine engine({}, world);
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\n");
  SmallTask broken = Counter();
  broken.probe_state = 12;  // not a multiple of 8: no compiler lays state out so
  broken.froms[0].group_by = {""};
  EXPECT_NE(engine.swap("t", kDbrps, Make(broken)).error, "");
  EXPECT_NE(engine.swap("nobody", kDbrps, Make(Counter())).error, "");
  Write(engine, "cpu,host=a v=1\n");
  EXPECT_EQ(last_count, 2);
}

TEST_F(SwapTest, CodeIsFreedWithItsGeneration) {
  std::atomic<int> live{0};
  for (unsigned workers : {0u, 2u}) {
    Engine engine({.workers = workers}, world);
    ASSERT_EQ(engine.start("t", kDbrps, Make(Counter(), &live)), "");
    for (int i = 0; i < 10; ++i) {
      Write(engine, "cpu,host=a v=1\n");
      ASSERT_EQ(engine.swap("t", kDbrps, Make(Counter(), &live)).error, "");
      EXPECT_LE(live, 2);
    }
    engine.drain();
    engine.stop("t");
    EXPECT_EQ(live, 0);
  }
}

TEST_F(SwapTest, StateIsKeptForAWhileAfterAStop) {
  Engine engine({}, world);
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\n");
  engine.stop("t", 10);
  world.clock += 10;
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\n");
  EXPECT_EQ(last_count, 2);
  engine.stop("t", 10);
  world.clock += 11;
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\n");
  EXPECT_EQ(last_count, 1);
  engine.stop("t");
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\n");
  EXPECT_EQ(last_count, 1);
}

TEST_F(SwapTest, EachPointCountsOnceWhateverIsSwapped) {
  Engine engine({.workers = 2, .queue_blocks = 4}, world);
  std::atomic<int> live{0};
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter(), &live)), "");
  std::atomic<bool> stop{false};
  std::atomic<int64_t> written{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < 2; ++w)
    writers.emplace_back([&] {
      std::string lines;
      for (int i = 0; i < 50; ++i) lines += "cpu,host=a v=" + std::to_string(i) + "\nmem v=1\n";
      while (!stop) {
        EXPECT_EQ(Write(engine, lines).accepted, 100u);
        written += 50;
      }
    });
  auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  int swaps = 0;
  for (; std::chrono::steady_clock::now() < until; ++swaps) {
    SwapReport report = engine.swap("t", kDbrps, Make(Counter(), &live));
    ASSERT_EQ(report.error, "");
    ASSERT_LE(report.fresh.size(), 0u);
    EXPECT_LE(live, 4) << "an old generation lives no longer than the writers that found it";
    engine.snapshot("t");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  stop = true;
  for (std::thread &writer : writers) writer.join();
  engine.drain();
  EXPECT_GT(swaps, 20);
  EXPECT_EQ(total, written);
  EXPECT_EQ(last_count, written);
  engine.stop("t");
  EXPECT_EQ(live, 0);
}

TEST_F(SwapTest, TasksThatStartAndStopUnderLoad) {
  Engine engine({.workers = 2, .queue_blocks = 2}, world);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) Write(engine, "cpu,host=a v=1\ncpu,host=b v=2\n");
  });
  for (int i = 0; i < 200; ++i) {
    std::string id = "t" + std::to_string(i % 5);
    if (engine.running(id)) engine.stop(id, i % 2 ? 1'000'000'000 : 0);
    else ASSERT_EQ(engine.start(id, kDbrps, Make(Counter())), "");
    engine.snapshot("t" + std::to_string((i + 1) % 5));
  }
  stop = true;
  writer.join();
  SUCCEED();
}

// A probe that waits to be let on.
std::mutex gate;
std::vector<double> late_values;
int32_t Waits(tick_context *, const tick_value *, const tick_payload *, const tick_site *, void *, tick_value *out) {
  std::lock_guard lock(gate);
  *out = MakeBool(true);
  return 0;
}
int32_t Collects(tick_context *, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
  if (refs[0].type == TICK_FLOAT) late_values.push_back(refs[0].as.f);
  *out = MakeBool(true);
  return 0;
}

TEST_F(SwapTest, BlocksParsedBeforeASwapGiveFieldsOnlyTheNewCodeReads) {
  Engine engine({.workers = 1}, world);
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter(Waits))), "");
  // Somebody reads w, but of another measurement.
  SmallTask other = Counter();
  other.froms = {{"mem"}};
  other.reads = {"w"};
  ASSERT_EQ(engine.start("other", kDbrps, Make(other)), "");
  SwapReport report;
  {
    std::unique_lock lock(gate);
    for (int i = 0; i < 4; ++i) Write(engine, "cpu,host=a v=1,w=" + std::to_string(i) + "\n");
    SmallTask reads_w = Counter(Collects);
    reads_w.reads = {"w"};
    std::thread swapper([&] { report = engine.swap("t", kDbrps, Make(reads_w)); });
    lock.unlock();
    swapper.join();
  }
  Write(engine, "cpu,host=a v=1,w=9\n");
  engine.drain();
  EXPECT_EQ(report.error, "");
  ASSERT_GE(late_values.size(), 1u);
  // The block under way at the swap belonged to the old code, perhaps more; all after it are seen in full.
  EXPECT_EQ(late_values.back(), 9);
  for (size_t i = 0; i + 1 < late_values.size(); ++i) EXPECT_LT(late_values[i], late_values[i + 1]);
}

TEST_F(SwapTest, AWriterWaitsForASlowTaskAndLosesNothing) {
  Engine engine({.workers = 1, .block_rows = 10, .queue_blocks = 2}, world);
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  std::string lines;
  for (int i = 0; i < 10000; ++i) lines += "cpu,host=a v=1\n";
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) writers.emplace_back([&] { Write(engine, lines); });
  for (std::thread &writer : writers) writer.join();
  engine.drain();
  EXPECT_EQ(total, 40000);
}

TEST_F(SwapTest, WithTaskRunsBetweenBlocks) {
  Engine engine({.workers = 2}, world);
  ASSERT_EQ(engine.start("t", kDbrps, Make(Counter())), "");
  Write(engine, "cpu,host=a v=1\n");
  std::string name;
  EXPECT_TRUE(engine.with_task("t", [&](Task &task) { name = task.id(); }));
  EXPECT_EQ(name, "t");
  EXPECT_EQ(total, 1) << "what was written before has gone through";
  EXPECT_FALSE(engine.with_task("nobody", [](Task &) {}));
}

}  // namespace
}  // namespace tick::test
