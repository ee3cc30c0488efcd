// hash_test.cpp - what decides machine code, and what lets state outlive a reload.
#include "test/unit/ir/lambda.h"

namespace tick {
namespace {

ir::Graph CanonicalGraph(const std::string &text) {
  ir::Graph graph = GraphOf(text);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  EXPECT_TRUE(Canonicalize(graph, diagnostics)) << diagnostics.text();
  return graph;
}

uint64_t CodeOf(const Tree &tree, uint8_t dialect = 1) {
  ir::Graph graph = TaskOf(tree, "where", dialect);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  EXPECT_TRUE(Canonicalize(graph, diagnostics));
  return ir::CodeHash(graph);
}

TEST(CodeHash, LiteralsAndNamesAreData) {
  uint64_t hash = CodeOf(Op(">", Ref("v"), Lit(30)));
  EXPECT_EQ(hash, CodeOf(Op(">", Ref("v"), Lit(70))));
  EXPECT_EQ(hash, CodeOf(Op(">", Ref("w"), Lit(30))));
  EXPECT_EQ(CodeOf(Op("==", Ref("v"), Lit("a"))), CodeOf(Op("==", Ref("v"), Lit("bcd"))));
  EXPECT_EQ(CodeOf(Op("=~", Ref("v"), Regex("a"))), CodeOf(Op("=~", Ref("v"), Regex("b"))));
}

TEST(CodeHash, FormsAndTypesAreCode) {
  uint64_t hash = CodeOf(Op(">", Ref("v"), Lit(30)));
  EXPECT_NE(hash, CodeOf(Op(">", Ref("v"), Lit(30.0))));
  EXPECT_NE(hash, CodeOf(Op(">=", Ref("v"), Lit(30))));
  EXPECT_NE(hash, CodeOf(Op(">", Lit(30), Ref("v"))));
  EXPECT_NE(hash, CodeOf(Op(">", Ref("v"), Lit(30)), 2));
  EXPECT_NE(hash, CodeOf(Op(">", Ref("time"), Lit(30))));
  EXPECT_NE(CodeOf(Op(">", Op("-", Ref("a"), Ref("b")), Lit(1))), CodeOf(Op(">", Op("-", Ref("a"), Ref("a")), Lit(1))));
}

TEST(CodeHash, NodesAndMessagesAreData) {
  auto task = [](const std::string &node) {
    return ir::CodeHash(CanonicalGraph(R"(ir 1 task stream dialect 1 raw
lambda @0 "x" { refs ["v"] literals [1] body { %0 = ref 0 %1 = literal 0 %2 = binary ">" %0 %1 } }
node 0 "stream0" stream wants none provides stream parents [] {}
)" + node));
  };
  EXPECT_EQ(task(R"(node 1 "where1" where wants stream provides stream parents [0] { arg lambda @0 })"),
            task(R"(node 1 "alert1" alert wants stream provides stream parents [0] { property crit (lambda @0) property message ("m") })"));
}

// --- identities --------------------------------------------------------------------------------------

struct Parts {
  std::string measurement = "cpu", group = R"("host")", every = "10s", field = "v", threshold = "30", function = "binary \">\" %0 %1";
  std::string alert = R"(property message ("m"))";
};
std::vector<uint64_t> Identities(const Parts &parts) {
  ir::Graph graph = CanonicalGraph(R"(ir 1 task stream dialect 1 raw
lambda @0 "x" { refs ["mean"] literals [)" + parts.threshold + R"(] body { %0 = ref 0 %1 = literal 0 %2 = )" + parts.function + R"( } }
node 0 "stream0" stream wants none provides stream parents [] {}
node 1 "from1" from wants stream provides stream parents [0] { property measurement (")" + parts.measurement + R"(") property groupBy ()" + parts.group + R"() }
node 2 "window2" window wants stream provides batch parents [1] { property period (10s) property every ()" + parts.every + R"() }
node 3 "mean3" mean wants batch provides stream parents [2] { arg ")" + parts.field + R"(" }
node 4 "alert4" alert wants stream provides stream parents [3] { property crit (lambda @0) )" + parts.alert + R"( }
)");
  std::vector<uint64_t> out;
  for (const ir::Stage &stage : graph.stages) out.push_back(stage.identity);
  return out;
}
// Which nodes would start fresh: "window2 mean3".
std::string Fresh(const Parts &after) {
  static constexpr const char *kNames[] = {"stream0", "from1", "window2", "mean3", "alert4"};
  std::vector<uint64_t> old = Identities({}), now = Identities(after);
  std::string out;
  for (size_t i = 0; i < old.size(); ++i)
    if (old[i] != now[i]) out += std::string(out.empty() ? "" : " ") + kNames[i];
  return out;
}

TEST(Identity, IsTheSameForTheSameTask) { EXPECT_EQ(Fresh({}), ""); }
TEST(Identity, ThresholdsAndMessagesDoNotMatter) {
  EXPECT_EQ(Fresh({.threshold = "70"}), "");
  EXPECT_EQ(Fresh({.function = "binary \"<\" %0 %1"}), "");
  EXPECT_EQ(Fresh({.alert = R"(property message ("other") property slack { property channel ("#a") } property stateChangesOnly)"}), "");
}
TEST(Identity, WhichPointsComeInDoesNotMatter) { EXPECT_EQ(Fresh({.measurement = "mem"}), ""); }
TEST(Identity, WindowsKeepTheirPointsOnlyWithTheirLengths) { EXPECT_EQ(Fresh({.every = "20s"}), "window2"); }
TEST(Identity, WindowsKeepTheFieldsThatWereRead) { EXPECT_EQ(Fresh({.field = "w"}), "window2 mean3"); }
TEST(Identity, OtherGroupsAreOtherState) { EXPECT_EQ(Fresh({.group = R"("host", "cpu")"}), "from1 window2 mean3 alert4"); }
TEST(Identity, AlertHistoryHasItsLength) { EXPECT_EQ(Fresh({.alert = R"(property history (5))"}), "alert4"); }

TEST(Identity, AStatefulLambdaIsKnownByWhatItComputes) {
  auto identity = [](const Tree &tree) {
    ir::Graph graph = TaskOf(tree);
    Source source{"test", ""};
    Diagnostics diagnostics(source);
    EXPECT_TRUE(Canonicalize(graph, diagnostics));
    return graph.stages[2].identity;
  };
  auto tree = [](const char *field, double limit) { return Op(">", Call("sigma", {Ref(field)}), Lit(limit)); };
  EXPECT_EQ(identity(tree("v", 3.0)), identity(tree("v", 4.0)));
  EXPECT_NE(identity(tree("v", 3.0)), identity(tree("w", 3.0)));
  EXPECT_EQ(identity(Op(">", Ref("v"), Lit(3.0))), identity(Op("<", Ref("w"), Lit(3.0))));
}

}  // namespace
}  // namespace tick
