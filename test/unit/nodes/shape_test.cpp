// shape_test.cpp - nodes that pick, change, regroup and merge points (nodes.md 8, 15 to 22).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/nodes/lambdas.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

Lines OfStream(const char *kind, std::vector<Arg> args, std::vector<Call> properties, const std::string &points,
               const char *dialect = "") {
  Lines first;
  for (size_t block : {0, 1}) {
    Pipeline pipeline(dialect);
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

Lines OfBatches(const char *kind, std::vector<Arg> args, std::vector<Call> properties, const std::vector<std::string> &batches,
                std::vector<std::string> group = {}, const char *dialect = "batch") {
  Pipeline pipeline(dialect);
  uint32_t query = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add(kind, {query}, std::move(args), std::move(properties)));
  EXPECT_EQ(pipeline.start(), "");
  double tmax = 100;
  for (const std::string &batch : batches) pipeline.write_batch(query, batch, tmax++, group);
  return pipeline.out(log);
}

TEST(Sample, KeepsOneOfN) {
  EXPECT_THAT(OfStream("sample", {2}, {}, "m,host=a v=1 0\nm,host=b v=2 0\nm,host=a v=3 1\nm,host=a v=4 2"),
              ElementsAre("m host=a v=1 @0", "m host=b v=2 @0", "m host=a v=4 @2"));
}

TEST(Sample, KeepsMultiplesOfADuration) {
  EXPECT_THAT(OfStream("sample", {Seconds(5)}, {}, "m,host=a v=1 0\nm,host=a v=2 4.9\nm,host=a v=3 10"),
              ElementsAre("m host=a v=1 @0", "m host=a v=3 @10"));
}

TEST(Sample, CountsAnewInEachBatch) {
  EXPECT_THAT(OfBatches("sample", {2}, {}, {"m v=1 0\nm v=2 1\nm v=3 2", "m v=4 3\nm v=5 4"}),
              ElementsAre("[m tmax=100]", "v=1 @0", "v=3 @2", "[m tmax=101]", "v=4 @3"));
}

TEST(Sample, RefusesARateOfNothing) {
  Pipeline pipeline;
  pipeline.add("sample", {pipeline.from()}, {0});
  EXPECT_THAT(pipeline.start(), HasSubstr("invalid sample rate: must be positive integer or duration"));
}

TEST(Derivative, IsTheChangeAUnit) {
  EXPECT_THAT(OfStream("derivative", {"v"}, {{"as", {"r"}}, {"unit", {Seconds(10)}}},
                       "m,host=a v=1i,w=5 0\nm,host=a v=4i,w=6 2\nm,host=a v=4i 2\nm,host=a v=14i 7"),
              ElementsAre("m host=a r=15 v=4 w=6 @2", "m host=a r=20 v=14 @7"));
}

TEST(Derivative, NonNegativeDropsAFall) {
  EXPECT_THAT(OfStream("derivative", {"v"}, {{"nonNegative", {}}}, "m,host=a v=1 0\nm,host=a v=5 1\nm,host=a v=3 2\nm,host=a v=4 3"),
              ElementsAre("m host=a v=4 @1", "m host=a v=1 @3"));
}

TEST(Derivative, NonNegativeDropsTheNegativeRateOfALatePoint) {
  EXPECT_THAT(OfStream("derivative", {"v"}, {{"nonNegative", {}}}, "m,host=a v=100 0\nm,host=a v=300 10\nm,host=a v=350 5\nm,host=a v=500 20"),
              ElementsAre("m host=a v=20 @10", "m host=a v=10 @20"));
}

TEST(Derivative, APointOfAnotherTypeChangesNothing) {
  EXPECT_THAT(OfStream("derivative", {"v"}, {}, "m,host=a v=1 0\nm,host=a v=\"x\" 1\nm,host=a v=3 2"), ElementsAre("m host=a v=1 @2"));
}

TEST(Derivative, In02ThePointBeforeLeaves) {
  EXPECT_THAT(OfStream("derivative", {"v"}, {{"as", {"r"}}}, "m,host=a v=1,w=5 0\nm,host=a v=4,w=6 2", "0.2"),
              ElementsAre("m host=a r=1.5 v=1 w=5 @0"));
}

TEST(ChangeDetect, KeepsChangesOfValueOrType) {
  EXPECT_THAT(OfStream("changeDetect", {"s"}, {}, "m,host=a s=\"x\" 0\nm,host=a s=\"x\" 1\nm,host=a s=\"y\" 2\nm,host=a s=1 3\nm,host=a s=1i 4\nm,host=a s=1i 5"),
              ElementsAre("m host=a s=x @0", "m host=a s=y @2", "m host=a s=1 @3", "m host=a s=1 @4"));
}

TEST(ChangeDetect, LooksAtSeveralFields) {
  EXPECT_THAT(OfStream("changeDetect", {"x", "y"}, {}, "m,host=a x=1,y=1 0\nm,host=a x=1,y=2 1\nm,host=a x=1,y=2 2\nm,host=a x=2,y=2 3"),
              ElementsAre("m host=a x=1 y=1 @0", "m host=a x=1 y=2 @1", "m host=a x=2 y=2 @3"));
}

TEST(Default, SetsWhatIsMissing) {
  EXPECT_THAT(OfStream("default", {}, {{"field", {"w", 7}}, {"tag", {"rack", "r1"}}}, "m,host=a v=1 0\nm,host=a,rack=x v=1,w=2i 1"),
              ElementsAre("m host=a rack=r1 v=1 w=7 @0", "m host=a rack=x v=1 w=2 @1"));
}

TEST(Default, ATagOfABatchBecomesADimension) {
  EXPECT_THAT(OfBatches("default", {}, {{"tag", {"zone", "none"}}}, {"m,host=h v=1 0"}, {"host", "zone"}),
              ElementsAre("[m host=h zone=none tmax=100]", "host=h zone=none v=1 @0"));
}

TEST(Delete, RemovesFieldsAndTags) {
  EXPECT_THAT(OfStream("delete", {}, {{"field", {"w"}}, {"tag", {"dc"}}}, "m,host=a,dc=x v=1,w=2 0\nm,host=a w=3 1"),
              ElementsAre("m host=a v=1 @0", "m host=a @1"));
}

TEST(Delete, ATagThatIsADimensionMovesThePoint) {
  Pipeline pipeline;
  uint32_t deleted = pipeline.add("delete", {pipeline.from({"host"})}, {}, {{"tag", {"host"}}});
  uint32_t log = pipeline.log(pipeline.add("stateCount", {deleted}, {True()}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 0\nm,host=b v=2 1");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m state_count=1 v=1 @0", "m state_count=2 v=2 @1"));
}

TEST(Shift, MovesPointsAndBatches) {
  EXPECT_THAT(OfStream("shift", {Seconds(-2)}, {}, "m,host=a v=1 5"), ElementsAre("m host=a v=1 @3"));
  EXPECT_THAT(OfBatches("shift", {Seconds(3600)}, {}, {"m v=1 5"}), ElementsAre("[m tmax=3700]", "v=1 @3605"));
}

TEST(Trickle, TurnsBatchesIntoPoints) {
  EXPECT_THAT(OfBatches("trickle", {}, {}, {"m,host=a,dc=x v=1 0\nm,host=a,dc=y v=2 1"}, {"host"}),
              ElementsAre("m dc=x host=a v=1 @0", "m dc=y host=a v=2 @1"));
}

// --- groupBy -----------------------------------------------------------------------------------------------

TEST(GroupBy, StarLeavesExcludedTagsOut) {
  Pipeline pipeline;
  uint32_t group = pipeline.add("groupBy", {pipeline.from()}, {Arg()}, {{"exclude", {"dc"}}});
  uint32_t log = pipeline.log(pipeline.add("stateCount", {group}, {True()}, {{"as", {"n"}}}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a,dc=x v=1 0\nm,host=a,dc=y v=2 1\nm,host=b,dc=x v=3 2");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m dc=x host=a n=1 v=1 @0", "m dc=y host=a n=2 v=2 @1", "m dc=x host=b n=1 v=3 @2"));
}

TEST(GroupBy, ByMeasurementTellsNamesApart) {
  Pipeline pipeline;
  uint32_t group = pipeline.add("groupBy", {pipeline.from()}, {"host"}, {{"byMeasurement", {}}});
  uint32_t log = pipeline.log(pipeline.add("stateCount", {group}, {True()}, {{"as", {"n"}}}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 0\nk,host=a v=2 1\nm,host=a v=3 2");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a n=1 v=1 @0", "k host=a n=1 v=2 @1", "m host=a n=2 v=3 @2"));
}

TEST(GroupBy, BatchesAreRegroupedWhenAnotherTimeBegins) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add("groupBy", {query}, {"dc"}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, "m,host=a,dc=x v=2 2\nm,host=a,dc=y v=1 1", 10, {"host"});
  pipeline.write_batch(query, "m,host=b,dc=x v=3 1", 10, {"host"});
  EXPECT_THAT(pipeline.out(log), IsEmpty());
  pipeline.write_batch(query, "m,host=a,dc=x v=9 11", 20, {"host"});
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m dc=x tmax=10]", "dc=x host=b v=3 @1", "dc=x host=a v=2 @2", "[m dc=y tmax=10]",
                                             "dc=y host=a v=1 @1"));
  pipeline.finish();
  EXPECT_EQ(pipeline.out(log).size(), 5u);
}

