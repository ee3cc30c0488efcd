// time_order_test.cpp - late, early and equal timestamps in the nodes that look at time (nodes.md, each section).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/nodes/lambdas.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

// What a node behind from().groupBy('host') gives, the same in blocks of any size.
Lines Of(const char *kind, std::vector<Arg> args, std::vector<Call> properties, const std::string &points, Lines *errors = nullptr) {
  Lines first;
  for (size_t block : {0, 1, 2}) {
    Pipeline pipeline;
    pipeline.block = block;
    uint32_t log = pipeline.log(pipeline.add(kind, {pipeline.from({"host"})}, args, properties));
    EXPECT_EQ(pipeline.start(), "");
    pipeline.write(points);
    if (block > 0) {
      EXPECT_EQ(pipeline.out(log), first) << "in blocks of " << block;
    }
    first = pipeline.out(log);
    if (errors) *errors = pipeline.errors();
  }
  return first;
}

TEST(TimeOrder, DerivativeOfEqualTimesIsAnErrorAndOfALatePointCounts) {
  Lines errors;
  EXPECT_THAT(Of("derivative", {"v"}, {}, "m,host=a v=1 0\nm,host=a v=5 10\nm,host=a v=7 10\nm,host=a v=17 5\nm,host=a v=18 6", &errors),
              ElementsAre("m host=a v=0.4 @10", "m host=a v=-2 @5", "m host=a v=1 @6"));
  EXPECT_THAT(errors, ElementsAre(HasSubstr("elaspsed time was 0")));
}

TEST(TimeOrder, StateDurationMayRunBackwards) {
  EXPECT_THAT(Of("stateDuration", {Above()}, {}, "m,host=a v=5 10\nm,host=a v=5 8\nm,host=a v=5 10\nm,host=a v=5 14"),
              ElementsAre("m host=a state_duration=0 v=5 @10", "m host=a state_duration=-2 v=5 @8", "m host=a state_duration=0 v=5 @10",
                          "m host=a state_duration=4 v=5 @14"));
}

TEST(TimeOrder, StateCountCountsWhatComes) {
  EXPECT_THAT(Of("stateCount", {Above()}, {}, "m,host=a v=5 10\nm,host=a v=5 3\nm,host=a v=5 3"),
              ElementsAre("m host=a state_count=1 v=5 @10", "m host=a state_count=2 v=5 @3", "m host=a state_count=3 v=5 @3"));
}

TEST(TimeOrder, SampleByTimeLooksAtEachPointAlone) {
  EXPECT_THAT(Of("sample", {Seconds(10)}, {}, "m,host=a v=1 20\nm,host=a v=2 20\nm,host=a v=3 10\nm,host=a v=4 11"),
              ElementsAre("m host=a v=1 @20", "m host=a v=2 @20", "m host=a v=3 @10"));
}

TEST(TimeOrder, ChangeDetectKeepsArrivalOrder) {
  EXPECT_THAT(Of("changeDetect", {"v"}, {}, "m,host=a v=1 10\nm,host=a v=2 5\nm,host=a v=2 20"),
              ElementsAre("m host=a v=1 @10", "m host=a v=2 @5"));
}

TEST(TimeOrder, FlattenTakesALateTimeForAnother) {
  EXPECT_THAT(Of("flatten", {}, {{"on", {"p"}}}, "m,host=a,p=1 v=1 10\nm,host=a,p=2 v=2 10\nm,host=a,p=1 v=3 5\nm,host=a,p=2 v=4 10\nm,host=a,p=1 v=5 11"),
              ElementsAre("m host=a 1.v=1 2.v=2 @10", "m host=a 1.v=3 @5", "m host=a 2.v=4 @10"));
}

TEST(TimeOrder, CombineTakesALateTimeForAnother) {
  EXPECT_THAT(Of("combine", {True(), True()}, {{"as", {"x", "y"}}}, "m,host=a v=1 10\nm,host=a v=2 10\nm,host=a v=3 5\nm,host=a v=4 10"),
              ElementsAre("m host=a x.v=1 y.v=2 @10"));
}

TEST(TimeOrder, AggregatesOfAStreamBeginAnewAtAnyOtherTime) {
  EXPECT_THAT(Of("sum", {"v"}, {}, "m,host=a v=1 10\nm,host=a v=2 10\nm,host=a v=4 5\nm,host=a v=8 10\nm,host=a v=16 11"),
              ElementsAre("m host=a sum=3 @10", "m host=a sum=4 @5", "m host=a sum=8 @10"));
}

