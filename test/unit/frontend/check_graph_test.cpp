// check_graph_test.cpp - names, order, edges, properties and lambdas of the graph (nodes.md 1.8, 1.9, 25; language.md
// 8).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/frontend/check_script.h"

namespace tick {
namespace {

using testing::ElementsAre;

std::string Dot(const std::string &script) {
  Checked checked = CheckScript(script);
  if (!checked.ok()) return "refused: " + checked.kapacitor;
  EXPECT_EQ(ir::Verify(*checked.graph), "");
  return ir::DotBody(*checked.graph);
}

std::vector<std::string> Names(const ir::Graph &graph, const std::vector<uint32_t> &indexes) {
  std::vector<std::string> names;
  for (uint32_t i : indexes) names.push_back(graph.stages[i].name);
  return names;
}

TEST(Graph, EachLinkTakesAnIdAndLaterBranchesComeFirst) {
  EXPECT_EQ(Dot("var a = stream|from().measurement('a')\n"
                "var b = stream|from().measurement('b')\n"
                "a|join(b).as('a', 'b')|httpOut('o')\n"
                "a|union(b)|log()\n"
                "stream|from()|deadman(0.0, 10s)|log()"),
            " {\n"
            "stream0 -> from1;\nstream0 -> from2;\nstream0 -> from9;\n"
            "from9 -> noop11;\n"
            "from2 -> join4;\nfrom2 -> union7;\nfrom1 -> join4;\nfrom1 -> union7;\n"
            "union7 -> log8;\njoin4 -> http_out5;\n"
            "stats10 -> derivative12;\nderivative12 -> alert13;\nalert13 -> log14;\n"
            "}");
}

TEST(Graph, WalkOfTwoBranches) {
  Checked checked = CheckScript("var s = stream|from()\ns|where(lambda: TRUE)|log()\ns|sample(2)|log()");
  ASSERT_TRUE(checked.ok());
  EXPECT_THAT(Names(*checked.graph, checked.graph->walk),
              ElementsAre("stream0", "from1", "sample4", "log5", "where2", "log3"));
}

TEST(Graph, ChildLinkedTwice) {
  EXPECT_EQ(Dot("stream|from()|union(stream)"), " {\nstream0 -> from1;\nstream0 -> union3;\nfrom1 -> union3;\n}");
}

TEST(Graph, UnionNamesItsCallerLastAndJoinFirst) {
  Checked checked = CheckScript("var a = stream|from()\nvar b = stream|from()\na|union(b)\na|join(b).as('a', 'b')");
  ASSERT_TRUE(checked.ok());
  EXPECT_THAT(Names(*checked.graph, FindStage(*checked.graph, "union4")->parents), ElementsAre("from2", "from1"));
  EXPECT_THAT(Names(*checked.graph, FindStage(*checked.graph, "join6")->parents), ElementsAre("from1", "from2"));
}

TEST(Graph, BatchSourceAndEdges) {
  Checked checked = CheckScript("batch|query('q').every(10s)|mean('x')|window().period(1m).every(1m)|top(2, 'mean')");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  EXPECT_TRUE(checked.graph->batch);
  EXPECT_EQ(checked.graph->stages[0].name, "batch0");
  EXPECT_EQ(FindStage(*checked.graph, "mean2")->wants, ir::Edge::Batch);
  EXPECT_EQ(FindStage(*checked.graph, "mean2")->provides, ir::Edge::Stream);
  EXPECT_EQ(FindStage(*checked.graph, "window3")->provides, ir::Edge::Batch);
  EXPECT_EQ(FindStage(*checked.graph, "top4")->provides, ir::Edge::Batch);
}

TEST(Graph, JoinOfAStreamAndABatchIsRefused) {
  Checked checked =
      CheckScript("var a = stream|from()\nvar b = a|window().period(1s).every(1s)\na|join(b).as('a', 'b')");
  EXPECT_EQ(checked.codes(), (std::vector<std::string>{"edge-mismatch"}));
}

TEST(Graph, DescriptionsThatDifferFromMethods) {
  EXPECT_EQ(Dot("stream|from()|groupBy('a')|stateCount(lambda: TRUE)|stateDuration(lambda: "
                "TRUE)|changeDetect('a')|holtWintersWithFit('a', 1, 0, 1s)"),
            " {\nstream0 -> from1;\nfrom1 -> groupby2;\ngroupby2 -> state_count3;\nstate_count3 -> state_duration4;\n"
            "state_duration4 -> changeDetect5;\nchangeDetect5 -> holtWinters6;\n}");
}

TEST(Graph, LastFieldWinsMethodsAdd) {
  Checked checked = CheckScript("stream|from().measurement('a').measurement('b')|groupBy(*).exclude('x').exclude('y')");
  ASSERT_TRUE(checked.ok());
  const ir::Stage &from = *FindStage(*checked.graph, "from1"), &group = *FindStage(*checked.graph, "groupby2");
  ASSERT_EQ(from.properties.size(), 1u);
  EXPECT_EQ(from.properties[0].args[0].literal.s, "b");
  EXPECT_EQ(group.properties.size(), 2u);
}

TEST(Graph, WhereOfFromNarrows) {
  Checked checked = CheckScript("stream|from().where(lambda: \"a\" OR \"b\").where(lambda: \"c\")|log()");
  ASSERT_TRUE(checked.ok());
  ASSERT_EQ(checked.graph->lambdas.size(), 1u);
  EXPECT_EQ(checked.graph->lambdas[0].text, "(\"a\" OR \"b\") AND \"c\"");
}

TEST(Graph, HandlersKeepTheirProperties) {
  Checked checked = CheckScript(
      "stream|from()|alert().slack().channel('#a').crit(lambda: TRUE).username('u').email('x').to('y').slack()");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  const ir::Stage &alert = *FindStage(*checked.graph, "alert2");
  ASSERT_EQ(alert.properties.size(), 4u);
  EXPECT_EQ(alert.properties[0].name, "slack");
  ASSERT_EQ(alert.properties[0].properties.size(), 2u);
  EXPECT_EQ(alert.properties[0].properties[1].name, "username");
  EXPECT_EQ(alert.properties[1].name, "crit");
  EXPECT_EQ(alert.properties[2].properties[0].name, "to");
  EXPECT_TRUE(alert.properties[3].properties.empty());
}

TEST(Graph, DeadmanIsThreeNodes) {
  CheckOptions options;
  options.deadman_id = "NODE_NAME dead";
  options.deadman_message = "{{ .ID }} INTERVAL";
  Checked checked = CheckScript("stream|from()|deadman(100.0, 90s, lambda: \"a\" == 1)", options);
  ASSERT_TRUE(checked.ok());
  const ir::Stage &stats = *FindStage(*checked.graph, "stats2"), &alert = *FindStage(*checked.graph, "alert5");
  EXPECT_EQ(stats.args[0].literal.i, 90000000000);
  EXPECT_EQ(stats.args[1].literal.s, "from1");
  EXPECT_TRUE(stats.parents.empty());
  EXPECT_EQ(checked.graph->lambdas[0].text, "\"emitted\" <= 100.0 AND \"a\" == 1");
  EXPECT_EQ(alert.properties[1].args[0].literal.s, "from1 dead");
  EXPECT_EQ(alert.properties[2].args[0].literal.s, "{{ .ID }} 1m30s");
}

TEST(Graph, StatsOfANodeWithAChildAddsNoNoop) {
  EXPECT_EQ(Dot("var f = stream|from()\nf|log()\nf|stats(10s)|log()"),
            " {\nstream0 -> from1;\nfrom1 -> log2;\nstats3 -> log4;\n}");
}

TEST(Lambdas, ReferencesInOrderOfUseAndALiteralEach) {
  Checked checked = CheckScript("var n = 5\nstream|from()|where(lambda: \"b\" > n AND \"a\" > 5 AND \"b\" < n)");
  ASSERT_TRUE(checked.ok());
  const ir::Lambda &lambda = checked.graph->lambdas[0];
  EXPECT_THAT(lambda.refs, ElementsAre("b", "a"));
  EXPECT_EQ(lambda.literals.size(), 3u);
  EXPECT_EQ(lambda.text, "\"b\" > 5 AND \"a\" > 5 AND \"b\" < 5");
  EXPECT_EQ(lambda.body.back().op, ir::ExprOp::Binary);
  for (const ir::Expr &expr : lambda.body)
    for (uint32_t operand : expr.operands) EXPECT_LT(operand, static_cast<uint32_t>(&expr - lambda.body.data()));
}

TEST(Lambdas, VariablesInsideHaveTheirOwnFunctionState) {
  Checked checked = CheckScript("var f = lambda: count() > 1\nstream|from()|where(lambda: f AND count() > 2 AND f)");
  ASSERT_TRUE(checked.ok());
  std::vector<uint32_t> scopes;
  for (const ir::Expr &expr : checked.graph->lambdas[0].body)
    if (expr.op == ir::ExprOp::Call) scopes.push_back(expr.nested);
  EXPECT_THAT(scopes, ElementsAre(1u, 0u, 2u));
}

TEST(Lambdas, WrongTypesAreLeftToTheStartOfTheTask) {
  EXPECT_TRUE(CheckScript("stream|from()|where(lambda: \"a\" + 1 == 'x' AND abs(1) > 2)").ok());
}

}  // namespace
}  // namespace tick
