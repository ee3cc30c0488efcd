// eval_test.cpp - where and eval: selections, scope rules, tags (nodes.md 5, 6).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/nodes/lambdas.h"

namespace tick::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

Lines Logged(const char *kind, std::vector<Arg> args, std::vector<Call> properties, const std::string &points,
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

TEST(Where, KeepsWhatIsTrueAndCountsWhatFails) {
  Pipeline pipeline;
  uint32_t where = pipeline.add("where", {pipeline.from()}, {Above()});
  uint32_t log = pipeline.log(where);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m v=1 0\nm v=3 1\nm w=3 2\nm v=5i 3");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m v=3 @1", "m v=5 @3"));
  EXPECT_EQ(pipeline.error_count(where), 1);
  EXPECT_THAT(pipeline.errors(), ElementsAre(HasSubstr("error while evaluating expression")));
}

TEST(Where, AResultThatIsNoBooleanIsAnError) {
  Pipeline pipeline;
  uint32_t where = pipeline.add("where", {pipeline.from()}, {Twice()});
  uint32_t log = pipeline.log(where);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m v=1 0\nm v=3 1");
  EXPECT_THAT(pipeline.out(log), ElementsAre());
  EXPECT_EQ(pipeline.error_count(where), 2);
}

TEST(Where, ABatchThatLosesAllItsPointsStillPasses) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add("where", {query}, {Above()}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, "m v=1 0\nm v=3 1", 2);
  pipeline.write_batch(query, "m v=1 3\nm v=2 4", 5);
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m tmax=2]", "v=3 @1", "[m tmax=5]"));
}

TEST(Where, QuietSaysNothingAndCounts) {
  Pipeline pipeline;
  uint32_t where = pipeline.add("where", {pipeline.from()}, {Above()}, {{"quiet", {}}});
  pipeline.log(where);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m w=1 0");
  EXPECT_EQ(pipeline.error_count(where), 1);
  EXPECT_THAT(pipeline.errors(), ElementsAre());
}

TEST(Eval, KeepsTheResultsAlone) {
  EXPECT_THAT(Logged("eval", {Twice()}, {{"as", {"d"}}}, "m,host=a v=1,w=7 0\nm,host=a v=2 1"),
              ElementsAre("m host=a d=2 @0", "m host=a d=4 @1"));
}

TEST(Eval, KeepKeepsAllFieldsAndReplacesThoseOfTheSameName) {
  EXPECT_THAT(Logged("eval", {Twice()}, {{"as", {"v"}}, {"keep", {}}}, "m,host=a v=1,w=7 0"), ElementsAre("m host=a v=2 w=7 @0"));
}

TEST(Eval, ALaterExpressionSeesTheRawFieldAndPutsItBack) {
  EXPECT_THAT(Logged("eval", {Twice(), PlusOne()}, {{"as", {"v", "w"}}}, "m,host=a v=1 0"), ElementsAre("m host=a v=1 w=2 @0"));
}

TEST(Eval, ALaterExpressionSeesAnEarlierResult) {
  EXPECT_THAT(Logged("eval", {Twice(), PlusOne("d")}, {{"as", {"d", "e"}}}, "m,host=a v=1 0\nm,host=a v=2,d=10 1"),
              ElementsAre("m host=a d=2 e=3 @0", "m host=a d=10 e=11 @1"));
}

TEST(Eval, In02AnEarlierResultWins) {
  EXPECT_THAT(Logged("eval", {Twice(), PlusOne()}, {{"as", {"v", "w"}}}, "m,host=a v=1 0", "0.2"), ElementsAre("m host=a v=2 w=3 @0"));
}

TEST(Eval, ARowThatFailsIsDroppedAndALaterExpressionDoesNotCountIt) {
  EXPECT_THAT(Logged("eval", {Twice(), Counting()}, {{"as", {"d", "n"}}}, "m,host=a v=1 0\nm,host=a w=1 1\nm,host=a v=2 2"),
              ElementsAre("m host=a d=2 n=1 @0", "m host=a d=4 n=2 @2"));
}

TEST(Eval, EachGroupHasItsOwnState) {
  EXPECT_THAT(Logged("eval", {Counting()}, {{"as", {"n"}}}, "m,host=a v=1 0\nm,host=b v=1 1\nm,host=a v=1 2"),
              ElementsAre("m host=a n=1 @0", "m host=b n=1 @1", "m host=a n=2 @2"));
}

TEST(Eval, KeepListTakesResultsReferencedTagsAndRawFields) {
  EXPECT_THAT(Logged("eval", {Twice(), Same("host")}, {{"as", {"d", "h"}}, {"keep", {"d", "host", "w"}}},
                  "m,host=a v=1,w=5,x=6 0"),
              ElementsAre("m host=a d=2 host=a w=5 @0"));
}

