// The engine from end to end: which points reach which tasks, in which order, and what is counted.
#include "runtime/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "test/unit/engine/small_task.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Dbrp> kDbrps = {{"db", "rp"}};

// What the probes saw, as text, in order.
std::mutex seen_mutex;
std::vector<std::string> seen;
std::vector<std::string> Seen() {
  std::lock_guard lock(seen_mutex);
  return std::exchange(seen, {});
}

std::string Show(const tick_value &value) {
  if (value.type == TICK_STRING) return std::string(View(value.as.s));
  if (value.type == TICK_INT) return std::to_string(value.as.i) + "i";
  if (value.type == TICK_FLOAT) return std::to_string(static_cast<int>(value.as.f));
  return value.type == TICK_MISSING ? "-" : "?";
}

int32_t SeeOne(tick_context *, const tick_value *refs, const tick_payload *, const tick_site *, void *state, tick_value *out) {
  int64_t count = ++*static_cast<int64_t *>(state);
  std::lock_guard lock(seen_mutex);
  seen.push_back(Show(refs[0]) + "#" + std::to_string(count));
  *out = MakeBool(true);
  return 0;
}
int32_t SeeTwo(tick_context *, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
  std::lock_guard lock(seen_mutex);
  seen.push_back(Show(refs[0]) + " " + Show(refs[1]));
  *out = MakeBool(true);
  return 0;
}
int32_t Throws(tick_context *, const tick_value *, const tick_payload *, const tick_site *, void *, tick_value *) {
  throw std::bad_alloc();
}

int host_a_calls = 0;
int32_t HostIsA(tick_context *context, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
  ++host_a_calls;
  if (refs[0].type != TICK_STRING) return context->fail("left reference value \"host\" is missing value");
  *out = MakeBool(View(refs[0].as.s) == "a");
  return 0;
}
const Condition kHostIsA = {"\"host\" == 'a'", {"host"}, HostIsA};
// The same, but not of a form the routes can read.
const Condition kHostIsAOddly = {"'a' == \"host\"", {"host"}, HostIsA};
const Condition kHostPresent = {"isPresent(\"host\")", {"host"}, HostIsA};

SmallTask Sees(std::vector<SmallFrom> froms, std::vector<std::string> reads = {"v"}) {
  SmallTask task;
  task.froms = std::move(froms);
  task.probe = reads.size() == 2 ? SeeTwo : SeeOne;
  task.reads = std::move(reads);
  return task;
}

class EngineTest : public testing::Test {
 protected:
  void SetUp() override { Seen(); }
  World world;
  Engine engine{{}, world};
};

TEST_F(EngineTest, PointsOfTheDatabaseAndMeasurementInOrder) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu"}, {"mem"}}))), "");
  Write(engine, "cpu v=1\nmem v=2\ndisk v=3\ncpu v=4i\n");
  Write(engine, "cpu v=5", "other");
  EXPECT_THAT(Seen(), ElementsAre("1#1", "4i#2", "2#1"));
  TaskSnapshot snapshot = engine.snapshot("t");
  EXPECT_TRUE(snapshot.executing);
  EXPECT_EQ(Stat(snapshot, "stream0", "collected"), 3);
  EXPECT_EQ(Stat(snapshot, "from1", "collected"), 3);
  EXPECT_EQ(Stat(snapshot, "from1", "emitted"), 2);
  EXPECT_EQ(Stat(snapshot, "where4", "collected"), 1);
}

TEST_F(EngineTest, ATaskWithoutDatabasesDoesNotStart) {
  EXPECT_EQ(engine.start("t", {}, Make(Sees({{"cpu"}}))), "task does contain any dbrps");
}

TEST_F(EngineTest, GroupsHaveTheirOwnState) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu", {}, {"host"}}}))), "");
  Write(engine, "cpu,host=a v=1\ncpu,host=b v=2\ncpu,host=a,x=1 v=3\n");
  EXPECT_THAT(Seen(), ElementsAre("1#1", "2#1", "3#2"));
  EXPECT_EQ(Stat(engine.snapshot("t"), "where2", "working_cardinality"), 2);
}

