// explain_test.cpp - what `tickc explain` says.
#include "driver/explain.h"
#include <gmock/gmock.h>

#include "test/unit/ir/lambda.h"

namespace tick {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Explained(const std::string &text) {
  ir::Graph graph = GraphOf(text);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  EXPECT_TRUE(Canonicalize(graph, diagnostics)) << diagnostics.text();
  return Explain(graph);
}
std::string Explained(const Tree &tree, const std::string &kind = "where", uint8_t dialect = 1) {
  ir::Graph graph = TaskOf(tree, kind, dialect);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  EXPECT_TRUE(Canonicalize(graph, diagnostics)) << diagnostics.text();
  return Explain(graph);
}

TEST(Explain, WholeTask) {
  std::string text = Explained(R"(ir 1 task stream dialect 1 raw
dbrp "telegraf"."autogen"
lambda @0 "\"mean\" > 30" { refs ["mean"] literals [30] body { %0 = ref 0 %1 = literal 0 %2 = binary ">" %0 %1 } }
node 0 "stream0" stream wants none provides stream parents [] {}
node 1 "from1" from wants stream provides stream parents [0] { property measurement ("cpu") property groupBy ("host", "cpu") }
node 2 "window2" window wants stream provides batch parents [1] { property period (10s) property every (90m) property align }
node 3 "mean3" mean wants batch provides stream parents [2] { arg "usage" }
node 4 "alert4" alert wants stream provides stream parents [3] { property crit (lambda @0) property slack ("secret") property history (5) }
)");
  EXPECT_THAT(text, HasSubstr("A stream task of 5 nodes with 1 lambda"));
  EXPECT_THAT(text, HasSubstr("Reads the data of \"telegraf\".\"autogen\"."));
  EXPECT_THAT(text, HasSubstr("Of points of `cpu` it reads usage;"));
  EXPECT_THAT(text, HasSubstr("Set to measurement 'cpu', groupBy 'host', 'cpu'."));
  EXPECT_THAT(text, HasSubstr("Set to period 10s, every 90m, align."));
  EXPECT_THAT(text, HasSubstr("A buffered point costs 24 bytes: time, series and usage;"));
  EXPECT_THAT(text, HasSubstr("mean3: Mean of the field."));
  EXPECT_THAT(text, HasSubstr("Tells slack."));
  EXPECT_THAT(text, HasSubstr("    crit: \"mean\" > 30\n      vector code where mean is float or int\n      other "
                              "types are evaluated value by value\n"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr("today's dialect"));
}

TEST(Explain, WhatRunsRowByRowAndWhy) {
  EXPECT_THAT(Explained(Op(">", Call("sigma", {Ref("v")}), Lit(3.0))),
              HasSubstr("row by row where v is float: sigma() must see the points in order"));
  EXPECT_THAT(Explained(Op(">", Call("sigma", {Ref("v")}), Lit(3.0))), HasSubstr("sigma() keeps 24 bytes a group"));
  EXPECT_THAT(Explained(Op("==", Ref("h"), Lit("a"))),
              HasSubstr("row by row where h is string: strings are compared byte by byte"));
  EXPECT_THAT(Explained(Op("=~", Ref("h"), Regex("a"))), HasSubstr("a regex is matched against each"));
  EXPECT_THAT(Explained(Op(">", Op("/", Ref("v"), Lit(2)), Lit(1))), HasSubstr("processors divide ints one by one"));
  EXPECT_THAT(Explained(Op(">", Call("exp", {Ref("v")}), Lit(1.0))), HasSubstr("exp() is called for each"));
  EXPECT_THAT(Explained(Op(">", Call("abs", {Ref("v")}), Lit(1.0))), HasSubstr("vector code where v is float"));
  EXPECT_THAT(Explained(Op(">", Call("nosuch", {Ref("v")}), Lit(1.0))), HasSubstr("no types are known to work"));
  EXPECT_THAT(Explained(Op(">", Call("hour", {Call("now")}), Lit(8))), HasSubstr("depends on the clock or on chance"));
}

TEST(Explain, CombinationsOfSeveralReferences) {
  EXPECT_THAT(Explained(Op("<", Ref("a"), Ref("b"))),
              HasSubstr("vector code where a is float and b is float, a is int and b is int, a is duration"));
  EXPECT_THAT(Explained(Op("AND", Op("<", Ref("a"), Lit(1)), Op("<", Ref("b"), Lit(1)))),
              HasSubstr("vector code where a is float or int and b is float or int\n"));
}

TEST(Explain, TheTimeIsNoField) {
  std::string text = Explained(Op("AND", Op(">", Ref("v"), Lit(1.0)), Op(">", Call("hour", {Ref("time")}), Lit(8))));
  EXPECT_THAT(text, HasSubstr("Its lambdas read v (fields or tags) and the time."));
  EXPECT_THAT(text, HasSubstr("row by row where v is float or int: hour() is called for each"));
  EXPECT_THAT(Explained(Op(">", Call("hour", {Ref("time")}), Lit(8))),
              HasSubstr("      row by row: hour() is called for each\n"));
}

TEST(Explain, Dialect02) {
  std::string text = Explained(Op(">", Call("sigma", {Ref("v")}), Lit(3.0)), "where", 2);
  EXPECT_THAT(text, HasSubstr("the dialect of Kapacitor 0.2"));
  EXPECT_THAT(text, HasSubstr("1 - 2 - 3 is 2"));
}

}  // namespace
}  // namespace tick
