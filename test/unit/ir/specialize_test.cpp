// specialize_test.cpp - which type combinations of a lambda get code, and what the code does.
#include "test/unit/ir/lambda.h"

namespace tick {
namespace {

TEST(Specialize, ComparisonWithANumberTakesFloatsAndInts) {
  ir::Lambda lambda = Canonical(Op(">", Ref("v"), Lit(30)), "where");
  EXPECT_EQ(VariantsOf(lambda), "float -> boolean, int -> boolean");
  EXPECT_EQ(InstText(lambda, 0), ">(v:float, float(#0:int))");
  EXPECT_EQ(InstText(lambda, 1), ">(v:int, #0:int)");
}

TEST(Specialize, ArithmeticDoesNotMixTypes) {
  EXPECT_EQ(VariantsOf(Canonical(Op("+", Ref("v"), Lit(1)))), "int -> int");
  EXPECT_EQ(VariantsOf(Canonical(Op("*", Ref("v"), Lit(2.0)))), "float -> float, duration -> duration");
  EXPECT_EQ(VariantsOf(Canonical(Op("+", Ref("a"), Ref("b")))),
            "float float -> float, int int -> int, string string -> string, duration duration -> duration");
}

TEST(Specialize, IntDivisionMayFail) {
  EXPECT_EQ(VariantsOf(Canonical(Op("/", Ref("a"), Ref("b")))),
            "float float -> float, int int -> int!, duration duration -> int!, duration float -> duration, duration "
            "int -> duration!");
}

TEST(Specialize, StringAndRegexContexts) {
  EXPECT_EQ(VariantsOf(Canonical(Op("==", Ref("host"), Lit("a")), "where")), "string -> boolean");
  EXPECT_EQ(VariantsOf(Canonical(Op("=~", Ref("host"), Regex("a")), "where")), "string -> boolean");
}

TEST(Specialize, TypesFlowThroughOperators) {
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Op("+", Ref("a"), Ref("b")), Lit("x")), "where")), "string string -> boolean");
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Call("abs", {Ref("a")}), Lit(1.0)), "where")), "float -> boolean");
}

TEST(Specialize, ALoneReferenceIsWhatItsUserTakes) {
  EXPECT_EQ(VariantsOf(Canonical(Ref("v"), "where")), "boolean -> boolean");
  EXPECT_EQ(VariantsOf(Canonical(Ref("v"))),
            "float -> float, int -> int, string -> string, boolean -> boolean, duration -> duration");
}

TEST(Specialize, WhatIsNoBooleanHasNoCodeWhereOneIsWanted) {
  EXPECT_EQ(VariantsOf(Canonical(Op("+", Ref("v"), Lit(1)), "where")), "");
}

TEST(Specialize, TimeIsAlwaysTime) {
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Call("hour", {Ref("time")}), Lit(8)), "where")), "time -> boolean");
}

TEST(Specialize, LogicDecidesEarly) {
  ir::Lambda lambda = Canonical(Op("AND", Op(">", Ref("a"), Lit(1.0)), Op("<", Ref("b"), Lit(2.0))), "where");
  EXPECT_EQ(VariantsOf(lambda),
            "float float -> boolean, int int -> boolean, float int -> boolean, int float -> boolean");
  EXPECT_EQ(InstText(lambda, 0), "AND(>(a:float, #0:float), <(b:float, #1:float))");
}

// language.md 4.3: a comparison is boolean without a look at its operands, so it fails only where it is evaluated.
TEST(Specialize, PresenceGuardsAComparison) {
  ir::Lambda lambda = Canonical(Op("AND", Call("isPresent", {Ref("q")}), Op(">", Ref("q"), Lit(1))), "where");
  EXPECT_EQ(VariantsOf(lambda), "float -> boolean, int -> boolean, missing -> boolean!");
  EXPECT_EQ(InstText(lambda, 2), "AND(tick_fn_isPresent_b(q:missing), fail:boolean)");
}

// The type of the right side is computed before anything is decided.
TEST(Specialize, PresenceDoesNotGuardTypes) {
  EXPECT_EQ(VariantsOf(Canonical(Op("AND", Call("isPresent", {Ref("q")}), Ref("q")), "where")), "boolean -> boolean");
  EXPECT_EQ(VariantsOf(Canonical(Call("if", {Call("isPresent", {Ref("q")}), Ref("q"), Lit(0)}))), "int -> int");
  EXPECT_EQ(VariantsOf(Canonical(Op("AND", Call("isPresent", {Ref("q")}), Call("strHasPrefix", {Ref("q"), Lit("a")})),
                                 "where")),
            "string -> boolean");
}