TEST_F(EngineTest, AMeasurementAndAnyMeasurementDeliverTwice) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu"}, {""}}))), "");
  Write(engine, "cpu v=1\nmem v=2\n");
  TaskSnapshot snapshot = engine.snapshot("t");
  EXPECT_EQ(Stat(snapshot, "stream0", "collected"), 3);
  EXPECT_EQ(Stat(snapshot, "where2", "collected"), 2);
  EXPECT_EQ(Stat(snapshot, "where4", "collected"), 3);
}

TEST_F(EngineTest, TheOldDialectDeliversEveryPointOnce) {
  SmallTask task = Sees({{"cpu"}, {""}});
  task.dialect = 2;
  ASSERT_EQ(engine.start("t", kDbrps, Make(task)), "");
  Write(engine, "cpu v=1\nmem v=2\n");
  EXPECT_EQ(Stat(engine.snapshot("t"), "stream0", "collected"), 2);
  EXPECT_THAT(Seen(), ElementsAre("1#1", "1#1", "2#2"));
}

class TagConditions : public EngineTest, public testing::WithParamInterface<const Condition *> {};

TEST_P(TagConditions, KeepPointsAwayButCountThem) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu", {*GetParam()}}}))), "");
  Write(engine, "cpu,host=a v=1\ncpu,host=b v=2\ncpu,host=a v=3\nmem,host=b v=4\n");
  host_a_calls = 0;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "cpu,host=b v=2\n";
  Write(engine, many);
  EXPECT_EQ(host_a_calls, 0) << "the series is known";
  EXPECT_THAT(Seen(), ElementsAre("1#1", "3#2"));
  TaskSnapshot snapshot = engine.snapshot("t");
  EXPECT_EQ(Stat(snapshot, "stream0", "collected"), 1003);
  EXPECT_EQ(Stat(snapshot, "stream0", "emitted"), 1003);
  EXPECT_EQ(Stat(snapshot, "from1", "collected"), 1003);
  EXPECT_EQ(Stat(snapshot, "from1", "emitted"), 2);
  EXPECT_EQ(snapshot.nodes[0].edges[0].second, 1003);
}

TEST_P(TagConditions, LeaveErrorsToTheNode) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu", {*GetParam()}}}))), "");
  Write(engine, "cpu v=1\ncpu,host=a v=2\n");
  EXPECT_THAT(Seen(), ElementsAre("2#1"));
  EXPECT_EQ(Stat(engine.snapshot("t"), "from1", "errors"), 1);
  EXPECT_THAT(world.logged(), ElementsAre("failed to evaluate WHERE expression: left reference value \"host\" is missing value"));
}

TEST_P(TagConditions, AFieldOfTheNameIsWhatCounts) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu", {*GetParam()}}}))), "");
  Write(engine, "cpu,host=b v=1\n");
  Write(engine, "cpu,other=b host=\"a\",v=2\ncpu,host=b host=\"a\",v=3\n");
  EXPECT_THAT(Seen(), ElementsAre("2#1"));
  EXPECT_EQ(Stat(engine.snapshot("t"), "from1", "errors"), 1) << "a field and a tag of one name";
}

INSTANTIATE_TEST_SUITE_P(, TagConditions, testing::Values(&kHostIsA, &kHostIsAOddly));

TEST_F(EngineTest, ConditionsThatSeeMissingValuesAreLeftToTheNode) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu", {kHostPresent}}}))), "");
  Write(engine, "cpu,host=b v=1\ncpu,host=a v=2\n");
  EXPECT_EQ(Stat(engine.snapshot("t"), "from1", "collected"), 2);
  EXPECT_THAT(Seen(), ElementsAre("2#1"));
}

