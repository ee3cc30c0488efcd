// verify_test.cpp - each rule of docs/ir.md refuses a graph that breaks it, and says which.
#include <functional>

#include "test/unit/ir/lambda.h"

namespace tick {
namespace {

// A graph with a bit of everything, in both stages.
ir::Graph Good(bool canonical) {
  ir::Graph graph = GraphOf(R"(ir 1 task stream dialect 1 raw
var "a" int = 1
var "b" int
lambda @0 "count() > 1 AND \"v\" / 2 == 1" {
  refs ["v"] literals [1, 2, 3]
  body {
    %0 = call "count" %1 = literal 0 %2 = binary ">" %0 %1
    %3 = ref "v" %4 = literal 1 %5 = binary "/" %3 %4 %6 = literal 2 %7 = binary "==" %5 %6
    %8 = binary "AND" %2 %7
  }
}
node 0 "stream0" stream wants none provides stream parents [] {}
node 1 "from1" from wants stream provides stream parents [0] { property groupBy ("host") }
node 2 "where2" where wants stream provides stream parents [1] { arg lambda @0 }
node 3 "where3" where wants stream provides stream parents [2] { arg lambda @0 }
)");
  Source source{"test", ""};
  Diagnostics diagnostics(source);
  bool done = !canonical || Canonicalize(graph, diagnostics);
  EXPECT_TRUE(done) << diagnostics.text();
  return graph;
}

// What Verify says of a good graph after `damage`.
std::string Broken(bool canonical, const std::function<void(ir::Graph &)> &damage) {
  ir::Graph graph = Good(canonical);
  EXPECT_EQ(ir::Verify(graph), "");
  damage(graph);
  return ir::Verify(graph);
}
std::string BrokenRaw(const std::function<void(ir::Graph &)> &damage) { return Broken(false, damage); }
std::string BrokenLambda(const std::function<void(ir::Lambda &)> &damage) {
  return Broken(false, [&](ir::Graph &graph) { damage(graph.lambdas[0]); });
}
// Damage to the instructions of the int variant: count() > 1 AND v / 2 == 1.
std::string BrokenVariant(const std::function<void(ir::Variant &)> &damage) {
  return Broken(true, [&](ir::Graph &graph) { damage(graph.lambdas[0].variants[0]); });
}
ir::Inst *Find(ir::Variant &variant, ir::InstOp op) {
  for (ir::Inst &inst : variant.insts)
    if (inst.op == op) return &inst;
  return nullptr;
}

TEST(Verify, G1Dialect) { EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.dialect = 3; }), "the dialect is neither 1 nor 2"); }
TEST(Verify, G2KindsAndNames) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[1].kind = ""; }), "node 1 has no kind");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[2].name = "from1"; }), "two nodes are named \"from1\"");
}
TEST(Verify, G3ParentsFirst) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[0].children.clear(), g.stages[1].parents = {2}; }),
            "node \"from1\" comes before its parent");
}
TEST(Verify, G4LinksBothWays) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[1].children.clear(); }),
            "node \"from1\" does not list its child where2");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[1].children.push_back(2); }),
            "node \"from1\" does not list its child where2");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[3].children = {2}; }),
            "node \"where3\" lists a child that has other parents");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[3].children = {9}; }),
            "node \"where3\" has a child that is not there");
}
TEST(Verify, G5Edges) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[2].wants = ir::Edge::Batch; }),
            "node \"where2\" wants another edge than node \"from1\" provides");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[2].provides = g.stages[3].wants = ir::Edge::None; }),
            "node \"where3\" wants another edge than node \"where2\" provides");
}
TEST(Verify, G6Source) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.batch = true; }), "node 0 is not the source of a batch task");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[0].kind = "from"; }), "node 0 is not the source of a stream task");
}
TEST(Verify, G7Walk) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.walk = {0, 1, 2, 2}; }), "the walk does not name each node once");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.walk = {0, 1, 2}; }), "the walk does not name each node once");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.walk = {0, 1, 2, 4}; }), "the walk does not name each node once");
}
TEST(Verify, G8Arguments) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[2].args[0].lambda = 1; }),
            "node \"where2\" has a lambda that is not there");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[2].args[0].type = Type::Time; }),
            "node \"where2\" has an argument of type time");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) {
              g.stages[1].properties[0].args[0] = {.type = Type::List, .items = {{.type = Type::Missing}}};
            }),
            "node \"from1\" property groupBy has an argument of type missing");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.stages[1].properties[0].name = ""; }),
            "node \"from1\" has a property without name");
}
TEST(Verify, G9Vars) {
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.vars[1].name = "a"; }), "vars are not sorted by name");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.vars[1].type = Type::Missing; }), "var \"b\" has the type missing");
}

