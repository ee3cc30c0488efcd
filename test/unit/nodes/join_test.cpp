// join_test.cpp - join and union (nodes.md 13, 14).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/nodes/lambdas.h"

namespace tick::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

struct Joined {
  Pipeline pipeline;
  uint32_t join = 0, out = 0;

  Joined(const Joined &) = delete;
  explicit Joined(std::vector<Call> properties, const char *dialect = "", std::vector<std::string> tags_a = {"host"},
                  std::vector<std::string> tags_b = {"host"})
      : pipeline(dialect) {
    uint32_t a = pipeline.from(std::move(tags_a), "a"), b = pipeline.from(std::move(tags_b), "b");
    properties.push_back({"as", {"x", "y"}});
    join = pipeline.add("join", {a, b}, {}, std::move(properties));
    out = pipeline.log(join);
    EXPECT_EQ(pipeline.start(), "");
    pipeline.block = 1;
  }
  Lines write(const char *lines) {
    pipeline.services.out.clear();
    pipeline.write(lines);
    return pipeline.out(out);
  }
  Lines finish() {
    pipeline.services.out.clear();
    pipeline.finish();
    return pipeline.out(out);
  }
};

TEST(Join, ACompleteSetLeavesAtOnce) {
  Joined joined({});
  EXPECT_THAT(joined.write("a,host=h,dc=z v=1 0"), IsEmpty());
  EXPECT_THAT(joined.write("b,host=h v=2,w=3 0"), ElementsAre("a host=h x.v=1 y.v=2 y.w=3 @0"));
}

TEST(Join, GroupsAreJoinedApart) {
  Joined joined({});
  EXPECT_THAT(joined.write("a,host=g v=1 0\nb,host=h v=2 0\nb,host=g v=3 0\na,host=h v=4 0"),
              ElementsAre("a host=g x.v=1 y.v=3 @0", "a host=h x.v=4 y.v=2 @0"));
}

TEST(Join, AnIncompleteSetWaitsForEverySourceAndIsDropped) {
  Joined joined({});
  EXPECT_THAT(joined.write("a,host=h v=1 0\na,host=h v=2 1\na,host=h v=3 2"), IsEmpty());
  EXPECT_THAT(joined.write("b,host=h v=9 1"), ElementsAre("a host=h x.v=2 y.v=9 @1"));
}

TEST(Join, FillsWithNullOrANumber) {
  Joined null(std::vector<Call>{{"fill", {"null"}}});
  EXPECT_THAT(null.write("a,host=h v=3 0\nb,host=h w=2 1\na,host=h v=4 2\nb,host=h w=5 2"),
              ElementsAre("a host=h x.v=3 y.v=null @0", "b host=h x.w=null y.w=2 @1", "a host=h x.v=4 y.w=5 @2"));
  Joined number(std::vector<Call>{{"fill", {0}}});
  EXPECT_THAT(number.write("a,host=h v=3 0\na,host=h v=4 2\nb,host=h w=5 2"),
              ElementsAre("a host=h x.v=3 y.v=0 @0", "a host=h x.v=4 y.w=5 @2"));
}

TEST(Join, TimesAreRoundedToTheTolerance) {
  Joined joined(std::vector<Call>{{"tolerance", {Seconds(10)}}});
  EXPECT_THAT(joined.write("a,host=h v=1 4\nb,host=h v=2 1"), ElementsAre("a host=h x.v=1 y.v=2 @0"));
}

TEST(Join, SeveralPointsOfOneTimeMakeSeveralSets) {
  Joined joined({});
  EXPECT_THAT(joined.write("a,host=h v=1 0\na,host=h v=2 0\nb,host=h v=3 0\nb,host=h v=4 0"),
              ElementsAre("a host=h x.v=1 y.v=3 @0", "a host=h x.v=2 y.v=4 @0"));
}

TEST(Join, NamesAndDelimiter) {
  Joined joined(std::vector<Call>{{"streamName", {"both"}}, {"delimiter", {"#"}}});
  EXPECT_THAT(joined.write("a,host=h v=1 0\nb,host=h v=2 0"), ElementsAre("both host=h x#v=1 y#v=2 @0"));
}

TEST(Join, TheEndOfDataDrainsWhatIsHeld) {
  Joined joined(std::vector<Call>{{"fill", {"null"}}});
  joined.write("a,host=h v=1 0\na,host=g v=2 0\na,host=h v=3 1");
  EXPECT_THAT(joined.finish(), ElementsAre("a host=g x.v=2 y.v=null @0", "a host=h x.v=1 y.v=null @0", "a host=h x.v=3 y.v=null @1"));
}