TEST_F(EngineTest, TasksThatComeAndGoChangeTheRoutes) {
  Write(engine, "cpu v=0");
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu"}}))), "");
  EXPECT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu"}}))), "task t is already executing");
  Write(engine, "cpu v=1");
  ASSERT_EQ(engine.start("u", kDbrps, Make(Sees({{"cpu"}}, {"v", "w"}))), "");
  Write(engine, "cpu v=2,w=3");
  engine.stop("t");
  Write(engine, "cpu v=4,w=5");
  EXPECT_THAT(Seen(), ElementsAre("1#1", "2#2", "2 3", "4 5"));
  EXPECT_FALSE(engine.running("t"));
  EXPECT_TRUE(engine.running("u"));
  EXPECT_TRUE(engine.snapshot("t").nodes.empty());
}

TEST_F(EngineTest, BlockSizesMakeNoDifference) {
  for (uint32_t rows : {1u, 7u, 4096u}) {
    Engine small({.block_rows = rows}, world);
    ASSERT_EQ(small.start("t", kDbrps, Make(Sees({{"cpu", {}, {"host"}}}))), "");
    std::string lines, want;
    for (int i = 0; i < 50; ++i)
      lines += "cpu,host=" + std::to_string(i % 3) + " v=" + std::to_string(i) + (i % 5 ? "\n" : "i\n");
    Write(small, lines);
    std::vector<std::string> got = Seen();
    ASSERT_EQ(got.size(), 50u);
    EXPECT_EQ(got[0], "0i#1");
    EXPECT_EQ(got[49], "49#17");
  }
}

TEST_F(EngineTest, BadLinesAreRefusedAndTheOthersTaken) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu"}}))), "");
  WriteResult result = Write(engine, "cpu v=1\ncpu v=x\ncpu v=2\n");
  EXPECT_EQ(result.accepted, 2u);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].line, 2u);
  EXPECT_THAT(Seen(), ElementsAre("1#1", "2#2"));
  EXPECT_EQ(engine.counters().points_received, 2u);
  EXPECT_EQ(engine.counters().lines_refused, 1u);
}

TEST_F(EngineTest, AWholeRequestIsRefusedWhereThatIsWanted) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu"}}))), "");
  WriteRequest whole{.database = "db", .retention_policy = "rp", .whole = true};
  WriteResult result = engine.write(whole, std::make_shared<const std::string>("cpu v=1\ncpu v=x\n"));
  EXPECT_EQ(result.accepted, 0u);
  EXPECT_EQ(result.refused, 1u);
  EXPECT_THAT(Seen(), IsEmpty());
  EXPECT_EQ(engine.write(whole, std::make_shared<const std::string>("cpu v=1\n")).accepted, 1u);
  EXPECT_THAT(Seen(), ElementsAre("1#1"));
}

TEST_F(EngineTest, ACheckTakesNothing) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu"}}))), "");
  WriteRequest check{.database = "db", .retention_policy = "rp", .parse_only = true};
  WriteResult result = engine.write(check, std::make_shared<const std::string>("cpu v=1\ncpu v=x\n"));
  EXPECT_EQ(result.refused, 1u);
  EXPECT_THAT(Seen(), IsEmpty());
  EXPECT_EQ(engine.counters().series, 0u);
}

TEST_F(EngineTest, ClosedItTakesNothing) {
  engine.close();
  EXPECT_TRUE(Write(engine, "cpu v=1").closed);
  EXPECT_EQ(engine.counters().points_received, 0u);
}

TEST_F(EngineTest, PointsFromInside) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu", {kHostIsA}}}))), "");
  const Series *series = InternSeries(InternOrigin("db", "rp"), Intern("cpu"), {{Intern("host"), "a"}});
  engine.write_point(*series, 5, {{Intern("v"), MakeInt(8)}});
  EXPECT_THAT(Seen(), ElementsAre("8i#1"));
  ASSERT_EQ(engine.ingress().size(), 1u);
  EXPECT_EQ(engine.ingress()[0].points, 1);
}

