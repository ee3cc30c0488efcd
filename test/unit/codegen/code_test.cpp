// code_test.cpp - descriptors, sharing of machine code, deterministic output.
#include <functional>
#include <thread>

#include "codegen/descriptor.h"
#include "lambda_builder.h"
#include "runner.h"

namespace tick::test {
namespace {

std::string Sv(const char *text) { return text ? text : "(null)"; }

// Everything a descriptor says, code left out, as text.
std::string Describe(const tick_task &task) {
  std::string text;
  auto say = [&](auto... parts) { ((text += std::string(parts) + " "), ...), text += "\n"; };
  auto number = [](auto n) { return std::to_string(n); };
  auto value = [&](const tick_payload &as, uint8_t type) -> std::string {
    if (type == TICK_FLOAT) return number(as.f);
    if (type == TICK_BOOL) return number(as.b);
    if (type == TICK_STRING || type == TICK_REGEX || type == TICK_REFERENCE) return std::string(as.s.data, as.s.size);
    return number(as.i);
  };
  std::function<void(const tick_arg *, uint32_t)> args = [&](const tick_arg *list, uint32_t n) {
    for (uint32_t i = 0; i < n; ++i) {
      say("arg", number(list[i].type), list[i].type == TICK_LIST ? "" : value(list[i].as, list[i].type));
      args(list[i].items, list[i].n_items);
    }
  };
  std::function<void(const tick_property *, uint32_t)> properties = [&](const tick_property *list, uint32_t n) {
    for (uint32_t i = 0; i < n; ++i) {
      say("property", Sv(list[i].name));
      args(list[i].args, list[i].n_args);
      properties(list[i].properties, list[i].n_properties);
    }
  };
  say(number(task.magic), number(task.abi_version), number(task.size), number(task.type), number(task.dialect),
      Sv(task.script), Sv(task.dot), number(task.script_hash), number(task.code_hash));
  for (uint32_t i = 0; i < task.n_dbrps; ++i) say(Sv(task.dbrps[i].database), Sv(task.dbrps[i].retention_policy));
  for (uint32_t i = 0; i < task.n_nodes; ++i) {
    const tick_node &node = task.nodes[i];
    say("node", Sv(node.kind), Sv(node.name), number(task.walk[i]), number(node.wants), number(node.provides),
        number(node.identity), number(node.needs_all), number(node.domain), number(node.state_offset),
        number(node.state_size), number(node.line), number(node.column));
    args(node.args, node.n_args);
    properties(node.properties, node.n_properties);
    for (uint32_t k = 0; k < node.n_parents; ++k) say("parent", number(node.parents[k]));
    for (uint32_t k = 0; k < node.n_children; ++k) say("child", number(node.children[k]));
    for (uint32_t k = 0; k < node.n_needs; ++k) say("needs", Sv(node.needs[k]));
  }
  for (uint32_t i = 0; i < task.n_lambdas; ++i) {
    const tick_lambda &lambda = task.lambdas[i];
    say("lambda", Sv(lambda.text), number(lambda.n_kernels), number(lambda.state_size), number(lambda.flags));
    for (uint32_t k = 0; k < lambda.n_refs; ++k) say("ref", Sv(lambda.refs[k]));
    for (uint32_t k = 0; k < lambda.n_literals; ++k)
      say("literal", number(lambda.literals[k].type), value(lambda.literals[k].as, lambda.literals[k].type));
    for (uint32_t k = 0; k < lambda.n_sites; ++k) {
      const tick_site &site = lambda.sites[k];
      say("site", Sv(site.name), number(site.op), number(site.n_args), number(site.n_scope));
      for (uint32_t o = 0; o < site.n_args; ++o) say("operand", Sv(site.ref_names[o]), Sv(site.texts[o]));
      for (uint32_t o = 0; o < site.n_scope; ++o) say("scope", Sv(site.scope[o]));
    }
    for (uint32_t k = 0; k < lambda.n_kernels; ++k) {
      const tick_kernel_entry &kernel = task.codes[0].kernels[i][k];
      say("kernel", number(kernel.result), number(kernel.may_fail), kernel.run ? "code" : "none");
      for (uint32_t t = 0; t < lambda.n_refs; ++t) say("type", number(kernel.types[t]));
    }
  }
  for (uint32_t i = 0; i < task.n_reads; ++i) {
    say("reads", Sv(task.reads[i].measurement));
    for (uint32_t k = 0; k < task.reads[i].n_fields; ++k) say("field", Sv(task.reads[i].fields[k]));
  }
  for (uint32_t i = 0; i < task.n_domains; ++i) say("domain", number(task.domain_sizes[i]));
  for (uint32_t i = 0; i < task.n_vars; ++i)
    say("var", Sv(task.vars[i].name), Sv(task.vars[i].type), Sv(task.vars[i].description), Sv(task.vars[i].value));
  return text;
}

// Something of everything.
ir::Graph RichGraph() {
  T first = Bin(Call("if", {Bin(Ref("s"), Operator::Match, Regex("a\"b")), Ref("f"), Float(2.5)}), Operator::Greater,
                Neg(Ref("f")));
  T second = Bin(Ref("d"), Operator::Plus, Dur(90000000000));
  ir::Graph graph = MakeGraph({MakeLambda(first, {{Type::String, Type::Float}}),
                               MakeLambda(second, {{Type::Duration}}), MakeLambda(Str("x"), {{}})});
  graph.dbrps = {{"telegraf", "autogen"}, {"db", "rp"}};
  auto scalar = [](Type type, ir::Literal literal) {
    ir::Arg arg;
    arg.type = literal.type = type;
    arg.literal = std::move(literal);
    return arg;
  };
  ir::Arg lambda, list, star;
  lambda.type = Type::Lambda;
  lambda.lambda = 1;
  list.type = Type::List;
  star.type = Type::Star;
  list.items = {scalar(Type::String, {.s = "host"}), star};
  ir::Property log = {"log", {scalar(Type::String, {.s = "/tmp/x"})}, {}, {}};
  log.properties = {{"mode", {scalar(Type::Int, {.i = 420})}, {}, {}}};
  ir::Stage &from = graph.stages[1];
  from.args = {lambda, list, scalar(Type::Float, {.f = 1.25}), scalar(Type::Bool, {.i = 1})};
  from.properties = {{"period", {scalar(Type::Duration, {.i = 10000000000})}, {}, {}}, log};
  from.needs = {"f", "s"};
  from.identity = 0x1234567890abcdef;
  from.state_size = 24;
  graph.domain_sizes = {24};
  graph.reads = {{"", {"f"}}, {"cpu", {"f", "s"}}};
  ir::Var var;
  var.name = "limit";
  var.description = "how \"much\"";
  var.type = Type::Float;
  var.value = scalar(Type::Float, {.f = 30});
  graph.vars = {var};
  return graph;
}

TEST(Descriptor, SharedObjectAndJitSayTheSame) {
  ir::Graph graph = RichGraph();
  std::string error;
  std::shared_ptr<const Code> jit = Jit().compile(graph, &error), shared = LoadEmitted(graph, {1});
  ASSERT_TRUE(jit) << error;
  ASSERT_TRUE(shared);
  std::string want = Describe(jit->task());
  EXPECT_EQ(Describe(shared->task()), want);
  EXPECT_NE(want.find("node from from1 1 1 1 1311768467294899695 0 0 0 24 2 6"), std::string::npos) << want;
  EXPECT_NE(want.find("var limit float how \"much\" 30"), std::string::npos) << want;
}

TEST(Emit, SameGraphSameBytes) {
  ir::Graph graph = RichGraph();
  for (EmitKind kind : {EmitKind::Llvm, EmitKind::LlvmOpt, EmitKind::Assembly, EmitKind::Bitcode, EmitKind::Object,
                        EmitKind::SharedObject}) {
    EmitResult first = Emit(graph, kind, {}), second = Emit(graph, kind, {});
    EXPECT_EQ(first.error, "");
    EXPECT_FALSE(first.bytes.empty());
    EXPECT_TRUE(first.bytes == second.bytes) << static_cast<int>(kind);
  }
}

TEST(Emit, LiteralsAreNotCode) {
  auto graph = [](double limit, std::string text, int64_t ns, std::string regex) {
    T expr = Bin(Bin(Bin(Ref("a"), Operator::Greater, Float(limit)), Operator::And,
                     Bin(Ref("s"), Operator::Equal, Str(std::move(text)))),
                 Operator::Or,
                 Bin(Bin(Ref("d"), Operator::Greater, Dur(ns)), Operator::And,
                     Bin(Ref("s"), Operator::Match, Regex(std::move(regex)))));
    return MakeGraph({MakeLambda(expr, {{Type::Float, Type::String, Type::Duration}})});
  };
  ir::Graph a = graph(30, "x", 1, "r"), b = graph(95.5, "a longer text", 3600000000000, "^o(ther)?$");
  EXPECT_EQ(ir::CodeHash(a), ir::CodeHash(b));
  Jit jit;
  std::string error;
  std::shared_ptr<const Code> code_a = jit.compile(a, &error), code_b = jit.compile(b, &error);
  ASSERT_TRUE(code_a && code_b) << error;
  EXPECT_EQ(jit.live_modules(), 1u);
  EXPECT_EQ(code_a->best().kernels[0][0].run, code_b->best().kernels[0][0].run);
  std::vector<Value> row = {MakeFloat(50), MakeString("x"), MakeDuration(0)};
  EXPECT_EQ(Show(Runner(code_a).kernel({row}, false)[0]), "true");
  EXPECT_EQ(Show(Runner(code_b).kernel({row}, false)[0]), "false");
}

TEST(Emit, ThresholdsOfOneTaskShareTheirCode) {
  auto over = [](double limit) {
    return MakeLambda(Bin(Ref("value"), Operator::Greater, Float(limit)), {{Type::Float}});
  };
  ir::Graph graph = MakeGraph({over(30), over(0)});
  std::string error;
  for (std::shared_ptr<const Code> code : {Jit().compile(graph, &error), LoadEmitted(graph, {1})}) {
    ASSERT_TRUE(code) << error;
    EXPECT_EQ(code->best().kernels[0][0].run, code->best().kernels[1][0].run);
    EXPECT_EQ(code->best().tagged[0], code->best().tagged[1]);
    EXPECT_EQ(Show(Runner(code, 0).kernel({{MakeFloat(5)}}, false)[0]), "false");
    EXPECT_EQ(Show(Runner(code, 1).kernel({{MakeFloat(5)}}, false)[0]), "true");
  }
}

TEST(Emit, AnotherOperatorIsOtherCode) {
  Jit jit;
  std::string error;
  auto keep = [&](Operator op) {
    return jit.compile(MakeGraph({MakeLambda(Bin(Ref("a"), op, Float(1)), {{Type::Float}})}), &error);
  };
  std::shared_ptr<const Code> less = keep(Operator::Less), more = keep(Operator::Greater);
  EXPECT_EQ(jit.live_modules(), 2u);
}

TEST(Jit, CodeIsFreedWithItsLastUser) {
  Jit jit;
  std::string error;
  ir::Graph graph = RichGraph();
  std::shared_ptr<const Code> first = jit.compile(graph, &error), second = jit.compile(graph, &error);
  EXPECT_EQ(jit.live_modules(), 1u);
  first.reset();
  EXPECT_EQ(jit.live_modules(), 1u);
  second.reset();
  EXPECT_EQ(jit.live_modules(), 0u);
  EXPECT_TRUE(jit.compile(graph, &error)) << error;
}

TEST(Jit, CodeOutlivesItsJit) {
  std::string error;
  std::shared_ptr<const Code> code = Jit().compile(RichGraph(), &error);
  ASSERT_TRUE(code) << error;
  EXPECT_EQ(Show(Runner(code, 1).kernel({{MakeDuration(1)}}, false)[0]), "90000000001ns");
}

TEST(Jit, GraphsWithoutLambdasNeedNoModule) {
  Jit jit;
  std::string error;
  std::shared_ptr<const Code> code = jit.compile(MakeGraph({}), &error);
  ASSERT_TRUE(code) << error;
  EXPECT_EQ(jit.live_modules(), 0u);
  EXPECT_EQ(code->task().n_nodes, 2u);
  EXPECT_EQ(code->best().level, CpuLevel());
}

TEST(Jit, HotFunctionsBecomeVectorCodeAndGiveTheSame) {
  Jit jit({.hot_rows = 1000});
  std::string error;
  T expr = Bin(Bin(Ref("a"), Operator::Mult, Ref("a")), Operator::Plus, Ref("a"));
  std::shared_ptr<const Code> code = jit.compile(MakeGraph({MakeLambda(expr, {{Type::Float}, {Type::Int}})}), &error);
  ASSERT_TRUE(code) << error;
  Rows rows;
  for (int i = 0; i < 100; ++i) rows.push_back({MakeFloat(i / 7.0)});
  std::vector<Outcome> before = Runner(code).kernel(rows, false);
  EXPECT_EQ(jit.optimized_functions(), 0u);
  for (int i = 0; i < 20; ++i) Runner(code).kernel(rows, false);
  for (int i = 0; i < 1000 && jit.optimized_functions() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(jit.optimized_functions(), 1u);
  std::vector<Outcome> after = Runner(code).kernel(rows, false);
  for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(Show(before[i]), Show(after[i]));
}

TEST(Jit, ManyThreadsShareOneModule) {
  Jit jit({.hot_rows = 64});
  ir::Graph graph = RichGraph();
  Rows rows(16, {MakeString("a\"b"), MakeFloat(2)});
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        std::string error;
        std::shared_ptr<const Code> code = jit.compile(graph, &error);
        Runner runner(code);
        bool all = true;
        for (const Outcome &outcome : runner.kernel(rows, i % 2 == 0)) all &= Show(outcome) == "true";
        right += all;
      }
    });
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(right, 200);
}

}  // namespace
}  // namespace tick::test