TEST(TimeOrder, ElapsedMayBeNegative) {
  EXPECT_THAT(Of("elapsed", {"v", Seconds(1)}, {}, "m,host=a v=1 10\nm,host=a v=1 7\nm,host=a v=1 7\nm,host=a v=1 9"),
              ElementsAre("m host=a elapsed=-3 @7", "m host=a elapsed=0 @7", "m host=a elapsed=2 @9"));
}

TEST(TimeOrder, DifferenceIgnoresAPointOfTheSameTime) {
  EXPECT_THAT(Of("difference", {"v"}, {}, "m,host=a v=1 10\nm,host=a v=5 10\nm,host=a v=7 12\nm,host=a v=3 11"),
              ElementsAre("m host=a difference=6 @12", "m host=a difference=-4 @11"));
}

TEST(TimeOrder, ShiftKeepsTheOrderItGets) {
  EXPECT_THAT(Of("shift", {Seconds(-5)}, {}, "m,host=a v=1 10\nm,host=a v=2 3\nm,host=a v=3 10"),
              ElementsAre("m host=a v=1 @5", "m host=a v=2 @-2", "m host=a v=3 @5"));
}

struct Two : testing::Test {
  void make(const char *kind, std::vector<Call> properties) {
    uint32_t a = pipeline.from({"host"}, "a"), b = pipeline.from({"host"}, "b");
    bool joins = std::string(kind) == "join";
    if (joins) properties.push_back({"as", {"x", "y"}});
    log = pipeline.log(pipeline.add(kind, joins ? std::vector<uint32_t>{a, b} : std::vector<uint32_t>{b, a}, {}, std::move(properties)));
    ASSERT_EQ(pipeline.start(), "");
    pipeline.block = 1;
  }
  Lines write(const char *lines) {
    pipeline.services.out.clear();
    pipeline.write(lines);
    return pipeline.out(log);
  }
  Pipeline pipeline;
  uint32_t log = 0;
};

TEST_F(Two, ALateSetLeavesOnceAllAreBeyondIt) {
  make("join", {{"fill", {0}}});
  EXPECT_THAT(write("a,host=h v=1 1\nb,host=h v=2 1\na,host=h v=3 5\nb,host=h v=4 5"),
              ElementsAre("a host=h x.v=1 y.v=2 @1", "a host=h x.v=3 y.v=4 @5"));
  EXPECT_THAT(write("a,host=h v=9 3"), IsEmpty());  // its own source went back to 3
  EXPECT_THAT(write("a,host=h v=5 6"), ElementsAre("a host=h x.v=9 y.v=0 @3"));
  EXPECT_THAT(write("b,host=h v=6 6"), ElementsAre("a host=h x.v=5 y.v=6 @6"));
}

TEST_F(Two, APartnerThatIsEarlyWaits) {
  make("join", {});
  EXPECT_THAT(write("b,host=h v=2 9\nb,host=h v=3 12"), IsEmpty());
  EXPECT_THAT(write("a,host=h v=1 1\na,host=h v=4 9"), ElementsAre("a host=h x.v=4 y.v=2 @9"));
  EXPECT_THAT(write("a,host=h v=5 12"), ElementsAre("a host=h x.v=5 y.v=3 @12"));
}

TEST_F(Two, EqualTimesPairInOrder) {
  make("join", {});
  EXPECT_THAT(write("a,host=h v=1 1\na,host=h v=2 1\nb,host=h v=3 1\nb,host=h v=4 1"),
              ElementsAre("a host=h x.v=1 y.v=3 @1", "a host=h x.v=2 y.v=4 @1"));
}

TEST_F(Two, AUnionLetsALatePointOutAtOnce) {
  make("union", {});
  EXPECT_THAT(write("a,host=h v=1 5\nb,host=h v=2 6"), ElementsAre("a host=h v=1 @5"));
  EXPECT_THAT(write("a,host=h v=3 2"), ElementsAre("a host=h v=3 @2"));
  EXPECT_THAT(write("a,host=h v=4 6"), ElementsAre("b host=h v=2 @6", "a host=h v=4 @6"));
}

TEST_F(Two, ASideThatNeverComesIsWaitedForWithinABound) {
  make("join", {{"fill", {"null"}}});
  pipeline.block = 0;
  std::string lines;
  for (int i = 0; i < 100'010; ++i) lines += "a,host=h v=1 " + std::to_string(i) + "\n";
  EXPECT_EQ(write(lines.c_str()).size(), 10u);
  EXPECT_EQ(pipeline.task->nodes()[log - 1]->stats()["sets_not_waited_for"], 10);
}

}  // namespace
}  // namespace tick::test
