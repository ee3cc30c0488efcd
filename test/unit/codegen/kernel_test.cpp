// kernel_test.cpp - what kernels compute; every case also checks that dense, selected, tagged, JIT, shared object
// and all code levels agree (see runner.h).
#include <limits>

#include "lambda_builder.h"
#include "runner.h"

namespace tick::test {
namespace {

using Texts = std::vector<std::string>;
constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();

// Rows of one column.
Rows Column(const std::vector<Value> &values) {
  Rows rows;
  for (const Value &value : values) rows.push_back({value});
  return rows;
}
Rows Ints(std::initializer_list<int64_t> values) {
  Rows rows;
  for (int64_t value : values) rows.push_back({MakeInt(value)});
  return rows;
}
Rows Floats(std::initializer_list<double> values) {
  Rows rows;
  for (double value : values) rows.push_back({MakeFloat(value)});
  return rows;
}
Rows IntPairs(std::initializer_list<std::pair<int64_t, int64_t>> values) {
  Rows rows;
  for (auto [a, b] : values) rows.push_back({MakeInt(a), MakeInt(b)});
  return rows;
}

// One lambda whose references have these types.
Texts Eval(const T &root, const std::vector<Type> &types, const Rows &rows) {
  return RunAll(MakeGraph({MakeLambda(root, {types})}), rows);
}

TEST(Kernel, ThresholdOverMoreRowsThanAVectorHolds) {
  Rows rows;
  Texts want;
  for (int i = 0; i < 1027; ++i) {
    rows.push_back({MakeFloat(i % 61)});
    want.push_back(i % 61 > 30 ? "true" : "false");
  }
  EXPECT_EQ(Eval(Bin(Ref("value"), Operator::Greater, Float(30)), {Type::Float}, rows), want);
}

TEST(Kernel, NoRowsAreNoRows) {
  ir::Graph graph = MakeGraph({MakeLambda(Bin(Ref("a"), Operator::Div, Int(0)), {{Type::Int}})});
  std::string error;
  std::shared_ptr<const Code> code = Jit().compile(graph, &error);
  ASSERT_TRUE(code) << error;
  const void *columns[] = {nullptr};
  tick_kernel_args args = {.columns = columns, .literals = code->task().lambdas[0].literals[0].as.i == 0
                                                               ? &code->task().lambdas[0].literals[0].as
                                                               : nullptr};
  EXPECT_EQ(code->best().kernels[0][0].run(&args), 0u);
}

TEST(Kernel, IntsWrap) {
  EXPECT_EQ(Eval(Bin(Ref("a"), Operator::Plus, Int(1)), {Type::Int}, Ints({kMax, -1})),
            Texts({std::to_string(kMin), "0"}));
  EXPECT_EQ(Eval(Bin(Ref("a"), Operator::Mult, Int(2)), {Type::Int}, Ints({kMin, 3})), Texts({"0", "6"}));
  EXPECT_EQ(Eval(Neg(Ref("a")), {Type::Int}, Ints({kMin, 5})), Texts({std::to_string(kMin), "-5"}));
}

TEST(Kernel, IntDivisionTruncatesAndFailsOnZero) {
  Rows rows = IntPairs({{7, 2}, {-7, 2}, {7, -2}, {1, 0}, {kMin, -1}, {0, 5}, {5, -1}});
  EXPECT_EQ(Eval(Bin(Ref("a"), Operator::Div, Ref("b")), {Type::Int, Type::Int}, rows),
            Texts({"3", "-3", "-3", "failed", std::to_string(kMin), "0", "-5"}));
}

TEST(Kernel, RemainderHasTheSignOfTheDividend) {
  Rows rows = IntPairs({{-5, 3}, {5, -3}, {5, 0}, {kMin, -1}, {7, 7}});
  EXPECT_EQ(Eval(Bin(Ref("a"), Operator::Mod, Ref("b")), {Type::Int, Type::Int}, rows),
            Texts({"-2", "2", "failed", "0", "0"}));
}

TEST(Kernel, FloatDivisionIsIeee) {
  Texts got = Eval(Bin(Ref("a"), Operator::Div, Float(0)), {Type::Float}, Floats({1, -1, 0}));
  EXPECT_EQ(got, Texts({"inf", "-inf", "nan"}));
}

TEST(Kernel, NanComparesUnequalToEverything) {
  auto run = [](Operator op) { return Eval(Bin(Ref("a"), op, Ref("a")), {Type::Float}, Floats({kNan, 1})); };
  EXPECT_EQ(run(Operator::Equal), Texts({"false", "true"}));
  EXPECT_EQ(run(Operator::NotEqual), Texts({"true", "false"}));
  EXPECT_EQ(run(Operator::LessEqual), Texts({"false", "true"}));
  EXPECT_EQ(run(Operator::Greater), Texts({"false", "false"}));
}

TEST(Kernel, IntAgainstFloatComparesAsDouble) {
  Rows rows = Ints({9007199254740993, 9007199254740992, 5});
  EXPECT_EQ(Eval(Bin(Ref("a"), Operator::Equal, Float(9007199254740992.0)), {Type::Int}, rows),
            Texts({"true", "true", "false"}));
  EXPECT_EQ(Eval(Bin(Ref("a"), Operator::Equal, Int(9007199254740992)), {Type::Int}, rows),
            Texts({"false", "true", "false"}));
}

TEST(Kernel, DurationsScale) {
  Rows rows = Column({MakeDuration(1000000000), MakeDuration(-3)});
  std::vector<Type> types = {Type::Duration};
  EXPECT_EQ(Eval(Bin(Ref("d"), Operator::Mult, Float(1.5)), types, rows), Texts({"1500000000ns", "-4ns"}));
  EXPECT_EQ(Eval(Bin(Float(1e300), Operator::Mult, Ref("d")), types, rows),
            Texts({std::to_string(kMin) + "ns", std::to_string(kMin) + "ns"}));
  EXPECT_EQ(Eval(Bin(Ref("d"), Operator::Div, Float(0)), types, rows),
            Texts({std::to_string(kMin) + "ns", std::to_string(kMin) + "ns"}));
  EXPECT_EQ(Eval(Bin(Ref("d"), Operator::Div, Int(3)), types, rows), Texts({"333333333ns", "-1ns"}));
  EXPECT_EQ(Eval(Bin(Ref("d"), Operator::Div, Dur(0)), types, rows), Texts({"failed", "failed"}));
  EXPECT_EQ(Eval(Bin(Ref("d"), Operator::Div, Dur(3)), types, rows), Texts({"333333333", "-1"}));
}

TEST(Kernel, FloatToIntGivesTheSmallestIntOutOfRange) {
  std::string min = std::to_string(kMin);
  EXPECT_EQ(Eval(Call("int", {Ref("a")}), {Type::Float},
                Floats({2.9, -2.9, 1e21, -1e21, kNan, kInf, 0x1p63, -0x1p63, 9223372036854774784.0})),
            Texts({"2", "-2", min, min, min, min, min, min, "9223372036854774784"}));
}

TEST(Kernel, AndDecidesBeforeTheRightSideFails) {
  T right = Bin(Bin(Int(10), Operator::Div, Ref("a")), Operator::Greater, Int(2));
  EXPECT_EQ(Eval(Bin(Bin(Ref("a"), Operator::NotEqual, Int(0)), Operator::And, right), {Type::Int}, Ints({0, 3, 5})),
            Texts({"false", "true", "false"}));
  EXPECT_EQ(Eval(Bin(Bin(Ref("a"), Operator::Equal, Int(0)), Operator::Or, right), {Type::Int}, Ints({0, 3, 5})),
            Texts({"true", "true", "false"}));
  EXPECT_EQ(Eval(Bin(right, Operator::And, Bin(Ref("a"), Operator::NotEqual, Int(0))), {Type::Int}, Ints({0, 3, 5})),
            Texts({"failed", "true", "false"}));
}

TEST(Kernel, CheapSidesOfAndAreComputedTogether) {
  T expr = Bin(Bin(Bin(Bin(Ref("a"), Operator::Mult, Float(2)), Operator::Plus, Ref("b")), Operator::Greater,
                   Float(0.5)),
               Operator::And, Bin(Ref("c"), Operator::Less, Float(10)));
  Rows rows;
  Texts want;
  for (int i = 0; i < 100; ++i) {
    double a = i * 0.01, b = -0.25, c = i % 13;
    rows.push_back({MakeFloat(a), MakeFloat(b), MakeFloat(c)});
    want.push_back(a * 2 + b > 0.5 && c < 10 ? "true" : "false");
  }
  EXPECT_EQ(Eval(expr, {Type::Float, Type::Float, Type::Float}, rows), want);
}

TEST(Kernel, StringsCompareBytewise) {
  Rows rows = Column({MakeString("hello"), MakeString("help"), MakeString(""), MakeString("hell")});
  std::vector<Type> types = {Type::String};
  EXPECT_EQ(Eval(Bin(Ref("s"), Operator::Equal, Str("hello")), types, rows), Texts({"true", "false", "false", "false"}));
  EXPECT_EQ(Eval(Bin(Ref("s"), Operator::NotEqual, Str("")), types, rows), Texts({"true", "true", "false", "true"}));
  EXPECT_EQ(Eval(Bin(Ref("s"), Operator::Less, Str("hello")), types, rows), Texts({"false", "false", "true", "true"}));
  EXPECT_EQ(Eval(Bin(Ref("s"), Operator::Plus, Str("!")), types, rows), Texts({"'hello!'", "'help!'", "'!'", "'hell!'"}));
}

TEST(Kernel, RegexesMatchAnywhere) {
  Rows rows = Column({MakeString("serverA"), MakeString("web")});
  EXPECT_EQ(Eval(Bin(Ref("s"), Operator::Match, Regex("er.er")), {Type::String}, rows), Texts({"true", "false"}));
  EXPECT_EQ(Eval(Bin(Ref("s"), Operator::NotMatch, Regex("^web$")), {Type::String}, rows), Texts({"true", "false"}));
}

TEST(Kernel, CallsThatFailFailTheirRow) {
  Rows rows = Column({MakeString("17"), MakeString("x"), MakeString("-3")});
  EXPECT_EQ(Eval(Bin(Call("int", {Ref("s")}), Operator::Plus, Int(1)), {Type::String}, rows),
            Texts({"18", "failed", "-2"}));
  EXPECT_EQ(Eval(Call("strLength", {Call("strSubstring", {Ref("s"), Int(0), Int(1)})}), {Type::String}, rows),
            Texts({"1", "failed", "1"}));
}

TEST(Kernel, StatefulFunctionsAdvanceOnlyWhereTheyAreReached) {
  T counted = Bin(Bin(Call("int", {Ref("s")}), Operator::Mult, Int(0)), Operator::Plus, Call("count", {}));
  Rows rows = Column({MakeString("1"), MakeString("x"), MakeString("2")});
  EXPECT_EQ(Eval(counted, {Type::String}, rows), Texts({"1", "failed", "2"}));
  T guarded = Bin(Ref("b"), Operator::And, Bin(Call("count", {}), Operator::Greater, Int(1)));
  EXPECT_EQ(Eval(guarded, {Type::Bool}, Column({MakeBool(true), MakeBool(false), MakeBool(true)})),
            Texts({"false", "false", "true"}));
  T twice = Bin(Call("count", {}), Operator::Plus, Call("count", {}));
  EXPECT_EQ(Eval(Bin(Bin(Ref("i"), Operator::Mult, Int(0)), Operator::Plus, twice), {Type::Int}, Ints({0, 0, 0})),
            Texts({"3", "7", "11"}));
  EXPECT_EQ(Eval(Bin(Call("sigma", {Ref("f")}), Operator::Plus, Call("spread", {Ref("f")})), {Type::Float},
                Floats({1, 2, 3})),
            Texts({"0x0p+0", "0x1.b504f333f9de6p+0", "0x1.8p+1"}));
}

TEST(Kernel, IfTakesEveryType) {
  T c = Bin(Ref("i"), Operator::Greater, Int(3));
  std::vector<Type> types = {Type::Int};
  Rows rows = Ints({5, 1});
  EXPECT_EQ(Eval(Call("if", {c, Str("hi"), Str("lo")}), types, rows), Texts({"'hi'", "'lo'"}));
  EXPECT_EQ(Eval(Call("if", {c, Int(1), Int(2)}), types, rows), Texts({"1", "2"}));
  EXPECT_EQ(Eval(Call("if", {c, Dur(1), Dur(2)}), types, rows), Texts({"1ns", "2ns"}));
  EXPECT_EQ(Eval(Bin(Str("a"), Operator::Match, Call("if", {c, Regex("a"), Regex("b")})), types, rows),
            Texts({"true", "false"}));
}

TEST(Kernel, RoundingIsTheSameWithAndWithoutHardware) {
  for (const char *name : {"floor", "ceil", "trunc", "abs", "sqrt"})
    Eval(Call(name, {Ref("f")}), {Type::Float}, Floats({-0.5, 0.5, 2.5, -2.5, 1e300, kNan, -kInf, 0x1p52 + 0.5}));
  EXPECT_EQ(Eval(Call("ceil", {Ref("f")}), {Type::Float}, Floats({-0.5})), Texts({"-0x0p+0"}));
}

TEST(Kernel, ConstantsFillTheirColumn) {
  ir::Lambda lambda = MakeLambda(Bool(true), {{}});
  EXPECT_EQ(RunAll(MakeGraph({lambda}), Rows(9)), Texts(9, "true"));
}

}  // namespace
}  // namespace tick::test