TEST(Verify, L1Tree) {
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.body.clear(); }), "lambda @0 is empty");
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) {
              l.body[2].operands = {0, 2};
            }),
            "lambda @0: %2 uses %2, which does not come before it");
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.body[2].operands = {0, 0}; }), "lambda @0: %0 is used twice");
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.body.pop_back(); }), "lambda @0: %2 is not used");
}
TEST(Verify, L2Operands) {
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.body[8].op = ir::ExprOp::Not; }), "lambda @0: %8 needs 1 operands");
}
TEST(Verify, L3Indexes) {
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.body[3].index = 1; }), "lambda @0: %3 is a ref that is not there");
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.body[1].index = 3; }), "lambda @0: %1 is a literal that is not there");
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.body[0].function = ""; }),
            "lambda @0: %0 calls a function without name");
}
TEST(Verify, L4RefsAndLiterals) {
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.refs = {"v", "w", "v"}; }), "lambda @0 lists the ref \"v\" twice");
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.literals[0].type = Type::Time; }),
            "lambda @0 has a literal of type time");
}
TEST(Verify, L5RawIsUntyped) {
  EXPECT_EQ(BrokenLambda([](ir::Lambda &l) { l.variants.emplace_back(); }), "lambda @0 is typed, but the graph is raw");
  EXPECT_EQ(BrokenRaw([](ir::Graph &g) { g.domain_sizes = {8}; }), "the graph is laid out, but raw");
}

TEST(Verify, V1Variants) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.types.clear(); }),
            "lambda @0 variant 0 has another number of types than the lambda has refs");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.types[0] = Type::Regex; }),
            "lambda @0 variant 0 gives a ref the type regex");
  EXPECT_EQ(
      Broken(true, [](ir::Graph &g) { g.lambdas[0].variants.push_back(g.lambdas[0].variants[0]); }),
      "lambda @0 variant " + std::to_string(Good(true).lambdas[0].variants.size()) + " has the types of variant 0");
  EXPECT_EQ(Broken(true, [](ir::Graph &g) { g.lambdas[0].variants.resize(17); }),
            "lambda @0 has more than 16 variants");
}
TEST(Verify, V2Tree) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.insts.clear(); }), "lambda @0 variant 0 is empty");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.insts.back().operands.pop_back(); }),
            "lambda @0 variant 0: %7 is not used");
}
TEST(Verify, V3Result) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.result = Type::Int; }),
            "lambda @0 variant 0 says it gives another type than its last instruction");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.may_fail = !v.may_fail; }),
            "lambda @0 variant 0 is wrong about whether it may fail");
}
TEST(Verify, V4RefsAndLiterals) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Ref)->index = 5; }),
            "lambda @0 variant 0: %3 is a ref that is not there");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.types[0] = Type::String; }),
            "lambda @0 variant 0: %3 has another type than its ref");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Literal)->index = 5; }),
            "lambda @0 variant 0: %1 is a literal that is not there");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Literal)->type = Type::Float; }),
            "lambda @0 variant 0: %1 has another type than its literal");
}
TEST(Verify, V5Operators) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Binary)->binary = Operator::Match; }),
            "lambda @0 variant 0: %2 has operands that its operator does not take");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Binary)->type = Type::Int; }),
            "lambda @0 variant 0: %2 has another type than its operator gives");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Binary)->may_fail = true; }),
            "lambda @0 variant 0: %2 is wrong about whether it may fail");
  EXPECT_EQ(BrokenVariant(
                [](ir::Variant &v) { v.insts.back().op = ir::InstOp::Binary, v.insts.back().binary = Operator::And; }),
            "lambda @0 variant 0: %8 must be `and` or `or`");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.insts.back().type = Type::Int, v.result = Type::Int; }),
            "lambda @0 variant 0: %8 needs two booleans and gives one");
}
TEST(Verify, V6Unary) {
  auto wrap = [](ir::InstOp op, Type type) {
    return BrokenVariant(
        [=](ir::Variant &v) { v.insts.push_back({.op = op, .type = type, .operands = {8}}), v.result = type; });
  };
  EXPECT_EQ(wrap(ir::InstOp::Not, Type::Int), "lambda @0 variant 0: %9 needs a boolean and gives one");
  EXPECT_EQ(wrap(ir::InstOp::Negate, Type::Bool), "lambda @0 variant 0: %9 negates what is no number");
  EXPECT_EQ(wrap(ir::InstOp::Negate, Type::Int), "lambda @0 variant 0: %9 has another type than its operand");
  EXPECT_EQ(wrap(ir::InstOp::ToFloat, Type::Float), "lambda @0 variant 0: %9 must turn an int into a float");
}
TEST(Verify, V7Calls) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Call)->function = kFunctionCount; }),
            "lambda @0 variant 0: %0 calls a function that is not there");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Call)->function = 0; }),
            "lambda @0 variant 0: %0 has operands that its function does not take");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Call)->type = Type::Float; }),
            "lambda @0 variant 0: %0 has another type than its function gives");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Call)->may_fail = true; }),
            "lambda @0 variant 0: %0 is wrong about whether it may fail");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Call)->state = 8; }),
            "lambda @0 variant 0: %0 keeps state outside the lambda's");
  EXPECT_EQ(Broken(true, [](ir::Graph &g) { g.lambdas[0].state_size = 12; }),
            "lambda @0 has a state size that is no multiple of 8");
}
TEST(Verify, V8Failures) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.insts = {{.op = ir::InstOp::Fail, .type = Type::Bool}}; }),
            "lambda @0 variant 0: %0 fails and must say so");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { Find(v, ir::InstOp::Ref)->may_fail = true; }),
            "lambda @0 variant 0: %3 cannot fail but says it may");
}
TEST(Verify, V9MissingOnlyUnderIsPresent) {
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) {
              v.types[0] = v.result = Type::Missing;
              v.insts = {{.op = ir::InstOp::Ref, .type = Type::Missing}};
              v.may_fail = false;
            }), "lambda @0 variant 0: %0 gives a value that is missing");
  EXPECT_EQ(BrokenVariant([](ir::Variant &v) { v.types[0] = Find(v, ir::InstOp::Ref)->type = Type::Missing; }),
            "lambda @0 variant 0: %5 has operands that its operator does not take");
}

