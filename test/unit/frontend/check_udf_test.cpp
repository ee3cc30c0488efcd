// check_udf_test.cpp - `NODE@name()`: edges, options and names of user-defined functions (nodes.md 28).
#include <gtest/gtest.h>

#include "test/unit/frontend/check_script.h"

namespace tick {
namespace {

CheckOptions Functions() {
  CheckOptions options;
  options.udfs = {{"movingAverage", ir::Edge::Stream, ir::Edge::Stream,
                   {{"field", {Type::String}}, {"size", {Type::Int}}, {"range", {Type::Float, Type::Duration}}, {"exact", {}}}},
                  {"outliers", ir::Edge::Batch, ir::Edge::Batch, {}},
                  {"toBatches", ir::Edge::Stream, ir::Edge::Batch, {}},
                  {"broken", ir::Edge::Stream, ir::Edge::Stream, {}, "exit status 1"}};
  return options;
}
Checked CheckUdf(const std::string &calls) { return CheckScript("stream|from()" + calls, Functions()); }

TEST(CheckUdf, OptionsAreKeptInOrder) {
  Checked checked = CheckUdf("@movingAverage().size(3).field('a').field('b').range(1.5, 10s).exact().quiet()|eval(lambda: 1.0).as('x')|log()");
  ASSERT_TRUE(checked.ok()) << checked.kapacitor;
  const ir::Stage *stage = FindStage(*checked.graph, "movingAverage2");
  ASSERT_TRUE(stage);
  EXPECT_EQ(stage->kind, "@movingAverage");
  std::vector<std::string> names;
  for (const ir::Property &property : stage->properties) names.push_back(property.name);
  EXPECT_EQ(names, (std::vector<std::string>{"size", "field", "field", "range", "exact", "quiet"}));
  EXPECT_EQ(stage->properties[3].args.size(), 2u);
  EXPECT_TRUE(FindStage(*checked.graph, "eval3"));
}

// An InfluxQL function of the same name stays what it is.
TEST(CheckUdf, TheOperatorTellsItFromANode) {
  Checked checked = CheckUdf("|movingAverage('v', 3)|log()");
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(FindStage(*checked.graph, "movingAverage2")->kind, "movingAverage");
}

TEST(CheckUdf, EdgesAreTheFunctions) {
  EXPECT_TRUE(CheckUdf("|window().periodCount(2).everyCount(2)@outliers()|mean('v')").ok());
  EXPECT_TRUE(CheckUdf("@toBatches()@outliers()|log()").ok());
  EXPECT_NE(CheckUdf("@outliers()").kapacitor.find("cannot add child mismatched edges: from1:stream -> outliers2:batch"), std::string::npos);
  EXPECT_NE(CheckUdf("@toBatches()|window().period(1s)").kapacitor.find("cannot Window batch edge"), std::string::npos);
}

TEST(CheckUdf, MistakesAreTold) {
  struct {
    const char *calls, *kapacitor;
  } cases[] = {
      {"@movingAverage().field()", "unexpected number of args to field, got 0 expected 1"},
      {"@movingAverage().exact(1)", "unexpected number of args to exact, got 1 expected 0"},
      {"@movingAverage().size('x')", "unexpected arg to size, got STRING expected INT"},
      {"@movingAverage().range(1, 10s)", "unexpected arg to range, got INT expected DOUBLE"},
      {"@movingAverage().sise(3)", "no method or property \"sise\" on *pipeline.UDFNode"},
      {"@broken()", "failed to load process info for \"broken\": exit status 1"},
      {"@nothing()", "no method or property \"nothing\" on *pipeline.FromNode"},
      {"|outliers()", "no chaining method \"outliers\" on *pipeline.FromNode, but dynamic method does exist. Use '@' operator instead: 'node@outliers(..)'."},
      {"@movingAverage('v')", "unexpected arguments"},
  };
  for (const auto &one : cases) {
    Checked checked = CheckUdf(one.calls);
    EXPECT_FALSE(checked.ok()) << one.calls;
    EXPECT_NE(checked.kapacitor.find(one.kapacitor), std::string::npos) << one.calls << ": " << checked.kapacitor;
    EXPECT_EQ(checked.diagnostics.size(), 1u) << one.calls;
  }
}

}  // namespace
}  // namespace tick
