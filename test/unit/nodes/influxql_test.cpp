// influxql_test.cpp - functions of sets and of sequences (nodes.md 29).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/nodes/holt_winters.h"
#include "test/unit/nodes/fixture.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

// What a function makes of one batch of points (tmax 100).
Lines OfBatch(const char *kind, std::vector<Arg> args, const std::string &points, std::vector<Call> properties = {},
              std::vector<std::string> group = {}) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add(kind, {query}, std::move(args), std::move(properties)));
  EXPECT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, points, 100, group);
  return pipeline.out(log);
}
const std::string kFloats = "m,host=a,dc=x v=2,w=1 0\nm,host=a,dc=y v=5,w=2 1\nm,host=a,dc=x v=1,w=3 2\nm,host=a,dc=z v=5,w=4 3\n";
const std::string kInts = "m v=2i 0\nm v=5i 1\nm v=1i 2\nm v=5i 3\n";

TEST(Aggregates, OfFloats) {
  EXPECT_THAT(OfBatch("count", {"v"}, kFloats), ElementsAre("m count=4 @100"));
  EXPECT_THAT(OfBatch("sum", {"v"}, kFloats), ElementsAre("m sum=13 @100"));
  EXPECT_THAT(OfBatch("mean", {"v"}, kFloats), ElementsAre("m mean=3.25 @100"));
  EXPECT_THAT(OfBatch("median", {"v"}, kFloats), ElementsAre("m median=3.5 @100"));
  EXPECT_THAT(OfBatch("mode", {"v"}, kFloats), ElementsAre("m mode=5 @100"));
  EXPECT_THAT(OfBatch("spread", {"v"}, kFloats), ElementsAre("m spread=4 @100"));
  EXPECT_THAT(OfBatch("stddev", {"v"}, kFloats), ElementsAre(testing::StartsWith("m stddev=2.0615528")));
}

TEST(Aggregates, OfInts) {
  EXPECT_THAT(OfBatch("sum", {"v"}, kInts), ElementsAre("m sum=13 @100"));
  EXPECT_THAT(OfBatch("mean", {"v"}, kInts), ElementsAre("m mean=3.25 @100"));
  EXPECT_THAT(OfBatch("median", {"v"}, kInts), ElementsAre("m median=3.5 @100"));
  EXPECT_THAT(OfBatch("spread", {"v"}, kInts), ElementsAre("m spread=4 @100"));
}

TEST(Aggregates, CountTakesAnyType) {
  EXPECT_THAT(OfBatch("count", {"v"}, "m v=\"x\" 0\nm v=\"y\" 1"), ElementsAre("m count=2 @100"));
  EXPECT_THAT(OfBatch("count", {"v"}, "m v=t 0"), ElementsAre("m count=1 @100"));
}

TEST(Aggregates, OfOnePoint) {
  EXPECT_THAT(OfBatch("stddev", {"v"}, "m v=7 1"), ElementsAre("m stddev=0 @100"));
  EXPECT_THAT(OfBatch("median", {"v"}, "m v=7 1", {{"usePointTimes", {}}}), ElementsAre("m median=7 @1"));
}

TEST(Aggregates, OfNothing) {
  EXPECT_THAT(OfBatch("count", {"v"}, "m w=1 0"), ElementsAre("m count=0 @100"));
  EXPECT_THAT(OfBatch("sum", {"v"}, "m w=1 0"), ElementsAre("m sum=0 @100"));
  EXPECT_THAT(OfBatch("mean", {"v"}, "m w=1 0"), ElementsAre());
  EXPECT_THAT(OfBatch("max", {"v"}, "m w=1 0"), ElementsAre());
}

TEST(Aggregates, ModeOfDifferentValuesIsTheSmallest) {
  EXPECT_THAT(OfBatch("mode", {"v"}, "m v=3 0\nm v=1 1\nm v=2 2"), ElementsAre("m mode=1 @100"));
}

TEST(Aggregates, IntsAndFloatsAreNotMixed) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0}), sum = pipeline.add("sum", {query}, {"v"});
  uint32_t log = pipeline.log(sum);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, "m v=1i 0\nm v=5 1\nm w=1 2", 3);
  EXPECT_THAT(pipeline.out(log), ElementsAre("m sum=1 @3"));
  EXPECT_THAT(pipeline.errors(),
              ElementsAre("failed to aggregate point in batch: field v has wrong type: got float64 exp int64",
                          "failed to aggregate point in batch: field v missing from point cannot aggregate"));
}

TEST(Aggregates, ATypeTheFunctionDoesNotTakeIsRefused) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0}), mean = pipeline.add("mean", {query}, {"v"});
  uint32_t log = pipeline.log(mean);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, "m v=\"x\" 0\nm v=4 1", 3);
  EXPECT_THAT(pipeline.out(log), ElementsAre("m mean=4 @3"));
  EXPECT_THAT(pipeline.errors(), ElementsAre("failed to realize reduce context from fields: invalid influxql func mean with field v: "
                                             "cannot apply mean to string field"));
}