TEST(Specialize, AbsenceAloneIsAValue) {
  EXPECT_EQ(VariantsOf(Canonical(Not(Call("isPresent", {Ref("q")})), "where")),
            "float -> boolean, int -> boolean, string -> boolean, boolean -> boolean, missing -> boolean");
}

TEST(Specialize, NoVariantForAMissingReferenceNobodyAsksFor) {
  EXPECT_EQ(VariantsOf(Canonical(Op("OR", Op(">", Ref("a"), Lit(1.0)), Op(">", Ref("q"), Lit(1.0))), "where")),
            "float float -> boolean, int int -> boolean, float int -> boolean, int float -> boolean");
}

TEST(Specialize, TheLeftSideOfLogicIsAlwaysEvaluated) {
  EXPECT_EQ(VariantsOf(Canonical(Op("OR", Op(">", Ref("q"), Lit(1)), Call("isPresent", {Ref("q")})), "where")),
            "float -> boolean, int -> boolean");
}

TEST(Specialize, AnOperatorThatNeverFitsFailsOnlyWhereItIsEvaluated) {
  ir::Lambda lambda = Canonical(Op("OR", Op(">", Ref("b"), Lit(1)), Not(Lit(5))), "where");
  EXPECT_EQ(VariantsOf(lambda), "float -> boolean!, int -> boolean!");
  EXPECT_EQ(InstText(lambda, 1), "OR(>(b:int, #0:int), fail:boolean)");
}

TEST(Specialize, UnknownFunctionsAndArgumentsHaveNoCode) {
  EXPECT_EQ(VariantsOf(Canonical(Call("nosuch", {Ref("f")}))), "");
  EXPECT_EQ(VariantsOf(Canonical(Call("abs"))), "");
  EXPECT_EQ(VariantsOf(Canonical(Call("strReplace", {Ref("a"), Lit("b"), Lit("c"), Lit(1), Lit(2)}))), "");
}

TEST(Specialize, MinusOnABooleanNegatesIt) {
  ir::Lambda lambda = Canonical(Neg(Ref("v")));
  EXPECT_EQ(VariantsOf(lambda), "float -> float, int -> int, boolean -> boolean, duration -> duration");
  EXPECT_EQ(InstText(lambda, 2), "!(v:boolean)");
}

Tree Conditions(int n) {
  Tree tree = Op(">", Ref("a0"), Lit(1.0));
  for (int i = 1; i < n; ++i) tree = Op("AND", std::move(tree), Op(">", Ref("a" + std::to_string(i)), Lit(1.0)));
  return tree;
}

TEST(Specialize, AFewReferencesGetEveryCombination) {
  EXPECT_EQ(Canonical(Conditions(3), "where").variants.size(), 8u);
}

// All alike first, then those in which one reference differs.
TEST(Specialize, MoreReferencesKeepTheLikelyCombinations) {
  ir::Lambda lambda = Canonical(Conditions(5), "where");
  ASSERT_GT(lambda.variants.size(), 3u);
  EXPECT_EQ(lambda.variants[0].types, std::vector<Type>(5, Type::Float));
  EXPECT_EQ(lambda.variants[1].types, std::vector<Type>(5, Type::Int));
  for (size_t i = 2; i < lambda.variants.size(); ++i)
    EXPECT_EQ(std::count(lambda.variants[i].types.begin(), lambda.variants[i].types.end(), Type::Int), 1);
}

TEST(Specialize, LargeLambdasGetTwoVariants) {
  ir::Lambda lambda = Canonical(Conditions(40), "where");
  ASSERT_EQ(lambda.variants.size(), 2u);
  EXPECT_EQ(lambda.variants[0].types, std::vector<Type>(40, Type::Float));
  EXPECT_EQ(lambda.variants[1].types, std::vector<Type>(40, Type::Int));
}

TEST(Specialize, NoLambdaGetsMoreThanTheMost) {
  ir::Lambda lambda = Canonical(Op("AND", Call("isPresent", {Ref("a")}), Call("isPresent", {Ref("b")})), "where");
  EXPECT_EQ(lambda.variants.size(), ir::kMaxVariants);
}

TEST(Specialize, ImpossibleReferencesDoNotTakeLong) {
  Tree tree = Op("=~", Ref("a0"), Lit("x"));
  for (int i = 1; i < 60; ++i) tree = Op("AND", std::move(tree), Op("=~", Ref("a" + std::to_string(i)), Lit("x")));
  EXPECT_EQ(VariantsOf(Canonical(tree, "where")), "");
}