// --- flatten, combine ----------------------------------------------------------------------------------------

TEST(Flatten, JoinsPointsOfOneTime) {
  const std::string points = "net,host=a,if=e0 in=1,out=2i 0\nnet,host=a,if=e1 in=3 0.4\nnet,host=b,if=e0 in=9 0\nnet,host=a,if=e0 in=5 2";
  EXPECT_THAT(OfStream("flatten", {}, {{"on", {"if"}}, {"tolerance", {Seconds(1)}}}, points),
              ElementsAre("net host=a e0.in=1 e0.out=2 e1.in=3 @0"));
  EXPECT_THAT(OfStream("flatten", {}, {{"on", {"if"}}, {"tolerance", {Seconds(1)}}, {"delimiter", {"_"}}, {"dropOriginalFieldName", {}}},
                       "net,host=a,if=e0 in=1 0\nnet,host=a,if=e1 in=3 0\nnet,host=a,if=e1 in=3 5"),
              ElementsAre("net host=a e0=1 e1=3 @0"));
}

TEST(Flatten, APointWithoutTheTagIsSkipped) {
  Pipeline pipeline;
  uint32_t flatten = pipeline.add("flatten", {pipeline.from()}, {}, {{"on", {"x", "y"}}});
  uint32_t log = pipeline.log(flatten);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,x=2 v=1 0\nm,x=1,y=1 v=2 0\nm,x=1,y=1 v=2 1");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m 1.1.v=2 @0"));
  EXPECT_THAT(pipeline.errors(), ElementsAre("point missing tag for flatten operation: tag y is missing from point"));
}

