// clock_test.cpp - nodes that have a clock: barrier, stats and what deadman is made of (nodes.md 25, 26).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/nodes/lambdas.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Stats, CountsEachGroupInIntervals) {
  Pipeline pipeline;
  uint32_t from = pipeline.from({"host"});
  pipeline.add("noop", {from});
  uint32_t log = pipeline.log(pipeline.add("stats", {}, {Seconds(10), "from1"}));
  pipeline.tick(3);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.tick(13);
  EXPECT_THAT(pipeline.out(log), ElementsAre("stats emitted=0 @13"));
  pipeline.write("m,host=a,dc=x v=1 0\nm,host=b v=1 0\nm,host=a v=2 1");
  pipeline.tick(23);
  EXPECT_THAT(pipeline.out(log), ElementsAre("stats emitted=0 @13", "stats host=a emitted=2 @23", "stats host=b emitted=1 @23"));
}

TEST(Stats, AlignedPointsAreAtMultiples) {
  Pipeline pipeline;
  pipeline.add("noop", {pipeline.from()});
  uint32_t log = pipeline.log(pipeline.add("stats", {}, {Seconds(10), "from1"}, {{"align", {}}}));
  pipeline.tick(12);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.tick(31);
  EXPECT_THAT(pipeline.out(log), ElementsAre("stats emitted=0 @20", "stats emitted=0 @30"));
}

TEST(Stats, ADeletedGroupIsForgotten) {
  Pipeline pipeline;
  uint32_t from = pipeline.from({"host"}), noop = pipeline.add("noop", {from});
  pipeline.add("noop", {noop});
  uint32_t log = pipeline.log(pipeline.add("stats", {}, {Seconds(10), "noop2"}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 0\nm,host=b v=1 0");
  pipeline.delete_group(noop, "m,host=a v=1 0");
  pipeline.tick(10);
  EXPECT_THAT(pipeline.out(log), ElementsAre("stats host=b emitted=1 @10"));
}

TEST(Stats, RefusesAnIntervalOfNothing) {
  Pipeline pipeline;
  pipeline.add("noop", {pipeline.from()});
  pipeline.add("stats", {}, {Seconds(0), "from1"});
  EXPECT_THAT(pipeline.start(), HasSubstr("stats node must have positive interval"));
}

// stats().align(), derivative('emitted').unit(interval).nonNegative(): points an interval, whole from the first on.
TEST(Deadman, GivesWholeRatesForEachGroup) {
  Pipeline pipeline;
  pipeline.add("noop", {pipeline.from({"host"})});
  uint32_t stats = pipeline.add("stats", {}, {Seconds(10), "from1"}, {{"align", {}}});
  uint32_t rate = pipeline.add("derivative", {stats}, {"emitted"}, {{"unit", {Seconds(10)}}, {"nonNegative", {}}});
  uint32_t log = pipeline.log(rate);
  pipeline.tick(6);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 0");
  pipeline.tick(10);
  pipeline.write("m,host=a v=1 11\nm,host=a v=1 12\nm,host=a v=1 13");
  pipeline.tick(20);
  pipeline.tick(30);
  EXPECT_THAT(pipeline.out(log), ElementsAre("stats host=a emitted=3 @20", "stats host=a emitted=0 @30"));
}

// What a barrier does shows in the window behind it.
struct Behind {
  Pipeline pipeline;
  uint32_t barrier, out;
  explicit Behind(std::vector<Call> properties) {
    barrier = pipeline.add("barrier", {pipeline.from({"host"})}, {}, std::move(properties));
    uint32_t window = pipeline.add("window", {barrier}, {}, {{"period", {Seconds(2)}}, {"every", {Seconds(2)}}, {"align", {}}});
    out = pipeline.log(window);
    EXPECT_EQ(pipeline.start(), "");
  }
};

TEST(Barrier, IdleClosesTheWindow) {
  Behind behind({{"idle", {Seconds(3)}}});
  behind.pipeline.tick(100);
  behind.pipeline.write("m,host=a v=1 4\nm,host=a v=2 5");
  behind.pipeline.tick(102);
  EXPECT_THAT(behind.pipeline.out(behind.out), IsEmpty());
  behind.pipeline.tick(103);
  EXPECT_THAT(behind.pipeline.out(behind.out), ElementsAre("[m host=a tmax=6]", "host=a v=1 @4", "host=a v=2 @5"));
}

TEST(Barrier, EachPointRestartsTheIdleTime) {
  Behind behind({{"idle", {Seconds(3)}}});
  behind.pipeline.write("m,host=a v=1 4");
  behind.pipeline.tick(2);
  behind.pipeline.write("m,host=a v=2 5");
  behind.pipeline.tick(4);
  EXPECT_THAT(behind.pipeline.out(behind.out), IsEmpty());
  behind.pipeline.tick(5);
  EXPECT_EQ(behind.pipeline.out(behind.out).size(), 3u);
}

TEST(Barrier, PeriodStrikesAtTheTimeItIs) {
  Behind behind({{"period", {Seconds(10)}}});
  behind.pipeline.write("m,host=a v=1 4");
  behind.pipeline.tick(9.5);
  EXPECT_THAT(behind.pipeline.out(behind.out), IsEmpty());
  behind.pipeline.tick(10);
  EXPECT_THAT(behind.pipeline.out(behind.out), ElementsAre("[m host=a tmax=6]", "host=a v=1 @4"));
}

TEST(Barrier, DropsWhatIsOlderThanTheLastBarrier) {
  Pipeline pipeline;
  uint32_t barrier = pipeline.add("barrier", {pipeline.from({"host"})}, {}, {{"idle", {Seconds(1)}}});
  uint32_t log = pipeline.log(barrier);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 10");
  pipeline.tick(1);
  pipeline.write("m,host=a v=2 10.5\nm,host=a v=3 11\nm,host=b v=4 1");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a v=1 @10", "m host=a v=3 @11", "m host=b v=4 @1"));
}

TEST(Barrier, DeleteForgetsTheGroupEverywhereBelow) {
  Pipeline pipeline;
  uint32_t barrier = pipeline.add("barrier", {pipeline.from({"host"})}, {}, {{"idle", {Seconds(1)}}, {"delete", {true}}});
  uint32_t count = pipeline.add("stateCount", {barrier}, {True()}, {{"as", {"n"}}});
  uint32_t log = pipeline.log(count);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 10\nm,host=a v=1 11");
  pipeline.tick(1);
  EXPECT_EQ(pipeline.task->next_tick(), Node::kNever);
  EXPECT_EQ(pipeline.task->nodes()[count]->cardinality.get(), 0);
  pipeline.write("m,host=a v=1 12");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a n=1 v=1 @10", "m host=a n=2 v=1 @11", "m host=a n=1 v=1 @12"));
}

TEST(Barrier, NeedsOneOfTheTwo) {
  Pipeline none, both;
  none.add("barrier", {none.from()});
  EXPECT_THAT(none.start(), HasSubstr("idle must be greater than zero"));
  both.add("barrier", {both.from()}, {}, {{"idle", {Seconds(1)}}, {"period", {Seconds(1)}}});
  EXPECT_THAT(both.start(), HasSubstr("cannot specify both idle and period"));
}

}  // namespace
}  // namespace tick::test
