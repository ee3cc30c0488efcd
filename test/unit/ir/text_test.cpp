// text_test.cpp - the IR's text: print then read gives the same graph, whatever it holds; bad text gives one error.
#include <cmath>
#include <cstring>
#include <fstream>
#include <random>

#include "test/unit/ir/read.h"

namespace tick {
namespace {

// One of everything the text can say.
const char kEverything[] = R"ir(ir 1
task stream dialect 1 canonical
dbrp "telegraf"."autogen"
dbrp "my \"db\""."r\\p"
reads "" ["x"]
reads "cpu" ["usage", "value"]
domains [8, 48]
var "a" int = 5 description "how\nmany"
var "b" float
var "c" lambda text "\"v\" > 1"
var "d" list = ["a", *] at 3:9
var "e" regex = regex "^a|b$"
var "f" duration = -90m
var "g" float = -inf
lambda @0 "sigma(\"v\") > 3.0 AND isPresent(\"q\")" state 24 stateful volatile costly at 10:40 {
  refs ["v", "q"]
  literals [3.0, "s", 9223372036854775807, true, regex "a/b", 1ns, nan]
  body {
    %0 = ref "v" at 16:19
    %1 = call "sigma" %0 at 10:20
    %2 = literal 0 at 23:26  ; 3.0
    %3 = binary ">" %1 %2 at 21:22
    %4 = ref "q"
    %5 = call "isPresent" %4 scope 2
    %6 = binary "AND" %3 %5
  }
  variant (float, int) -> boolean may_fail {
    %0 = ref float "v"
    %1 = call float tick_fn_sigma_f %0
    %2 = literal float 0  ; 3.0
    %3 = binary boolean ">" %1 %2
    %4 = fail boolean may_fail
    %5 = and boolean %3 %4
  }
}
node 0 "stream0" stream wants none provides stream parents [] children [1] at 0:6 {
  needs []
  domain 0 state 0 offset 0
}
node 1 "from1" from wants stream provides stream parents [0] children [2] at 7:11 {
  needs all ["value"]
  domain 1 state 0 offset 0
  identity 0x00000000000000ff
  property measurement at 12:23 ("cpu" at 24:29)
  property groupBy (*, ref "host", ["a", ["b", 1.5]])
}
node 2 "my-udf2" "my-udf" wants stream provides stream parents [1] children [] {
  needs []
  domain 1 state 24 offset 8
  arg lambda @0
  property slack {
    property channel ("#x")
    property "odd name" {
      property deep
    }
  }
}
walk [0, 1, 2]
script
  "stream\n"
  "    |from()\x01\t"
)ir";

TEST(IrText, PrintsWhatItRead) {
  ir::Graph graph = GraphOf(kEverything);
  EXPECT_EQ(ir::Print(graph), kEverything);
}

TEST(IrText, ReadsEveryPart) {
  ir::Graph graph = GraphOf(kEverything);
  ASSERT_EQ(graph.stages.size(), 3u);
  EXPECT_TRUE(graph.canonical);
  EXPECT_EQ(graph.dbrps[1], (ir::Dbrp{"my \"db\"", "r\\p"}));
  EXPECT_EQ(graph.reads[1].fields, (std::vector<std::string>{"usage", "value"}));
  EXPECT_EQ(graph.domain_sizes[1], 48u);
  EXPECT_EQ(graph.vars[0].description, "how\nmany");
  EXPECT_FALSE(graph.vars[1].has_value);
  EXPECT_EQ(graph.vars[3].value.items[1].type, Type::Star);
  EXPECT_EQ(graph.vars[5].value.literal.i, -90 * 60'000'000'000);
  EXPECT_TRUE(std::isinf(graph.vars[6].value.literal.f));
  const ir::Lambda &lambda = graph.lambdas[0];
  EXPECT_EQ(lambda.literals[2].i, INT64_MAX);
  EXPECT_TRUE(std::isnan(lambda.literals[6].f));
  EXPECT_EQ(lambda.body[5].nested, 2u);
  EXPECT_EQ(lambda.body[3].binary, Operator::Greater);
  EXPECT_EQ(lambda.body[3].range.begin, 21u);
  EXPECT_EQ(lambda.variants[0].types, (std::vector<Type>{Type::Float, Type::Int}));
  EXPECT_EQ(kFunctions[lambda.variants[0].insts[1].function].symbol, "tick_fn_sigma_f");
  EXPECT_TRUE(graph.stages[1].needs_all);
  EXPECT_EQ(graph.stages[1].identity, 0xffu);
  EXPECT_EQ(graph.stages[1].properties[1].args[2].items[1].items[1].literal.f, 1.5);
  EXPECT_EQ(graph.stages[2].kind, "my-udf");
  EXPECT_EQ(graph.stages[2].properties[0].properties[1].properties[0].name, "deep");
  EXPECT_EQ(graph.script, "stream\n    |from()\x01\t");
}

TEST(IrText, HandWrittenTextMayLeaveOutChildrenAndWalk) {
  ir::Graph graph = GraphOf(EvalTask(R"(lambda @0 "1" { literals [1] body { %0 = literal 0 } })"));
  EXPECT_EQ(graph.stages[0].children, (std::vector<uint32_t>{1}));
  EXPECT_EQ(graph.walk, (std::vector<uint32_t>{0, 1, 2}));
}

TEST(IrText, TheManualsExampleCanBeRead) {
  std::ifstream file(std::string(TICK_SOURCE_DIR) + "/docs/ir.md");
  std::string manual((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  size_t begin = manual.find("\nir 1\ntask stream dialect 1 raw\n");
  ASSERT_NE(begin, std::string::npos);
  ir::Graph graph = GraphOf(manual.substr(begin, manual.find("\n```", begin) - begin));
  EXPECT_EQ(graph.stages.size(), 4u);
  EXPECT_EQ(graph.lambdas[0].body.size(), 8u);
}

TEST(IrText, FloatsKeepTheirBits) {
  std::mt19937_64 random(7);
  ir::Graph graph = GraphOf(EvalTask(R"(lambda @0 "1" { literals [1.0] body { %0 = literal 0 } })"));
  for (int i = 0; i < 2000; ++i) {
    uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isnan(value)) continue;
    graph.lambdas[0].literals[0].f = value;
    double back = GraphOf(ir::Print(graph)).lambdas[0].literals[0].f;
    ASSERT_EQ(std::memcmp(&back, &value, sizeof value), 0) << value;
  }
}

TEST(IrText, IntsAndDurationsKeepTheirValue) {
  ir::Graph graph = GraphOf(EvalTask(R"(lambda @0 "1" { literals [1, 1s] body { %0 = literal 0 } })"));
  for (int64_t value : {INT64_MIN, INT64_MIN + 1, int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{999},
                        int64_t{604'800'000'000'000}, INT64_MAX}) {
    graph.lambdas[0].literals[0].i = graph.lambdas[0].literals[1].i = value;
    ir::Graph back = GraphOf(ir::Print(graph));
    EXPECT_EQ(back.lambdas[0].literals[0], graph.lambdas[0].literals[0]);
    EXPECT_EQ(back.lambdas[0].literals[1], graph.lambdas[0].literals[1]);
  }
}

TEST(IrText, AnyBytesInStringsComeBack) {
  ir::Graph graph = GraphOf(EvalTask(R"(lambda @0 "1" { literals [1] body { %0 = literal 0 } })"));
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  graph.script = graph.lambdas[0].text = graph.stages[1].name = all;
  ir::Graph back = GraphOf(ir::Print(graph));
  EXPECT_EQ(back.script, all);
  EXPECT_EQ(back.lambdas[0].text, all);
  EXPECT_EQ(back.stages[1].name, all);
}

TEST(IrText, RefusesAnotherVersion) {
  EXPECT_EQ(ReadText("ir 2\ntask stream dialect 1 raw\n").report, "this is IR version 2; this tickc reads version 1\n");
}

TEST(IrText, SaysWhatWasFoundAndWhatWasExpected) {
  struct Case { const char *text, *want; };
  for (const Case &c :
       {Case{"", "found the end where the IR's text needs `ir`\n"},
        Case{"ir 1 task", "found the end where the IR's text needs `stream` or `batch`\n"},
        Case{"ir 1 task stream dialect 3 raw", "found dialect 3 where the IR's text needs 1 or 2\n"},
        Case{"ir 1 task stream dialect 1 raw dbrp \"a",
             "found a string without closing quote where the IR's text needs a string\n"},
        Case{"ir 1 task stream dialect 1 raw \x80",
             "found a byte that begins no token where the IR's text needs `dbrp`, `reads`, `domains`, `var`, `lambda`, "
             "`node`, `walk` or `script`\n"},
        Case{"ir 1 task stream dialect 1 raw walk [99999999999]",
             "found a number where the IR's text needs an index\n"},
        Case{"ir 1 task stream dialect 1 raw var \"a\" int = 99999999999999999999",
             "found a number out of range where the IR's text needs a value\n"},
        Case{"ir 1 task stream dialect 1 raw lambda @1", "found `@1` where the IR's text needs lambda @0\n"}})
    EXPECT_EQ(ReadText(c.text).report, c.want) << c.text;
}

TEST(IrText, NestingIsBounded) {
  std::string deep(100'000, '[');
  EXPECT_EQ(ReadText("ir 1 task stream dialect 1 raw var \"a\" list = " + deep).report,
            "found `[` where the IR's text needs fewer nested lists\n");
  std::string properties;
  for (int i = 0; i < 100'000; ++i) properties += "property a {";
  EXPECT_FALSE(ReadText("ir 1 task stream dialect 1 raw node 0 \"s\" stream wants none provides stream parents [] {" +
                        properties)
                   .graph);
}

// Bytes changed, dropped and doubled at random: an error or a graph, and a graph prints and reads back.
TEST(IrText, DamagedTextNeverCrashes) {
  std::mt19937 random(42);
  int graphs = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = kEverything;
    for (unsigned n = random() % 4 + 1; n > 0; --n) {
      size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.erase(at, random() % 20); break;
        case 2: text.insert(at, text.substr(random() % text.size(), random() % 30)); break;
        default: text[at] = "0123456789{}[]()%@\",: "[random() % 22];
      }
    }
    ReadResult result = ReadText(text);
    ASSERT_NE(result.graph.has_value(), !result.report.empty());
    if (!result.graph) continue;
    ++graphs;
    std::string printed = ir::Print(*result.graph);
    ASSERT_EQ(ir::Print(GraphOf(printed)), printed);
  }
  EXPECT_GT(graphs, 100);
}

}  // namespace
}  // namespace tick