TEST(Eval, KeepListRefusesPointsWithoutTheField) {
  Pipeline pipeline;
  uint32_t eval = pipeline.add("eval", {pipeline.from()}, {Twice()}, {{"as", {"d"}}, {"keep", {"w"}}});
  uint32_t log = pipeline.log(eval);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m v=1 0\nm v=1,w=2 1");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m w=2 @1"));
  EXPECT_THAT(pipeline.errors(), ElementsAre("error evaluating expression: cannot keep field \"w\", field does not exist"));
}

TEST(Eval, TagsLeaveTheFieldsAndEnterTheTags) {
  EXPECT_THAT(Logged("eval", {Same("s"), Twice()}, {{"as", {"t", "d"}}, {"tags", {"t"}}}, "m,host=a s=\"x\",v=1 0\nm,host=a s=\"y\",v=2 1"),
              ElementsAre("m host=a t=x d=2 @0", "m host=a t=y d=4 @1"));
}

TEST(Eval, ATagThatIsADimensionMovesThePoint) {
  Pipeline pipeline;
  uint32_t eval = pipeline.add("eval", {pipeline.from({"host"})}, {Same("s")}, {{"as", {"host"}}, {"tags", {"host"}}, {"keep", {}}});
  uint32_t count = pipeline.add("stateCount", {eval}, {True()});
  uint32_t log = pipeline.log(count);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a s=\"z\" 0\nm,host=b s=\"z\" 1");
  EXPECT_THAT(pipeline.out(log), ElementsAre("m host=z host=z s=z state_count=1 @0", "m host=z host=z s=z state_count=2 @1"));
}

TEST(Eval, ATagMustBeAString) {
  Pipeline pipeline;
  uint32_t eval = pipeline.add("eval", {pipeline.from()}, {Twice()}, {{"as", {"d"}}, {"tags", {"d"}}});
  pipeline.log(eval);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m v=1 0");
  EXPECT_THAT(pipeline.errors(), ElementsAre(HasSubstr("result of a tag expression must be of type string, got float64")));
}

TEST(Eval, QuietCountsNothing) {
  Pipeline pipeline;
  uint32_t eval = pipeline.add("eval", {pipeline.from()}, {Twice()}, {{"as", {"d"}}, {"quiet", {}}});
  uint32_t log = pipeline.log(eval);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m w=1 0");
  EXPECT_EQ(pipeline.error_count(eval), 0);
  EXPECT_THAT(pipeline.out(log), ElementsAre());
}

TEST(Eval, In02AnErrorEndsTheTask) {
  Pipeline pipeline("0.2");
  pipeline.log(pipeline.add("eval", {pipeline.from()}, {Twice()}, {{"as", {"d"}}}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m w=1 0");
  EXPECT_TRUE(pipeline.task->failed());
}

TEST(Eval, RefusesNamesThatDoNotMatch) {
  Pipeline pipeline;
  pipeline.add("eval", {pipeline.from()}, {Twice(), Twice()}, {{"as", {"d"}}});
  EXPECT_THAT(pipeline.start(), HasSubstr("got 1 as names, and 2 expressions."));
}

TEST(StateCount, CountsPointsInARow) {
  EXPECT_THAT(Logged("stateCount", {Above()}, {{"as", {"n"}}}, "m,host=a v=3 0\nm,host=a v=4 1\nm,host=a v=1 2\nm,host=a v=3 3"),
              ElementsAre("m host=a n=1 v=3 @0", "m host=a n=2 v=4 @1", "m host=a n=-1 v=1 @2", "m host=a n=1 v=3 @3"));
}

TEST(StateDuration, MeasuresFromTheFirstPoint) {
  EXPECT_THAT(Logged("stateDuration", {Above()}, {{"unit", {Seconds(2)}}}, "m,host=a v=3 0\nm,host=a v=4 3\nm,host=a v=1 4\nm,host=a v=3 5"),
              ElementsAre("m host=a state_duration=0 v=3 @0", "m host=a state_duration=1.5 v=4 @3",
                          "m host=a state_duration=-1 v=1 @4", "m host=a state_duration=0 v=3 @5"));
}

TEST(StateCount, BeginsAnewInEachBatch) {
  Pipeline pipeline("batch");
  uint32_t query = pipeline.add("query", {0});
  uint32_t log = pipeline.log(pipeline.add("stateCount", {query}, {True()}));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write_batch(query, "m v=1 0\nm v=3 1", 2);
  pipeline.write_batch(query, "m v=1 3", 5);
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m tmax=2]", "state_count=1 v=1 @0", "state_count=2 v=3 @1", "[m tmax=5]", "state_count=1 v=1 @3"));
}

}  // namespace
}  // namespace tick::test