Engine *inner = nullptr;
int32_t WritesBack(tick_context *, const tick_value *refs, const tick_payload *, const tick_site *, void *, tick_value *out) {
  {
    std::lock_guard lock(seen_mutex);
    seen.push_back("in " + Show(refs[0]));
  }
  const Series *series = InternSeries(InternOrigin("db", "rp"), Intern("cpu"), {});
  if (refs[0].as.f < 3) inner->write_point(*series, 0, {{Intern("v"), MakeFloat(refs[0].as.f + 1)}});
  std::lock_guard lock(seen_mutex);
  seen.push_back("out " + Show(refs[0]));
  *out = MakeBool(true);
  return 0;
}

TEST_F(EngineTest, ATaskThatWritesToItselfIsServedAfterwards) {
  SmallTask task = Sees({{"cpu"}});
  task.probe = WritesBack;
  inner = &engine;
  ASSERT_EQ(engine.start("t", kDbrps, Make(task)), "");
  Write(engine, "cpu v=1");
  EXPECT_THAT(Seen(), ElementsAre("in 1", "out 1", "in 2", "out 2", "in 3", "out 3"));
}

TEST_F(EngineTest, AnExceptionEndsTheTaskNotTheProcess) {
  SmallTask task = Sees({{"cpu"}});
  task.probe = Throws;
  ASSERT_EQ(engine.start("bad", kDbrps, Make(task)), "");
  ASSERT_EQ(engine.start("good", kDbrps, Make(Sees({{"cpu"}}))), "");
  Write(engine, "cpu v=1");
  Write(engine, "cpu v=2");
  EXPECT_THAT(Seen(), ElementsAre("1#1", "2#2"));
  EXPECT_FALSE(engine.running("bad"));
  EXPECT_EQ(engine.snapshot("bad").error, "stream0: out of memory");
  ASSERT_EQ(engine.start("bad", kDbrps, Make(Sees({{"cpu"}}))), "");
  EXPECT_EQ(engine.snapshot("bad").error, "");
}

TEST_F(EngineTest, SeriesAreLimitedAndThatIsSaidOnce) {
  Engine small({.max_series = 2}, world);
  for (int i = 0; i < 2; ++i) Write(small, "m,i=1 v=1\nm,i=2 v=1\nm,i=3 v=1\nm,i=4 v=1");
  EXPECT_EQ(small.counters().series, 2u);
  EXPECT_GE(small.counters().lines_refused, 4u);
  EXPECT_EQ(world.logged().size(), 2u);  // lines are refused, series are let go
}

TEST_F(EngineTest, SeriesOfThePastMakeRoomForNewOnes) {
  Engine small({.max_series = 8}, world);
  ASSERT_EQ(small.start("t", kDbrps, Make(Sees({{"cpu"}}))), "");
  for (int i = 0; i < 100; ++i) {
    Write(small, "flood,i=" + std::to_string(i) + " v=1");
    Write(small, "cpu,h=a v=" + std::to_string(i));
  }
  EXPECT_EQ(small.counters().lines_refused, 0u);
  EXPECT_LE(small.counters().series, 8u);
  EXPECT_GE(small.counters().series_let_go, 90u);
  EXPECT_EQ(Seen().size(), 100u);
  EXPECT_EQ(world.logged().size(), 1u);
}

TEST_F(EngineTest, FailuresAreLoggedLessAndLess) {
  ASSERT_EQ(engine.start("t", kDbrps, Make(Sees({{"cpu", {kHostIsA}}}))), "");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "cpu v=2\n";
  Write(engine, many);
  EXPECT_EQ(Stat(engine.snapshot("t"), "from1", "errors"), 1000);
  EXPECT_EQ(world.logged().size(), 4u);  // the 1st, 10th, 100th and 1000th
}

}  // namespace
}  // namespace tick::test