TEST(Verify, C1Domains) {
  EXPECT_EQ(Broken(true, [](ir::Graph &g) { g.domain_sizes[1] = 9; }), "a group record's size is no multiple of 8");
  EXPECT_EQ(Broken(true, [](ir::Graph &g) { g.stages[2].domain = 2; }),
            "node \"where2\" is of a domain that is not there");
}
TEST(Verify, C2State) {
  EXPECT_EQ(Broken(true, [](ir::Graph &g) { g.stages[2].state_offset += 4; }),
            "node \"where2\" has state that is not aligned");
  EXPECT_EQ(Broken(true, [](ir::Graph &g) { g.stages[3].state_size += 8; }),
            "node \"where3\" has state outside its group record");
  EXPECT_EQ(Broken(true, [](ir::Graph &g) { g.stages[2].state_size += 8; }),
            "node \"where3\" shares state with node \"where2\"");
}
TEST(Verify, C3SortedNames) {
  EXPECT_EQ(Broken(true,
                   [](ir::Graph &g) {
                     g.stages[1].needs = {"b", "a"};
                   }),
            "node \"from1\" has needs that are not sorted");
  EXPECT_EQ(Broken(true,
                   [](ir::Graph &g) {
                     g.reads = {{"b", {}}, {"a", {}}};
                   }),
            "reads are not sorted by measurement");
  EXPECT_EQ(Broken(true,
                   [](ir::Graph &g) {
                     g.reads = {{"b", {"x", "x"}}};
                   }),
            "the fields read of \"b\" are not sorted");
}

TEST(Verify, TextOfABrokenGraphIsRefused) {
  EXPECT_EQ(
      ReadText("ir 1 task stream dialect 1 raw node 0 \"x\" from wants none provides stream parents [] {}").report,
      "the graph breaks a rule of the IR: node 0 is not the source of a stream task\n");
}

}  // namespace
}  // namespace tick