TEST(Join, ABarrierMovesItsSourceOn) {
  Joined joined(std::vector<Call>{{"fill", {"null"}}});
  joined.write("a,host=h v=1 0\na,host=h v=2 3");
  joined.pipeline.services.out.clear();
  Node &node = *joined.pipeline.task->nodes()[joined.join];
  Group *group = joined.pipeline.task->groups(node.spec().domain).find(Intern("b"), false, {{Intern("host"), "h"}});
  node.barrier(group, 2'000'000'000, 1);
  EXPECT_THAT(joined.pipeline.out(joined.out), ElementsAre("a host=h x.v=1 y.v=null @0"));
}

TEST(Join, ADeletedGroupForgetsItsSets) {
  Joined joined({});
  joined.write("a,host=h v=1 0");
  joined.pipeline.delete_group(joined.join, "a,host=h v=0 0");
  EXPECT_THAT(joined.write("b,host=h v=2 0"), IsEmpty());
}

// A branch whose filter lets nothing through does not hold the other one back.
TEST(Join, RowsAFilterTookOutCountAsSeen) {
  Pipeline pipeline;
  uint32_t from = pipeline.from({"host"});
  uint32_t high = pipeline.add("where", {from}, {Above()}), all = pipeline.add("noop", {from});
  uint32_t log = pipeline.log(pipeline.add("join", {all, high}, {}, {{"as", {"x", "y"}}, {"fill", {"null"}}}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=h v=1 0\nm,host=h v=5 1\nm,host=h v=2 2");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=h x.v=1 y.v=null @0", "m host=h x.v=5 y.v=5 @1"));
}

TEST(JoinOn, SpecificGroupsMeetTheirMatch) {
  Joined joined({{"on", {"host"}}}, "", {"host", "dc"}, {"host"});
  EXPECT_THAT(joined.write("a,host=h,dc=p v=1 0\na,host=h,dc=q v=2 0"), IsEmpty());
  EXPECT_THAT(joined.write("b,host=h v=7 0"), ElementsAre("a dc=p host=h x.v=1 y.v=7 @0", "a dc=q host=h x.v=2 y.v=7 @0"));
  EXPECT_THAT(joined.write("b,host=h v=8 1\na,host=h,dc=p v=3 1"), ElementsAre("a dc=p host=h x.v=3 y.v=8 @1"));
}

TEST(JoinOn, AMatchAloneNeverLeaves) {
  Joined joined({{"on", {"host"}}, {"fill", {"null"}}}, "", {"host", "dc"}, {"host"});
  EXPECT_THAT(joined.write("b,host=h v=7 0\nb,host=h v=8 1\nb,host=h v=9 2"), IsEmpty());
  EXPECT_THAT(joined.finish(), IsEmpty());
}

// One host never has a match: its points come out filled, whatever the size of blocks.
TEST(JoinOn, AKeyThatOneSourceNeverSendsIsFilled) {
  for (size_t block : {0, 1}) {
    Joined joined({{"on", {"host"}}, {"fill", {0.0}}, {"tolerance", {Seconds(1)}}}, "", {"host", "mnt"}, {"host"});
    joined.pipeline.block = block;
    Lines out = joined.write(
        "a,host=h,mnt=p used=1 0\na,host=h,mnt=q used=2 0\nb,host=h n=1 0\na,host=lone,mnt=p used=3 1\n"
        "a,host=h,mnt=p used=4 10\na,host=h,mnt=q used=4 10\nb,host=h n=0 10\na,host=lone,mnt=p used=3 11\n"
        "a,host=h,mnt=p used=4 20\na,host=h,mnt=q used=4 20\nb,host=h n=0 20\na,host=lone,mnt=p used=3 21");
    EXPECT_THAT(out, Contains("a host=h mnt=p x.used=1 y.n=1 @0"));
    EXPECT_THAT(out, Contains("a host=h mnt=q x.used=2 y.n=1 @0"));
    EXPECT_THAT(out, Contains("a host=lone mnt=p x.used=3 y.n=0 y.used=0 @1"));
  }
}

TEST(JoinBatches, PointsOfEqualTimesSideBySide) {
  Pipeline pipeline("batch");
  uint32_t a = pipeline.add("query", {0}), b = pipeline.add("query", {0});
  uint32_t inner = pipeline.log(pipeline.add("join", {a, b}, {}, {{"as", {"x", "y"}}}));
  uint32_t outer = pipeline.log(pipeline.add("join", {a, b}, {}, {{"as", {"x", "y"}}, {"fill", {"null"}}}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(a, "m,host=h v=1 0\nm,host=h v=2 1\nm,host=h v=3 3", 10, {"host"});
  pipeline.write_batch(b, "m,host=h v=7 1\nm,host=h v=8 2\nm,host=h v=9 3", 10, {"host"});
  EXPECT_THAT(pipeline.out(inner), ElementsAre("[m host=h tmax=10]", "host=h x.v=2 y.v=7 @1", "host=h x.v=3 y.v=9 @3"));
  EXPECT_THAT(pipeline.out(outer), ElementsAre("[m host=h tmax=10]", "host=h x.v=1 y.v=null @0", "host=h x.v=2 y.v=7 @1",
                                               "host=h x.v=null y.v=8 @2", "host=h x.v=3 y.v=9 @3"));
}

TEST(JoinBatches, ASetWithoutOneSourceIsAnEmptyBatch) {
  Pipeline pipeline("batch");
  uint32_t a = pipeline.add("query", {0}), b = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add("join", {a, b}, {}, {{"as", {"x", "y"}}}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(a, "m,host=h v=1 0", 10, {"host"});
  pipeline.write_batch(b, "m,host=h v=1 0", 20, {"host"});
  pipeline.write_batch(a, "m,host=h v=1 0", 20, {"host"});
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m host=h tmax=10]", "[m host=h tmax=20]", "host=h x.v=1 y.v=1 @0"));
}

TEST(Join02, ASetLeavesWhenAllAreLater) {
  Joined joined({{"streamName", {"both"}}}, "0.2");
  EXPECT_THAT(joined.write("a,host=h v=1 0\nb,host=h v=2 0"), IsEmpty());
  EXPECT_THAT(joined.write("a,host=h v=3 1\nb,host=h v=4 1"), ElementsAre("both host=h x.v=1 y.v=2 @0"));
}

TEST(Join, RefusesWhatTheScriptMustSay) {
  Pipeline none, many, fill;
  none.add("join", {none.from(), none.from()});
  EXPECT_THAT(none.start(), HasSubstr("a call to join.as() is required to specify the output stream prefixes."));
  many.add("join", {many.from(), many.from()}, {}, {{"as", {"x"}}});
  EXPECT_THAT(many.start(), HasSubstr("number of prefixes specified by join.as() must match the number of joined streams"));
  fill.add("join", {fill.from(), fill.from()}, {}, {{"as", {"x", "y"}}, {"fill", {"zero"}}});
  EXPECT_THAT(fill.start(), HasSubstr("unexpected fill option zero"));
}

// --- union -------------------------------------------------------------------------------------------------

Lines United(const std::string &points, size_t block, std::vector<Call> properties = {}, const char *dialect = "") {
  Pipeline pipeline(dialect);
  pipeline.block = block;
  uint32_t a = pipeline.from({}, "a"), b = pipeline.from({}, "b");
  uint32_t log = pipeline.log(pipeline.add("union", {b, a}, {}, std::move(properties)));  // a|union(b)
  EXPECT_EQ(pipeline.start(), "");
  pipeline.write(points);
  return pipeline.out(log);
}
const std::string kBoth = "a v=1 1\na v=2 2\na v=3 3\na v=9 9\nb v=1 1\nb v=4 4";

TEST(Union, IsInOrderOfTimeAndWaitsForTheSlowest) {
  for (size_t block : {0, 1, 2})
    EXPECT_THAT(United(kBoth, block), ElementsAre("b v=1 @1", "a v=1 @1", "a v=2 @2", "a v=3 @3", "b v=4 @4"));
}

TEST(Union, RenamesEverything) {
  EXPECT_THAT(United("a v=1 1\nb v=2 1", 0, {{"rename", {"both"}}}), ElementsAre("both v=2 @1", "both v=1 @1"));
}

TEST(Union, In02PassesAtOnceUnderTheCallersName) {
  EXPECT_THAT(United("a v=9 9\nb v=1 1", 0, {}, "0.2"), ElementsAre("from1 v=9 @9", "from1 v=1 @1"));
}

TEST(Union, TheEndOfDataDrainsTheSmallestFirst) {
  Pipeline pipeline;
  uint32_t a = pipeline.from({}, "a"), b = pipeline.from({}, "b");
  uint32_t log = pipeline.log(pipeline.add("union", {b, a}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("a v=5 5\na v=7 7");
  EXPECT_THAT(pipeline.out(log), IsEmpty());
  pipeline.finish();
  EXPECT_THAT(pipeline.out(log), ElementsAre("a v=5 @5", "a v=7 @7"));
}

TEST(Union, DoesNotWaitForABranchThatLetsNothingThrough) {
  for (size_t block : {0, 1}) {
    Pipeline pipeline;
    pipeline.block = block;
    uint32_t from = pipeline.from({}, "m");
    uint32_t high = pipeline.add("where", {from}, {Above()}), none = pipeline.add("where", {from}, {Above("u")});
    uint32_t log = pipeline.log(pipeline.add("union", {none, high}));
    ASSERT_EQ(pipeline.start(), "");
    pipeline.write("m v=5,u=0 0\nm v=6,u=0 1\nm v=7,u=0 2");
    EXPECT_THAT(pipeline.out(log), ElementsAre("m u=0 v=5 @0", "m u=0 v=6 @1", "m u=0 v=7 @2"));
  }
}

TEST(Union, HoldsBatchesByTheirTimes) {
  Pipeline pipeline("batch");
  uint32_t a = pipeline.add("query", {0}), b = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add("union", {b, a}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(a, "a v=1 0", 10);
  pipeline.write_batch(a, "a v=2 1", 20);
  EXPECT_THAT(pipeline.out(log), IsEmpty());
  pipeline.write_batch(b, "b v=3 2", 15);
  EXPECT_THAT(pipeline.out(log), ElementsAre("[a tmax=10]", "v=1 @0", "[b tmax=15]", "v=3 @2"));
}

}  // namespace
}  // namespace tick::test