TEST(Flatten, ABarrierPastItLetsThePointGo) {
  Pipeline pipeline;
  uint32_t flatten = pipeline.add("flatten", {pipeline.from({"host"})}, {}, {{"on", {"if"}}});
  uint32_t log = pipeline.log(flatten);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a,if=e v=1 5");
  pipeline.barrier(flatten, "m,host=a v=0 5");
  EXPECT_THAT(pipeline.out(log), IsEmpty());
  pipeline.barrier(flatten, "m,host=a v=0 6");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=a e.v=1 @5"));
}

TEST(Flatten, BatchesPointByPoint) {
  EXPECT_THAT(OfBatches("flatten", {}, {{"on", {"if"}}}, {"m,host=a,if=x v=1 0\nm,host=a,if=y v=2 0\nm,host=a,if=x v=3 1"}, {"host"}),
              ElementsAre("[m host=a tmax=100]", "host=a x.v=1 y.v=2 @0", "host=a x.v=3 @1"));
}

TEST(Combine, TakesEachUnorderedPairOnce) {
  EXPECT_THAT(OfStream("combine", {Above(), True()}, {{"as", {"x", "y"}}}, "m,host=a,d=1 v=1 0\nm,host=a,d=2 v=3 0\nm,host=a,d=3 v=4 0\nm,host=a v=0 1"),
              ElementsAre("m host=a x.d=2 y.d=1 x.v=3 y.v=1 @0", "m host=a x.d=3 y.d=1 x.v=4 y.v=1 @0", "m host=a x.d=2 y.d=3 x.v=3 y.v=4 @0"));
}

