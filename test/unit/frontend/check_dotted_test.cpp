// check_dotted_test.cpp - the 0.2 dialect: its chains, its numbering, its words (language.md 6.3, 9.4; nodes.md 30).
#include <gtest/gtest.h>

#include "test/unit/frontend/check_script.h"

namespace tick {
namespace {

Checked CheckDotted(const std::string &text) { return CheckScript(text, {}, DialectChoice::Dotted); }

struct Case {
  const char *name, *script, *kapacitor;  // kapacitor "": accepted
};
class DottedWording : public testing::TestWithParam<Case> {};

TEST_P(DottedWording, SaysWhatKapacitorSays) {
  Checked checked = CheckDotted(GetParam().script);
  EXPECT_EQ(checked.kapacitor, GetParam().kapacitor);
  EXPECT_EQ(checked.ok(), std::string(GetParam().kapacitor).empty());
}

#define OUT ".httpOut('o')"
const Case kCases[] = {
    {"Redefined", "var x = 1\nvar x = 2\nstream" OUT, ""},
    {"VarHoldsAName", "var a = stream\na.from()\nstream" OUT, "No method or field \"From\" on *tick.IdentifierNode"},
    {"PropertyOfTwo", "stream.from().measurement('a', 'b')",
     "No method or field \"Measurement\" on *pipeline.StreamNode"},
    {"NegativeDuration", "stream.window().period(-5s)", "evaluation caused stack error: stack is empty Go Trace: "},
    {"NegativeNumber", "stream.sample(-5)" OUT, ""},
    {"UnknownMethod", "stream.from().nosuch()", "No method or field \"Nosuch\" on *pipeline.StreamNode"},
    {"UndefinedName", "nosuch.from()", "name \"nosuch\" is undefined. Names in scope: influxql,stream,time"},
    {"NothingBehindHttpOut", "stream" OUT OUT, "No method or field \"HttpOut\" on *pipeline.HTTPOutNode"},
    {"BoolForLambda", "stream.where(TRUE)",
     "error calling func \"where\" on obj *pipeline.StreamNode: reflect: Call using bool as type tick.Node"},
    {"ReferenceForLambda", "stream.where(\"flag\")" OUT, ""},
    {"DoubleQuotes", "stream.from().measurement(\"cpu\")",
     "cannot assign *tick.ReferenceNode to type string, did you use double quotes instead of single quotes?"},
    {"GlobalFunction", "stream.from().measurement(f())", "no global function \"f\" defined"},
    {"StoredCall", "var x = f()\nstream" OUT, ""},
    {"ReducerUnknown", "stream.window().period(1s).every(1s).mapReduce(influxql.mode('x'))",
     "No method or field \"Mode\" on pipeline.influxqlMapReducers"},
    {"JoinPrefix", "stream.from().join(stream.from()).as('a', 'b.c')",
     "cannot use name b.c as field prefix, it contains a '.' character"},
    {"RelativeLog", "stream.alert().log('x')", "alert log path must be absolute: x is not absolute"},
    {"PropertyOfToday", "stream.alert().details('x')", "No method or field \"Details\" on *pipeline.AlertNode"},
};
INSTANTIATE_TEST_SUITE_P(Language, DottedWording, testing::ValuesIn(kCases),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(Dotted, LaterBranchesHaveLowerNumbers) {
  Checked checked = CheckDotted(
      "var a = stream.from().measurement('a')\nvar b = stream.from().measurement('b')\na.httpOut('a')\nb.httpOut('b')");
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(ir::DotBody(*checked.graph),
            " {\nstream0 -> stream3;\nstream0 -> stream1;\nstream1 -> http_out2;\nstream3 -> http_out4;\n}");
  EXPECT_EQ(FindStage(*checked.graph, "stream1")->properties[0].args[0].literal.s, "b");
}

TEST(Dotted, WhereIsAPropertyOfStreamsAndANodeElsewhere) {
  Checked checked = CheckDotted(
      "stream.where(lambda: \"a\" > 1).where(lambda: \"b\" > 1).eval(lambda: \"c\").as('c').where(lambda: \"c\" > "
      "1).httpOut('o')");
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(ir::DotBody(*checked.graph), " {\nstream0 -> eval1;\neval1 -> where2;\nwhere2 -> http_out3;\n}");
  ASSERT_EQ(checked.graph->stages[0].properties.size(), 1u);  // a later where replaces
  EXPECT_EQ(checked.graph->lambdas[0].text, "\"b\" > 1");
}

TEST(Dotted, MapReduceIsTwoNodes) {
  Checked checked = CheckDotted(
      "stream.from().groupBy('h').window().period(10s).every(10s).mapReduce(influxql.top(3, 'v', "
      "'h')).as('t').usePointTimes().alert()");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  EXPECT_EQ(ir::DotBody(*checked.graph),
            " {\nstream0 -> stream1;\nstream1 -> window2;\nwindow2 -> map3;\nmap3 -> reduce4;\nreduce4 -> alert5;\n}");
  const ir::Stage &reduce = *FindStage(*checked.graph, "reduce4");
  ASSERT_EQ(reduce.args.size(), 4u);
  EXPECT_EQ(reduce.args[0].literal.s, "top");
  EXPECT_EQ(reduce.args[1].literal.i, 3);
  EXPECT_EQ(reduce.args[2].literal.s, "v");
  EXPECT_EQ(reduce.properties.size(), 2u);
  EXPECT_EQ(reduce.provides, ir::Edge::Batch);
}

TEST(Dotted, ASecondLogReplacesTheFirst) {
  Checked checked = CheckDotted("stream.alert().log('/a').slack().channel('#x').log('/b')");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  const ir::Stage &alert = *FindStage(*checked.graph, "alert1");
  ASSERT_EQ(alert.properties.size(), 2u);
  EXPECT_EQ(alert.properties[0].args[0].literal.s, "/b");
}

TEST(Dotted, BatchSourceHasItsOwnName) {
  Checked checked = CheckDotted("var cup = batch.query('q').every(5s).period(10h)\ncup.httpOut('pepe')");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  EXPECT_EQ(checked.graph->stages[0].name, "srcbatch0");
  EXPECT_EQ(checked.graph->stages[1].name, "batch1");
}

}  // namespace
}  // namespace tick
