// passes_test.cpp - fields read, group records, DOT: what the passes say of nodes.
#include "frontend/ir/dot.h"
#include "frontend/ir/stage.h"
#include "grammar/node_tables.h"
#include "test/unit/ir/lambda.h"

namespace tick {
namespace {

// A task of nodes given as lines "kind stream->batch parents [0] { … }"; node 0 is the source.
ir::Graph Task(const std::string &lines, const std::string &lambdas = "",
               const std::string &header = "stream dialect 1 raw") {
  std::string text = "ir 1 task " + header + "\n" + lambdas;
  size_t number = 0;
  for (size_t begin = 0; begin < lines.size();) {
    size_t end = lines.find('\n', begin);
    std::string line = lines.substr(begin, end - begin);
    begin = end + 1;
    size_t first = line.find(' '), arrow = line.find("->"), second = line.find(' ', arrow);
    std::string kind = line.substr(0, first);
    text += "node " + std::to_string(number) + " \"" + kind + std::to_string(number) + "\" " + kind + " wants " +
            line.substr(first + 1, arrow - first - 1) + " provides " + line.substr(arrow + 2, second - arrow - 2) +
            line.substr(second) + "\n";
    ++number;
  }
  ir::Graph graph = GraphOf(text);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  EXPECT_TRUE(Canonicalize(graph, diagnostics)) << diagnostics.text();
  return graph;
}
const std::string kSource = "stream none->stream parents [] {}\n";
const std::string kLambda =
    "lambda @0 \"x\" { refs [\"v\", \"time\"] literals [1] body { %0 = ref 0 %1 = literal 0 %2 = binary \">\" %0 %1 } "
    "}\n";
const std::string kLambda2 =
    "lambda @1 \"y\" { refs [\"r\", \"w\"] body { %0 = ref 0 %1 = ref 1 %2 = binary \"+\" %0 %1 } }\n";

std::string NeedsOf(const ir::Graph &graph, size_t number) {
  std::string out = graph.stages[number].needs_all ? "all" : "";
  for (const std::string &name : graph.stages[number].needs) out += (out.empty() ? "" : " ") + name;
  return out;
}
std::string Reads(const ir::Graph &graph) {
  std::string out;
  for (const ir::MeasurementFields &reads : graph.reads) {
    out += reads.measurement + ":";
    for (const std::string &name : reads.fields) out += " " + name;
    out += "; ";
  }
  return out;
}

TEST(ResolveFields, WindowsKeepWhatTheFunctionReads) {
  ir::Graph graph = Task(kSource + R"(from stream->stream parents [0] { property measurement ("cpu") }
window stream->batch parents [1] {}
mean batch->stream parents [2] { arg "usage" }
log stream->stream parents [3] {}
)");
  EXPECT_EQ(NeedsOf(graph, 3), "all");
  EXPECT_EQ(NeedsOf(graph, 2), "usage");
  EXPECT_EQ(NeedsOf(graph, 1), "usage");
  EXPECT_EQ(Reads(graph), "cpu: usage; ");
}

TEST(ResolveFields, SelectorsPassOtherFieldsOn) {
  ir::Graph graph = Task(kSource + R"(from stream->stream parents [0] {}
window stream->batch parents [1] {}
max batch->stream parents [2] { arg "usage" property as ("top") }
where stream->stream parents [3] { arg lambda @0 }
)", kLambda);
  EXPECT_EQ(NeedsOf(graph, 3), "v");
  EXPECT_EQ(NeedsOf(graph, 2), "usage v");
  EXPECT_EQ(Reads(graph), ": usage v; ");
}

TEST(ResolveFields, TimeIsNoField) {
  ir::Graph graph = Task(kSource + "from stream->stream parents [0] { property where (lambda @0) }\n", kLambda);
  EXPECT_EQ(Reads(graph), ": v; ");
}

TEST(ResolveFields, EvalMakesItsResultsAndReadsItsReferences) {
  const std::string eval = "eval stream->stream parents [1] { arg lambda @0 arg lambda @1 property as (\"r\", \"s\") ";
  const std::string rest =
      "derivative stream->stream parents [2] { arg \"s\" }\nwhere stream->stream parents [3] { arg lambda @0 }\n";
  const std::string from = kSource + "from stream->stream parents [0] {}\n";
  ir::Graph plain = Task(from + eval + "}\n" + rest, kLambda + kLambda2);
  EXPECT_EQ(NeedsOf(plain, 2), "s v");
  EXPECT_EQ(NeedsOf(plain, 1), "r v w") << "a field named like an earlier result wins over it";
  ir::Graph keep = Task(from + eval + "property keep }\n" + rest, kLambda + kLambda2);
  EXPECT_EQ(NeedsOf(keep, 1), "r v w");
  ir::Graph some = Task(from + eval + "property keep (\"s\", \"k\") }\n" + rest, kLambda + kLambda2);
  EXPECT_EQ(NeedsOf(some, 1), "k r v w");
  ir::Graph shown = Task(from + eval + "property keep }\nlog stream->stream parents [2] {}\n", kLambda + kLambda2);
  EXPECT_EQ(NeedsOf(shown, 1), "all r v w");
  ir::Graph hidden = Task(from + eval + "}\nlog stream->stream parents [2] {}\n", kLambda + kLambda2);
  EXPECT_EQ(NeedsOf(hidden, 1), "r v w");
}

TEST(ResolveFields, StateNodesAddTheirField) {
  ir::Graph graph = Task(kSource + R"(from stream->stream parents [0] {}
stateCount stream->stream parents [1] { arg lambda @0 }
changeDetect stream->stream parents [2] { arg "state_count" arg "x" }
derivative stream->stream parents [3] { arg "d" property as ("rate") }
changeDetect stream->stream parents [4] { arg "rate" }
)", kLambda);
  EXPECT_EQ(NeedsOf(graph, 3), "d");
  EXPECT_EQ(NeedsOf(graph, 2), "d state_count x");
  EXPECT_EQ(NeedsOf(graph, 1), "d v x");
}

TEST(ResolveFields, BranchesAddUp) {
  ir::Graph graph = Task(kSource + R"(from stream->stream parents [0] { property measurement ("a") }
from stream->stream parents [0] { property measurement ("b") }
union stream->stream parents [2, 1] {}
changeDetect stream->stream parents [3] { arg "x" }
changeDetect stream->stream parents [1] { arg "y" }
join stream->stream parents [1, 2] {}
)");
  EXPECT_EQ(NeedsOf(graph, 1), "all x y");
  EXPECT_EQ(NeedsOf(graph, 2), "all x");
  EXPECT_EQ(Reads(graph), "a: x y; b: x; ");
}

TEST(ResolveFields, DefaultsAndDeletionsCountWhatIsThere) {
  ir::Graph graph = Task(kSource + R"(from stream->stream parents [0] {}
default stream->stream parents [1] { property field ("f", 0.0) property tag ("t", "x") }
delete stream->stream parents [2] { property field ("g") }
changeDetect stream->stream parents [3] { arg "h" }
)");
  EXPECT_EQ(NeedsOf(graph, 1), "f g h");
}

TEST(ResolveFields, AUdfMayReadEverything) {
  ir::Graph graph = Task(kSource + "from stream->stream parents [0] {}\nmyUdf stream->batch parents [1] {}\n");
  EXPECT_EQ(NeedsOf(graph, 1), "all");
}

TEST(ResolveFields, StatsReadNothing) {
  ir::Graph graph = Task(kSource +
                         "from stream->stream parents [0] {}\nstats none->stream parents [] { arg 10s }\nderivative "
                         "stream->stream parents [2] { arg \"emitted\" }\n");
  EXPECT_EQ(NeedsOf(graph, 1), "");
  EXPECT_EQ(NeedsOf(graph, 2), "emitted");
  EXPECT_EQ(Reads(graph), "");
}

TEST(ResolveFields, SourceOf02Selects) {
  ir::Graph graph = Task(R"(stream none->stream parents [] { property measurement ("cpu") property where (lambda @0) }
window stream->batch parents [0] {}
map batch->batch parents [1] { arg "max" arg "u" }
reduce batch->stream parents [2] { arg "max" arg "u" }
)", kLambda, "stream dialect 2 raw");
  EXPECT_EQ(Reads(graph), "cpu: time u v; ");
}

// --- group records -----------------------------------------------------------------------------------

std::string Domains(const ir::Graph &graph) {
  std::string out;
  for (const ir::Stage &stage : graph.stages) out += (out.empty() ? "" : " ") + std::to_string(stage.domain);
  return out;
}

TEST(LayOut, GroupsBeginWhereTheyChange) {
  ir::Graph graph = Task(kSource + R"(from stream->stream parents [0] {}
where stream->stream parents [1] { arg lambda @0 }
eval stream->stream parents [2] { arg lambda @0 property as ("r") }
eval stream->stream parents [3] { arg lambda @0 property as ("r") property tags ("r") }
default stream->stream parents [4] { property field ("f", 0.0) }
default stream->stream parents [5] { property tag ("f", "x") }
delete stream->stream parents [6] { property field ("f") }
delete stream->stream parents [7] { property tag ("f") }
groupBy stream->stream parents [8] { arg "host" }
window stream->batch parents [9] {}
mean batch->stream parents [10] { arg "x" }
flatten stream->stream parents [11] {}
join stream->stream parents [11, 12] {}
union stream->stream parents [13] {}
alert stream->stream parents [14] {}
stats none->stream parents [] { arg 10s }
myUdf stream->stream parents [15] {}
)", kLambda);
  EXPECT_EQ(Domains(graph), "0 1 1 1 2 2 3 3 4 5 5 5 6 7 8 8 9 10");
}

TEST(LayOut, RecordsBeginWithAByteANode) {
  ir::Graph graph = Task(kSource + "from stream->stream parents [0] {}\n");
  EXPECT_EQ(graph.domain_sizes, (std::vector<uint32_t>{8, 8}));
  std::string many = kSource + "from stream->stream parents [0] {}\n";
  for (int i = 2; i < 10; ++i) many += "noop stream->stream parents [1] {}\n";
  EXPECT_EQ(Task(many).domain_sizes, (std::vector<uint32_t>{16, 16}));
}

const char kStateful[] =
    "lambda @0 \"count() > 1\" { literals [1] body { %0 = call \"count\" %1 = literal 0 %2 = binary \">\" %0 %1 } }\n"
    "lambda @1 \"sigma(1.0)\" { literals [1.0] body { %0 = literal 0 %1 = call \"sigma\" %0 } }\n";

TEST(LayOut, LambdasKeepStateBehindTheNodes) {
  ir::Graph graph = Task(kSource + R"(from stream->stream parents [0] { property where (lambda @0) }
where stream->stream parents [1] { arg lambda @0 }
eval stream->stream parents [2] { arg lambda @0 arg lambda @1 property as ("a", "b") }
alert stream->stream parents [3] { property crit (lambda @0) }
)", kStateful);
  const ir::Stage &from = graph.stages[1], &where = graph.stages[2], &eval = graph.stages[3], &alert = graph.stages[4];
  EXPECT_EQ(from.state_size, 0u) << "one state for all groups";
  EXPECT_EQ(where.state_offset, 8u);
  EXPECT_GE(where.state_size, 8u);
  EXPECT_EQ(eval.state_offset, where.state_offset + where.state_size);
  EXPECT_EQ(eval.state_size % 8, 0u);
  EXPECT_GE(eval.state_size, 8u + 24u);
  EXPECT_EQ(graph.domain_sizes[1], eval.state_offset + eval.state_size + alert.state_size);
}

TEST(LayOut, In02OnlyWhereKeepsLambdaStateAGroup) {
  ir::Graph graph = Task(kSource + R"(where stream->stream parents [0] { arg lambda @0 }
eval stream->stream parents [1] { arg lambda @1 property as ("a") }
)", kStateful, "stream dialect 2 raw");
  ir::Graph today = Task(kSource + R"(where stream->stream parents [0] { arg lambda @0 }
eval stream->stream parents [1] { arg lambda @1 property as ("a") }
)", kStateful);
  EXPECT_EQ(graph.stages[1].state_size, today.stages[1].state_size);
  EXPECT_EQ(graph.stages[2].state_size + 24, today.stages[2].state_size);
}

// --- the rest ----------------------------------------------------------------------------------------

TEST(Kinds, EveryNodeOfTheLanguageIsKnown) {
  for (const NodeRow &row : kNodes) {
    bool makes_others = row.method == "deadman" || row.method == "mapReduce";
    bool udf = row.method == "@";  // a kind nobody knows
    EXPECT_TRUE(makes_others || udf || ir::IsKnownKind(row.method)) << row.method;
  }
  EXPECT_FALSE(ir::IsKnownKind("myUdf"));
}

TEST(Canonicalize, TwiceIsOnce) {
  ir::Graph graph = Task(kSource + "from stream->stream parents [0] { property where (lambda @0) }\n", kLambda);
  std::string text = ir::Print(graph);
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  EXPECT_TRUE(Canonicalize(graph, diagnostics));
  EXPECT_EQ(ir::Print(graph), text);
  EXPECT_EQ(ir::Print(GraphOf(text)), text);
}

TEST(Dot, BranchesDeclaredLaterComeFirst) {
  ir::Graph graph = GraphOf(R"(ir 1 task stream dialect 1 raw
node 0 "stream0" stream wants none provides stream parents [] children [1, 2] {}
node 1 "from1" from wants stream provides stream parents [0] children [3, 3] {}
node 2 "from2" from wants stream provides stream parents [0] children [] {}
node 3 "union4" union wants stream provides stream parents [1, 1] children [] {}
walk [0, 2, 1, 3]
)");
  EXPECT_EQ(ir::DotBody(graph), " {\nstream0 -> from1;\nstream0 -> from2;\nfrom1 -> union4;\nfrom1 -> union4;\n}");
}

TEST(Dot, TheBatchSourceIsPrintedOnlyIn02) {
  const char text[] = R"(
node 0 "batch0" batch wants none provides batch parents [] {}
node 1 "query1" query wants batch provides batch parents [0] { arg "SELECT" }
node 2 "alert2" alert wants batch provides batch parents [1] {}
)";
  EXPECT_EQ(ir::DotBody(GraphOf(std::string("ir 1 task batch dialect 1 raw") + text)), " {\nquery1 -> alert2;\n}");
  EXPECT_EQ(ir::DotBody(GraphOf(std::string("ir 1 task batch dialect 2 raw") + text)),
            " {\nbatch0 -> query1;\nquery1 -> alert2;\n}");
}

}  // namespace
}  // namespace tick