TEST(Combine, MoreThanMaxEndsTheTask) {
  Pipeline pipeline;
  pipeline.log(pipeline.add("combine", {pipeline.from()}, {True(), True()}, {{"as", {"x", "y"}}, {"max", {2}}}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m v=1 0\nm v=3 0\nm v=4 0\nm v=0 1");
  EXPECT_THAT(pipeline.task->failure(), HasSubstr("refusing to perform combination as total combinations 3 exceeds max combinations 2"));
}

// --- log, httpOut, map and reduce ------------------------------------------------------------------------------

TEST(HttpOut, ShowsTheLastPointOfEachGroup) {
  Pipeline pipeline;
  uint32_t out = pipeline.add("httpOut", {pipeline.from({"host"})}, {"o"});
  ASSERT_EQ(pipeline.start(), "");
  EXPECT_EQ(pipeline.json("o"), "{\"series\":null}");
  pipeline.write("m,host=b v=1 0\nm,host=a v=2i 1\nm,host=b,dc=x v=\"z\" 2");
  EXPECT_EQ(pipeline.json("o"),
            "{\"series\":[{\"name\":\"m\",\"tags\":{\"dc\":\"x\",\"host\":\"b\"},\"columns\":[\"time\",\"v\"],\"values\":[[\"1970-01-01T00:00:02Z\",\"z\"]]},"
            "{\"name\":\"m\",\"tags\":{\"host\":\"a\"},\"columns\":[\"time\",\"v\"],\"values\":[[\"1970-01-01T00:00:01Z\",2]]}]}");
  pipeline.delete_group(out, "m,host=b v=0 0");
  pipeline.barrier(out, "m,host=c v=0 3");
  EXPECT_EQ(pipeline.json("o", true),
            "{\"Series\":[{\"name\":\"m\",\"tags\":{\"host\":\"a\"},\"columns\":[\"time\",\"v\"],\"values\":[[\"1970-01-01T00:00:01Z\",2]]},null],\"Err\":null}");
}

TEST(HttpOut, IsWithdrawnWhenTheTaskStops) {
  Pipeline pipeline;
  pipeline.add("httpOut", {pipeline.from()}, {"o"});
  ASSERT_EQ(pipeline.start(), "");
  EXPECT_EQ(pipeline.services.endpoints.size(), 1u);
  pipeline.task->stop();
  EXPECT_THAT(pipeline.services.endpoints, IsEmpty());
}

TEST(MapReduce02, ReducesAWindow) {
  Pipeline pipeline("0.2");
  uint32_t window = pipeline.add("window", {pipeline.from({"host"})}, {}, {{"period", {Seconds(2)}}, {"every", {Seconds(2)}}});
  uint32_t max = pipeline.log(pipeline.add("reduce", {pipeline.add("map", {window})}, {"max", "v"}));
  uint32_t top = pipeline.log(pipeline.add("reduce", {pipeline.add("map", {window})}, {"top", 2, "v"}, {{"usePointTimes", {}}}));
  uint32_t distinct = pipeline.log(pipeline.add("reduce", {pipeline.add("map", {window})}, {"distinct", "v"}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a,dc=x v=3,w=1 0\nm,host=a,dc=y v=2,w=2 0.5\nm,host=a,dc=x v=5,w=3 1.5\nm,host=a v=1 2");
  EXPECT_THAT(pipeline.out(max), ElementsAre("m host=a max=5 @2"));
  EXPECT_THAT(pipeline.out(top), ElementsAre("[m host=a tmax=2]", "dc=x host=a top=3 @0", "dc=x host=a top=5 @1"));
  EXPECT_THAT(pipeline.out(distinct), ElementsAre("[m host=a tmax=2]", "host=a distinct=2 @2", "host=a distinct=3 @2",
                                             "host=a distinct=5 @2"));
}

}  // namespace
}  // namespace tick::test