TEST(Selectors, KeepTheFieldsAndTagsOfTheirPoint) {
  EXPECT_THAT(OfBatch("max", {"v"}, kFloats, {}, {"host"}), ElementsAre("m dc=y host=a max=5 w=2 @100"));
  EXPECT_THAT(OfBatch("min", {"v"}, kFloats, {}, {"host"}), ElementsAre("m dc=x host=a min=1 w=3 @100"));
  EXPECT_THAT(OfBatch("first", {"v"}, kFloats, {{"usePointTimes", {}}}), ElementsAre("m dc=x host=a first=2 w=1 @0"));
  EXPECT_THAT(OfBatch("last", {"v"}, kFloats, {{"as", {"v"}}}), ElementsAre("m dc=z host=a v=5 w=4 @100"));
}

TEST(Selectors, FirstAndLastPreferTheLargerOfEqualTimes) {
  EXPECT_THAT(OfBatch("first", {"v"}, "m v=\"a\" 1\nm v=\"b\" 1\nm v=\"c\" 2"), ElementsAre("m first=b @100"));
  EXPECT_THAT(OfBatch("last", {"v"}, "m v=3i 1\nm v=1i 2\nm v=2i 2"), ElementsAre("m last=2 @100"));
}

TEST(Selectors, Percentile) {
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += "m v=" + std::to_string(10 - i) + " " + std::to_string(i) + "\n";
  EXPECT_THAT(OfBatch("percentile", {"v", 90.0}, ten), ElementsAre("m percentile=9 @100"));
  EXPECT_THAT(OfBatch("percentile", {"v", 100.0}, ten), ElementsAre("m percentile=10 @100"));
  EXPECT_THAT(OfBatch("percentile", {"v", 1.0}, ten), ElementsAre());
}

TEST(Several, DistinctIsInOrderOfTime) {
  EXPECT_THAT(OfBatch("distinct", {"v"}, kFloats), ElementsAre("[m tmax=100]", "distinct=2 @100", "distinct=5 @100", "distinct=1 @100"));
}

TEST(Several, TopIsLargestFirstAndKeepsTags) {
  EXPECT_THAT(OfBatch("top", {2, "v"}, kFloats, {}, {"host"}),
              ElementsAre("[m host=a tmax=100]", "dc=y host=a top=5 @100", "dc=z host=a top=5 @100"));
  EXPECT_THAT(OfBatch("bottom", {3, "v"}, kInts), ElementsAre("[m tmax=100]", "bottom=1 @100", "bottom=2 @100", "bottom=5 @100"));
}

TEST(Several, TopWithNamesTakesTheBestOfEachCombination) {
  EXPECT_THAT(OfBatch("top", {3, "v", "dc"}, kFloats, {}, {"host"}),
              ElementsAre("[m host=a tmax=100]", "dc=y host=a top=5 @100", "dc=z host=a top=5 @100", "dc=x host=a top=2 @100"));
}

TEST(Several, TmaxRisesToThePointTimes) {
  EXPECT_THAT(OfBatch("distinct", {"v"}, "m v=1 200", {{"usePointTimes", {}}}), ElementsAre("[m tmax=200]", "distinct=1 @200"));
}

