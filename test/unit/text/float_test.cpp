// float_test.cpp - floats as Go prints and reads them.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "runtime/text/go_float.h"

namespace tick {
namespace {

std::string Json(double value) {
  std::string out;
  return AppendJsonFloat(out, value) ? out : "refused" + out;
}

std::string Format(double value, char format, int precision) {
  std::string out;
  AppendFloat(out, value, format, precision);
  return out;
}

TEST(JsonFloat, WritesAnExponentOnlyForVerySmallAndVeryLarge) {
  EXPECT_EQ(Json(15.0), "15");
  EXPECT_EQ(Json(-0.0), "-0");
  EXPECT_EQ(Json(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(Json(1e-6), "0.000001");
  EXPECT_EQ(Json(9.99e-7), "9.99e-7");
  EXPECT_EQ(Json(1e-7), "1e-7");
  EXPECT_EQ(Json(1e20), "100000000000000000000");
  EXPECT_EQ(Json(1e21), "1e+21");
  EXPECT_EQ(Json(2.5e22), "2.5e+22");
  EXPECT_EQ(Json(-1.5e-300), "-1.5e-300");
}

TEST(JsonFloat, RefusesWhatJsonCannotSay) {
  EXPECT_EQ(Json(NAN), "refused");
  EXPECT_EQ(Json(INFINITY), "refused");
}

TEST(GoFloat, SwitchesToAnExponentAtAMillion) {
  EXPECT_EQ(GoFloat(3.0), "3");
  EXPECT_EQ(GoFloat(123456.5), "123456.5");
  EXPECT_EQ(GoFloat(999999), "999999");
  EXPECT_EQ(GoFloat(1000000), "1e+06");
  EXPECT_EQ(GoFloat(123456789), "1.23456789e+08");
  EXPECT_EQ(GoFloat(0.0001), "0.0001");
  EXPECT_EQ(GoFloat(0.00001), "1e-05");
  EXPECT_EQ(GoFloat(1e100), "1e+100");
  EXPECT_EQ(GoFloat(NAN), "NaN");
  EXPECT_EQ(GoFloat(-INFINITY), "-Inf");
  EXPECT_EQ(GoFloat(INFINITY), "+Inf");
}

TEST(PlainFloat, PadsShortestDigitsWithZeros) {
  EXPECT_EQ(PlainFloat(100.0), "100");
  EXPECT_EQ(PlainFloat(1e21), "1000000000000000000000");
  EXPECT_EQ(PlainFloat(1e23), "100000000000000000000000");
  EXPECT_EQ(PlainFloat(1e-7), "0.0000001");
  EXPECT_EQ(PlainFloat(-0.0), "-0");
  EXPECT_EQ(PlainFloat(-12.75), "-12.75");
}

TEST(AppendFloat, FollowsPrintfWherePrecisionIsGiven) {
  EXPECT_EQ(Format(3.14159, 'f', 2), "3.14");
  EXPECT_EQ(Format(1234.5678, 'e', 3), "1.235e+03");
  EXPECT_EQ(Format(1234.5678, 'E', 3), "1.235E+03");
  EXPECT_EQ(Format(1234.5678, 'g', 6), "1234.57");
  EXPECT_EQ(Format(1e21, 'e', -1), "1e+21");
  EXPECT_EQ(Format(0.5, 'f', 0), "0");
}

double Read(std::string_view text) {
  double value = -1;
  EXPECT_EQ(ParseGoFloat(text, &value), NumberError::None) << text;
  return value;
}

TEST(ParseGoFloat, ReadsGoNumbers) {
  EXPECT_EQ(Read("12.75"), 12.75);
  EXPECT_EQ(Read("+.5e1"), 5);
  EXPECT_EQ(Read("5."), 5);
  EXPECT_EQ(Read("1_0"), 10);
  EXPECT_EQ(Read("0x1p4"), 16);
  EXPECT_EQ(Read("-0X1.8p+1"), -3);
  EXPECT_EQ(Read("inf"), INFINITY);
  EXPECT_EQ(Read("-Infinity"), -INFINITY);
  EXPECT_TRUE(std::isnan(Read("NaN")));
  EXPECT_EQ(Read("1e-400"), 0);
  EXPECT_TRUE(std::signbit(Read("-0")));
}

TEST(ParseGoFloat, RefusesTheRest) {
  double value;
  for (const char *text : {"", " 1", "1 ", "hello", "0x10", "1__0", "_1", "1_", "1e", "+nan", "infi", "1.2.3", "."})
    EXPECT_EQ(ParseGoFloat(text, &value), NumberError::Syntax) << text;
  EXPECT_EQ(ParseGoFloat("1e400", &value), NumberError::Range);
  EXPECT_EQ(ParseGoFloat("-0x1p2000", &value), NumberError::Range);
}

TEST(ParseGoInt, ReadsDecimalDigitsOnly) {
  int64_t value = 0;
  EXPECT_EQ(ParseGoInt("-9223372036854775808", &value), NumberError::None);
  EXPECT_EQ(value, INT64_MIN);
  EXPECT_EQ(ParseGoInt("+17", &value), NumberError::None);
  EXPECT_EQ(value, 17);
  EXPECT_EQ(ParseGoInt("9223372036854775808", &value), NumberError::Range);
  EXPECT_EQ(ParseGoInt("99999999999999999999x", &value), NumberError::Range) << "too large before it is malformed";
  for (const char *text : {"", "-", "0x1", "1_0", "12.75", " 1"})
    EXPECT_EQ(ParseGoInt(text, &value), NumberError::Syntax) << text;
  EXPECT_EQ(NumberErrorText("ParseInt", "a\"b", NumberError::Syntax),
            "strconv.ParseInt: parsing \"a\\\"b\": invalid syntax");
}

TEST(FloatToInt, GivesTheSmallestIntForWhatDoesNotFit) {
  EXPECT_EQ(FloatToInt(-2.9), -2);
  EXPECT_EQ(FloatToInt(9223372036854775808.0), INT64_MIN);
  EXPECT_EQ(FloatToInt(-9223372036854775808.0), INT64_MIN);
  EXPECT_EQ(FloatToInt(NAN), INT64_MIN);
}

TEST(Floats, ReadBackAsWritten) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, 8);
    if (!std::isfinite(value)) continue;
    for (const std::string &text : {Json(value), GoFloat(value), PlainFloat(value)})
      EXPECT_EQ(Read(text), value) << text;
  }
}

}  // namespace
}  // namespace tick
