// tagged_test.cpp - in which order tagged bodies look, evaluate and complain (language.md 4.3, 4.5, 5.1).
#include "lambda_builder.h"
#include "runner.h"

namespace tick::test {
namespace {

// Value or message of one row.
std::string Eval(const T &root, const std::vector<Value> &refs, uint8_t dialect = 1) {
  ir::Graph graph = MakeGraph({MakeLambda(root, {})});
  graph.dialect = dialect;
  std::string error;
  std::shared_ptr<const Code> code = Jit().compile(graph, &error);
  EXPECT_TRUE(code) << error;
  Outcome outcome = Runner(code).tagged({refs})[0];
  return outcome.value ? Show(outcome) : outcome.text;
}

std::string Mismatch(const std::string &what) {
  return "mismatched type to binary operator. got " + what + ". see bool(), int(), float(), string(), duration()";
}

TEST(Tagged, MissingOperandOfAComparisonIsNamed) {
  T compare = Bin(Ref("q"), Operator::Greater, Int(1));
  EXPECT_EQ(Eval(compare, {MakeMissing()}), "left reference value \"q\" is missing value");
  EXPECT_EQ(Eval(Bin(Bool(true), Operator::Or, Ref("q")), {MakeMissing()}),
            "right reference value \"q\" is missing value");
  EXPECT_EQ(Eval(Bin(Bool(true), Operator::Or, compare), {MakeMissing()}), "true");
  EXPECT_EQ(Eval(Bin(compare, Operator::Or, Bool(true)), {MakeMissing()}),
            "left reference value \"q\" is missing value");
}

TEST(Tagged, ArithmeticNamesTypes) {
  EXPECT_EQ(Eval(Bin(Ref("i"), Operator::Plus, Ref("q")), {MakeInt(1), MakeMissing()}), Mismatch("int + missing"));
  EXPECT_EQ(Eval(Bin(Ref("q"), Operator::Plus, Int(1)), {MakeMissing()}),
            "invalid math operator + for type missing");
  EXPECT_EQ(Eval(Bin(Ref("i"), Operator::Plus, Float(1.5)), {MakeInt(1)}), Mismatch("int + float"));
}

TEST(Tagged, TypesOfBothSidesComeBeforeAnyValue) {
  // The right side's type does not fit, so the left side's conversion is never tried.
  T left = Call("int", {Ref("s")});
  EXPECT_EQ(Eval(Bin(left, Operator::Plus, Ref("s")), {MakeString("x")}), Mismatch("int + string"));
  EXPECT_EQ(Eval(Bin(left, Operator::Plus, Int(1)), {MakeString("x")}),
            "error calling \"int\": strconv.ParseInt: parsing \"x\": invalid syntax");
}

TEST(Tagged, ShortCircuitKeepsTheRightTypeCheck) {
  T unknown = Call("nosuch", {});
  EXPECT_EQ(Eval(Bin(Bool(true), Operator::Or, Bin(unknown, Operator::Greater, Int(1))), {}), "true");
  EXPECT_EQ(Eval(Bin(Bool(true), Operator::Or, unknown), {}), "undefined function: \"nosuch\"");
  EXPECT_EQ(Eval(Bin(Call("isPresent", {Ref("q")}), Operator::And, Bin(Ref("q"), Operator::Greater, Int(1))),
                 {MakeMissing()}),
            "false");
}

TEST(Tagged, NestedArgumentsAreNumbered) {
  T inner = Bin(Ref("i"), Operator::Plus, Str("a"));
  EXPECT_EQ(Eval(Call("max", {Float(1), Call("abs", {inner})}), {MakeInt(1)}),
            "Failed to handle 2 argument: Failed to handle 1 argument: " + Mismatch("int + string"));
  EXPECT_EQ(Eval(Call("max", {Call("float", {Str("x")}), Float(1)}), {}),
            "Failed to handle 1 argument: error calling \"float\": strconv.ParseFloat: parsing \"x\": invalid syntax");
}

TEST(Tagged, CallsSayWhatTheyWereGiven) {
  std::string message = Eval(Call("abs", {Ref("i")}), {MakeInt(5)});
  EXPECT_EQ(message, "Cannot call function \"abs\" with args (\"i\": int), available signatures are [(float)].");
  message = Eval(Call("int", {Dur(3600000000000)}), {});
  EXPECT_NE(message.find("with args (1h0m0s: duration), available signatures are"), std::string::npos) << message;
  message = Eval(Call("abs", {Bin(Int(1), Operator::Plus, Ref("i"))}), {MakeInt(5)});
  EXPECT_NE(message.find("with args (1 + \"i\": int)"), std::string::npos) << message;
  message = Eval(Call("if", {Call("isPresent", {Ref("q")}), Ref("q"), Int(0)}), {MakeMissing()});
  EXPECT_EQ(message, "Cannot call function \"if\" argument \"q\" is missing, values in scope are []");
}

TEST(Tagged, UnaryOperators) {
  EXPECT_EQ(Eval(Neg(Bool(true)), {}), "false");
  EXPECT_EQ(Eval(Neg(Ref("s")), {MakeString("x")}),
            "TypeGuard: expression returned unexpected type invalid type, expected string");
  EXPECT_EQ(Eval(Not(Ref("i")), {MakeInt(5)}), "TypeGuard: expression returned unexpected type int, expected boolean");
  EXPECT_EQ(Eval(Not(Ref("q")), {MakeMissing()}), "reference \"q\" is missing value");
}

TEST(Tagged, ALoneReferenceGivesWhatItHolds) {
  EXPECT_EQ(Eval(Ref("x"), {MakeMissing()}), "missing");
  EXPECT_EQ(Eval(Ref("x"), {MakeString("text")}), "'text'");
}

TEST(Tagged, OldDialectDecidesNothingEarly) {
  T unknown = Bin(Call("nosuch", {}), Operator::Greater, Int(1));
  EXPECT_EQ(Eval(Bin(Bool(false), Operator::And, unknown), {}, 2), "undefined function nosuch");
  EXPECT_EQ(Eval(Bin(Ref("i"), Operator::Plus, Float(1)), {MakeInt(1)}, 2),
            "mismatched type to binary operator. got int64 + float64. see bool(), int(), float()");
  EXPECT_EQ(Eval(Bin(Ref("f"), Operator::Greater, Int(2)), {MakeFloat(2.5)}, 2), "true");
}

}  // namespace
}  // namespace tick::test