// language.md 4.8: one instance of each function and scope.
TEST(Specialize, CallsOfOneFunctionShareState) {
  ir::Lambda lambda = Canonical(Op("+", Call("count"), Op("+", Call("count"), Nested(1, Call("count")))));
  EXPECT_EQ(lambda.state_size, 16u);
  EXPECT_TRUE(lambda.stateful);
  EXPECT_EQ(InstText(lambda, 0), "+(tick_fn_count(), +(tick_fn_count(), tick_fn_count()@8))");
}

TEST(Specialize, StateLiesInOrderOfFirstUse) {
  ir::Lambda lambda = Canonical(Op("-", Call("spread", {Ref("a")}), Call("sigma", {Call("float", {Call("count")})})));
  EXPECT_EQ(lambda.state_size, 56u);
  EXPECT_EQ(InstText(lambda, 0),
            "-(tick_fn_spread_f(a:float), tick_fn_sigma_f(tick_fn_float_i(tick_fn_count()@24))@32)");
}

TEST(Specialize, Flags) {
  EXPECT_FALSE(Canonical(Op(">", Ref("v"), Lit(1)), "where").costly);
  EXPECT_TRUE(Canonical(Op("==", Ref("v"), Lit("a")), "where").costly);
  EXPECT_TRUE(Canonical(Op("=~", Ref("v"), Regex("a")), "where").costly);
  EXPECT_TRUE(Canonical(Op(">", Call("exp", {Ref("v")}), Lit(1.0)), "where").costly);
  EXPECT_FALSE(Canonical(Op(">", Call("abs", {Ref("v")}), Lit(1.0)), "where").costly);
  EXPECT_TRUE(Canonical(Op(">", Call("hour", {Call("now")}), Lit(1)), "where").volatile_);
  EXPECT_TRUE(Canonical(Op(">", Call("rand", {Lit(5)}), Lit(1)), "where").volatile_);
}

// --- Kapacitor 0.2 (language.md 6.4) -----------------------------------------------------------------

TEST(Specialize02, ComparesIntsAsDoubles) {
  EXPECT_EQ(InstText(Canonical(Op(">", Ref("v"), Lit(30)), "where", 2), 1), ">(float(v:int), float(#0:int))");
}

TEST(Specialize02, KnowsNoStringOrDurationArithmetic) {
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Op("+", Ref("a"), Ref("b")), Lit("x")), "where", 2)), "");
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Dur(1), Dur(2)), "where", 2)), "");
}

TEST(Specialize02, EvalGivesFloatsOnly) {
  EXPECT_EQ(VariantsOf(Canonical(Op("*", Ref("a"), Ref("b")), "eval", 2)), "float float -> float");
  EXPECT_EQ(VariantsOf(Canonical(Op("+", Ref("i"), Lit(2)), "eval", 2)), "");
}

TEST(Specialize02, TimeIsAFieldLikeAnyOther) {
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Ref("time"), Lit(2)), "where", 2)), "float -> boolean, int -> boolean");
}

TEST(Specialize02, UnaryTakesLiteralsAndCalls) {
  EXPECT_EQ(VariantsOf(Canonical(Not(Ref("b")), "where", 2)), "");
  EXPECT_EQ(VariantsOf(Canonical(Not(Lit(true)), "where", 2)), "-> boolean");
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Neg(Call("abs", {Ref("b")})), Neg(Lit(1))), "where", 2)), "float -> boolean");
  EXPECT_EQ(VariantsOf(Canonical(Op(">", Ref("b"), Neg(Neg(Lit(1)))), "where", 2)), "");
}

TEST(Specialize02, HasFewerFunctions) {
  EXPECT_EQ(VariantsOf(Canonical(Call("if", {Ref("b"), Lit(1.0), Lit(2.0)}), "eval", 2)), "");
  EXPECT_EQ(VariantsOf(Canonical(Call("float", {Ref("b")}), "eval", 2)),
            "float -> float, int -> float, string -> float!");
  EXPECT_EQ(VariantsOf(Canonical(Call("bool", {Ref("b")}), "where", 2)), "string -> boolean!, boolean -> boolean");
  EXPECT_EQ(VariantsOf(Canonical(Call("isPresent", {Ref("b")}), "where", 2)), "");
}

// Of equal values it gives NaN there, so today's function cannot stand in.
TEST(Specialize02, SigmaIsAnother) {
  ir::Lambda lambda = Canonical(Call("sigma", {Ref("v")}), "eval", 2);
  EXPECT_EQ(VariantsOf(lambda), "");
  EXPECT_EQ(lambda.state_size, 24u);
}

// Both sides are always evaluated there, so what never fits is always an error.
TEST(Specialize02, LogicDoesNotGuard) {
  EXPECT_EQ(VariantsOf(Canonical(Op("OR", Op(">", Ref("a"), Lit(1)), Not(Lit(5))), "where", 2)), "");
}

}  // namespace
}  // namespace tick