TEST(Several, HoltWintersFollowsALine) {
  std::vector<int64_t> times;
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) {
    times.push_back((1450000000 + i) * 1'000'000'000LL);
    values.push_back(10 + i);
  }
  std::vector<Forecast> forecasts = Forecasts(times, values, 3, 0, 1'000'000'000, false);
  ASSERT_EQ(forecasts.size(), 3u);
  EXPECT_EQ(forecasts[0].time, 1450000020'000'000'000);
  EXPECT_NEAR(forecasts[0].value, 30.08237175210846, 1e-12);
  EXPECT_NEAR(forecasts[1].value, 31.11889765670238, 1e-12);
  EXPECT_NEAR(forecasts[2].value, 32.16013381057674, 1e-12);
  EXPECT_EQ(Forecasts(times, values, 3, 0, 1'000'000'000, true).size(), 23u);
  EXPECT_EQ(Forecasts(times, values, 3, 21, 1'000'000'000, false).size(), 0u);
}

// --- streams ---------------------------------------------------------------------------------------------

Lines OfStream(const char *kind, std::vector<Arg> args, const std::string &points, std::vector<Call> properties = {}) {
  Lines first;
  for (size_t block : {0, 1}) {
    Pipeline pipeline;
    pipeline.block = block;
    uint32_t log = pipeline.log(pipeline.add(kind, {pipeline.from({"host"})}, args, properties));
    EXPECT_EQ(pipeline.start(), "");
    pipeline.write(points);
    if (block) {
      EXPECT_EQ(pipeline.out(log), first);
    }
    first = pipeline.out(log);
  }
  return first;
}

TEST(OnStreams, PointsOfOneTimeAreASet) {
  EXPECT_THAT(OfStream("sum", {"v"}, "m,host=a v=1 0\nm,host=a v=2 0\nm,host=b v=5 0\nm,host=a v=4 1\nm,host=b v=6 2"),
              ElementsAre("m host=a sum=3 @0", "m host=b sum=5 @0"));
}

TEST(Transformations, OnStreams) {
  const std::string points = "m,host=a v=1i 0\nm,host=a v=4i 2\nm,host=a v=10i 3";
  EXPECT_THAT(OfStream("elapsed", {"v", Seconds(0.5)}, points), ElementsAre("m host=a elapsed=4 @2", "m host=a elapsed=2 @3"));
  EXPECT_THAT(OfStream("difference", {"v"}, points), ElementsAre("m host=a difference=3 @2", "m host=a difference=6 @3"));
  EXPECT_THAT(OfStream("movingAverage", {"v", 2}, points), ElementsAre("m host=a movingAverage=2.5 @2", "m host=a movingAverage=7 @3"));
  EXPECT_THAT(OfStream("cumulativeSum", {"v"}, points),
              ElementsAre("m host=a cumulativeSum=1 @0", "m host=a cumulativeSum=5 @2", "m host=a cumulativeSum=15 @3"));
}

TEST(Transformations, APointWithoutTheFieldRepeatsTheLastResult) {
  const std::string points = "m,host=a v=1 0\nm,host=a w=4 1";
  EXPECT_THAT(OfStream("cumulativeSum", {"v"}, points), ElementsAre("m host=a cumulativeSum=1 @0", "m host=a cumulativeSum=1 @0"));
  EXPECT_THAT(OfStream("difference", {"v"}, points), ElementsAre());
}

TEST(Transformations, BeginAnewInEachBatchAndPassEmptyOnes) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add("difference", {query}, {"v"}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, "m v=1 0\nm v=3 1", 2);
  pipeline.write_batch(query, "m v=9 3", 5);
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m tmax=2]", "difference=2 @1", "[m tmax=5]"));
}

// --- windows that keep no points ---------------------------------------------------------------------------

// A tumbling window with one reader keeps a running value, with two readers the points: results must agree.
TEST(Running, AgreesWithTheKeptPoints) {
  const std::string points = "m,host=a v=1 0\nm,host=b v=7 1\nm,host=a v=4 2\nm,host=a v=2.5 5\nm,host=b w=1 6\nm,host=b v=3 12\nm,host=a v=1 30\nm,host=b v=1 40";
  for (const char *kind : {"count", "sum", "mean", "spread"}) {
    for (std::vector<Call> calls : {std::vector<Call>{{"period", {Seconds(5)}}, {"every", {Seconds(5)}}},
                                    {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}, {"align", {}}},
                                    {{"periodCount", {2}}, {"everyCount", {2}}}}) {
      Pipeline one, two;
      uint32_t alone = one.log(one.add(kind, {one.add("window", {one.from({"host"})}, {}, calls)}, {"v"}));
      uint32_t window = two.add("window", {two.from({"host"})}, {}, calls);
      uint32_t kept = two.log(two.add(kind, {window}, {"v"}));
      two.log(window);
      ASSERT_EQ(one.start(), "");
      ASSERT_EQ(two.start(), "");
      one.write(points);
      two.write(points);
      EXPECT_EQ(one.out(alone), two.out(kept)) << kind;
      EXPECT_EQ(one.errors(), two.errors()) << kind;
      EXPECT_FALSE(one.out(alone).empty());
    }
  }
}

// Recorded: a window of strings sums to 0.0, and three of the four points are told of.
TEST(Running, ATypeRefusedTwiceInARowIsSaidOnce) {
  Pipeline pipeline;
  uint32_t window = pipeline.add("window", {pipeline.from()}, {}, {{"period", {Seconds(2)}}, {"every", {Seconds(2)}}});
  uint32_t sum = pipeline.add("sum", {window}, {"v"}), log = pipeline.log(sum);
  ASSERT_EQ(pipeline.start(), "");
  std::string points;
  for (int i = 0; i < 6; ++i) points += "m v=\"x\" " + std::to_string(i) + "\n";
  pipeline.write(points);
  EXPECT_THAT(pipeline.out(log), ElementsAre("m sum=0 @2", "m sum=0 @4"));
  EXPECT_EQ(pipeline.error_count(sum), 3);
}

}  // namespace
}  // namespace tick::test
