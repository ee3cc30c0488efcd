// operator_test.cpp - binary and unary operators on tagged values: results and messages.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <cmath>

#include "test/unit/lambda/dyn.h"

namespace tick {
namespace {

constexpr int64_t kMin = INT64_MIN, kMax = INT64_MAX;
const std::string kSee = ". see bool(), int(), float(), string(), duration()";
Operand Dur(int64_t ns) { return {MakeDuration(ns)}; }
Operand At(int64_t ns) { return {MakeTime(ns)}; }

TEST(IntMath, WrapsAndTruncates) {
  EXPECT_EQ(Binary(kMax, Operator::Plus, 1), std::to_string(kMin));
  EXPECT_EQ(Binary(kMin, Operator::Minus, 1), std::to_string(kMax));
  EXPECT_EQ(Binary(-7, Operator::Div, 2), "-3");
  EXPECT_EQ(Binary(-5, Operator::Mod, 3), "-2");
  EXPECT_EQ(Binary(5, Operator::Mod, -3), "2");
  EXPECT_EQ(Binary(kMin, Operator::Div, -1), std::to_string(kMin));
  EXPECT_EQ(Binary(kMin, Operator::Mod, -1), "0");
  EXPECT_EQ(Binary(int64_t{9007199254740993}, Operator::Mult, 1048576), "1048576");
}

TEST(IntMath, DivisionByZeroIsAnError) {
  EXPECT_EQ(Binary(5, Operator::Div, 0), "! runtime error: integer divide by zero");
  EXPECT_EQ(Binary(5, Operator::Mod, 0), "! runtime error: integer divide by zero");
  EXPECT_EQ(Binary(Dur(5), Operator::Div, 0), "! runtime error: integer divide by zero");
  EXPECT_EQ(Binary(Dur(5), Operator::Div, Dur(0)), "! runtime error: integer divide by zero");
}

TEST(FloatMath, IsIeee) {
  EXPECT_EQ(Binary(2.5, Operator::Div, 0.0), "+Inf");
  EXPECT_EQ(Binary(0.0, Operator::Div, 0.0), "NaN");
  EXPECT_EQ(Binary(NAN, Operator::Equal, NAN), "false");
  EXPECT_EQ(Binary(NAN, Operator::NotEqual, NAN), "true");
  EXPECT_EQ(Binary(0.1, Operator::Plus, 0.2), "0.30000000000000004");
}

TEST(DurationMath, ScalesAndCounts) {
  EXPECT_EQ(Binary(Dur(3600), Operator::Div, Dur(1800)), "2");
  EXPECT_EQ(Binary(Dur(3600), Operator::Mult, 1.5), "5400");
  EXPECT_EQ(Binary(1.5, Operator::Mult, Dur(3600)), "5400");
  EXPECT_EQ(Binary(2, Operator::Mult, Dur(3600)), "7200");
  EXPECT_EQ(Binary(Dur(1000000000), Operator::Div, 3), "333333333");
  EXPECT_EQ(Binary(Dur(1000000000), Operator::Div, 0.0), std::to_string(kMin));
  EXPECT_EQ(Binary(Dur(1), Operator::Minus, Dur(3)), "-2");
}

TEST(Comparison, MixesIntsAndFloatsAsDoubles) {
  EXPECT_EQ(Binary(int64_t{9007199254740993}, Operator::Equal, 9007199254740992.0), "true");
  EXPECT_EQ(Binary(int64_t{9007199254740993}, Operator::Equal, int64_t{9007199254740992}), "false");
  EXPECT_EQ(Binary(2.5, Operator::Greater, 2), "true");
  EXPECT_EQ(Binary(-0.0, Operator::Equal, 0), "true");
}

TEST(Comparison, OrdersStringsByBytes) {
  EXPECT_EQ(Binary("hello", Operator::Less, "help"), "true");
  EXPECT_EQ(Binary("hello", Operator::Greater, "hell"), "true");
  EXPECT_EQ(Binary("ä", Operator::Greater, "z"), "true");
  EXPECT_EQ(Binary("a", Operator::Plus, ""), "a");
}

TEST(Comparison, MatchesRegexesAnywhere) {
  re2::RE2 regex("l{2}");
  Value value{{.i = 0}, TICK_REGEX};
  value.as.regex = &regex;
  EXPECT_EQ(Binary("hello", Operator::Match, Operand(value)), "true");
  EXPECT_EQ(Binary("hello", Operator::NotMatch, Operand(value)), "false");
  EXPECT_EQ(Binary(5, Operator::Match, Operand(value)), "! invalid comparison operator =~ for type int");
  EXPECT_EQ(Binary("hello", Operator::Match, "hello"),
            "! mismatched type to binary operator. got string =~ string" + kSee);
}

TEST(BinaryMessages, SayWhichRuleFailed) {
  EXPECT_EQ(Binary(5, Operator::Plus, 1.5), "! mismatched type to binary operator. got int + float" + kSee);
  EXPECT_EQ(Binary("s", Operator::Minus, "l"), "! invalid math operator - for type string");
  EXPECT_EQ(Binary(2.5, Operator::Mod, 2.0), "! invalid math operator % for type float");
  EXPECT_EQ(Binary(true, Operator::Greater, false), "! invalid comparison operator > for type boolean");
  EXPECT_EQ(Binary(At(1), Operator::Greater, At(2)), "! invalid comparison operator > for type time");
  EXPECT_EQ(Binary(5, Operator::Plus, Missing("q")), "! mismatched type to binary operator. got int + missing" + kSee);
  EXPECT_EQ(Binary(Missing("q"), Operator::Plus, 1), "! invalid math operator + for type missing");
  EXPECT_EQ(Binary(Missing("q"), Operator::Greater, 1), "! left reference value \"q\" is missing value");
  EXPECT_EQ(Binary(1, Operator::Equal, Missing("q")), "! right reference value \"q\" is missing value");
}

TEST(Logic, WantsBooleans) {
  TestContext context;
  Operand operand = Missing("q");
  Site site("OR", static_cast<uint8_t>(Operator::Or), {true, operand});
  uint8_t out = 0;
  EXPECT_EQ(tick_dyn_logic(&context, &site.site, 1, &operand.value, &out), 1);
  EXPECT_EQ(context.message, "right reference value \"q\" is missing value");
  Value number = MakeInt(5), yes = MakeBool(true);
  EXPECT_EQ(tick_dyn_logic(&context, &site.site, 0, &number, &out), 1);
  EXPECT_EQ(context.message, "invalid logical operator OR for type int");
  EXPECT_EQ(tick_dyn_logic(&context, &site.site, 1, &number, &out), 1);
  EXPECT_EQ(context.message, "mismatched type to binary operator. got boolean OR int" + kSee);
  EXPECT_EQ(tick_dyn_logic(&context, &site.site, 0, &yes, &out), 0);
  EXPECT_EQ(out, 1);
  EXPECT_EQ(tick_dyn_logic_type(&context, &site.site, TICK_BOOL, TICK_BOOL), 0);
  EXPECT_EQ(tick_dyn_logic_type(&context, &site.site, TICK_MISSING, TICK_BOOL), 1);
}

TEST(Unary, NegatesAndInverts) {
  EXPECT_EQ(Unary(true, 5), "-5");
  EXPECT_EQ(Unary(true, kMin), std::to_string(kMin));
  EXPECT_EQ(Unary(true, 0.0), "-0");
  EXPECT_EQ(Unary(true, Dur(5)), "-5");
  EXPECT_EQ(Unary(true, true), "false") << "`-` of a boolean is `!`";
  EXPECT_EQ(Unary(false, true), "false");
}

TEST(Unary, Messages) {
  EXPECT_EQ(Unary(true, "s"), "! TypeGuard: expression returned unexpected type invalid type, expected string");
  EXPECT_EQ(Unary(false, 5), "! TypeGuard: expression returned unexpected type int, expected boolean");
  EXPECT_EQ(Unary(true, Missing("q")), "! reference \"q\" is missing value");
  EXPECT_EQ(Unary(false, Missing("q")), "! reference \"q\" is missing value");
}

TEST(TypePhase, AgreesWithTheTable) {
  TestContext context;
  for (size_t op = 0; op < std::size(kOperators); ++op)
    for (uint8_t left = TICK_MISSING; left <= TICK_REGEX; ++left)
      for (uint8_t right = TICK_MISSING; right <= TICK_REGEX; ++right) {
        Site site("", static_cast<uint8_t>(op), {0, 0});
        const OverloadRow *row =
            FindOverload(static_cast<Operator>(op), static_cast<Type>(left), static_cast<Type>(right));
        uint8_t out = 0xFF;
        EXPECT_EQ(tick_dyn_binary_type(&context, &site.site, left, right, &out), row ? 0 : 1);
        EXPECT_EQ(out, row ? static_cast<uint8_t>(row->result) : 0xFF);
      }
}

TEST(OldOperators, CompareAsDoublesAndNameGoTypes) {
  EXPECT_EQ(BinaryOld(int64_t{9007199254740993}, Operator::Equal, int64_t{9007199254740992}), "true");
  EXPECT_EQ(BinaryOld(1, Operator::Plus, 2.0),
            "! mismatched type to binary operator. got int64 + float64. see bool(), int(), float()");
  EXPECT_EQ(BinaryOld("a", Operator::Plus, "b"),
            "! mismatched type to binary operator. got string + string. see bool(), int(), float()");
  EXPECT_EQ(BinaryOld(Dur(1), Operator::Greater, Dur(2)),
            "! mismatched type to binary operator. got time.Duration > time.Duration. see bool(), int(), float()");
  EXPECT_EQ(BinaryOld(2.5, Operator::Mod, 2.0), "! invalid float math operator %");
  EXPECT_EQ(BinaryOld(1, Operator::And, 2), "! invalid float comparison operator AND");
  EXPECT_EQ(BinaryOld("a", Operator::Match, "b"), "! invalid string comparison operator =~");
  EXPECT_EQ(BinaryOld(true, Operator::Greater, false), "! invalid boolean comparison operator >");
  EXPECT_EQ(BinaryOld(true, Operator::And, false), "false");
  EXPECT_EQ(BinaryOld(5, Operator::Div, 0), "! runtime error: integer divide by zero");
  EXPECT_EQ(BinaryOld(true, Operator::And, Missing("nope")), "! name \"nope\" is undefined. Names in scope: ");
}

TEST(OldOperators, UnaryTakesNoReferences) {
  EXPECT_EQ(Unary(true, 5, true), "-5");
  EXPECT_EQ(Unary(false, true, true), "false");
  EXPECT_EQ(Unary(false, Ref(true, "b", "\"b\""), true), "! expression is invalid, could not evaluate");
  EXPECT_EQ(Unary(true, Dur(5), true), "! expression is invalid, could not evaluate");
}

}  // namespace
}  // namespace tick
