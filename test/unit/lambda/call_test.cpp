// call_test.cpp - calls on tagged values: overloads, messages, bodies.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "test/unit/lambda/dyn.h"

namespace tick {
namespace {

TEST(CallMessages, UnknownAndMismatched) {
  EXPECT_EQ(Call("nosuch", {2.5}), "! undefined function: \"nosuch\"");
  EXPECT_EQ(Call("abs", {Ref(5, "i", "\"i\"")}),
            "! Cannot call function \"abs\" with args (\"i\": int), available signatures are [(float)].");
  EXPECT_EQ(Call("abs", {}), "! Cannot call function \"abs\" with args (), available signatures are [(float)].");
  EXPECT_EQ(Call("int", {Operand(MakeDuration(3600), nullptr, "1h0m0s")}),
            "! Cannot call function \"int\" with args (1h0m0s: duration), available signatures are "
            "[(boolean), (float), (int), (string)].");
  EXPECT_EQ(Call("abs", {1, 2, 3, 4, 5}), "! runtime error: index out of range [4] with length 4");
  EXPECT_EQ(Call("nosuch", {1, 2, 3, 4, 5}), "! undefined function: \"nosuch\"");
}

TEST(CallMessages, MissingArguments) {
  EXPECT_EQ(Call("if", {true, Missing("q", "\"q\""), 0}),
            "! Cannot call function \"if\" argument \"q\" is missing, values in scope are []");
  EXPECT_EQ(Call("max", {Missing("x", "\"x\""), Missing("y", "\"y\"")}),
            "! Cannot call function \"max\" arguments \"x\", \"y\" are missing, values in scope are []");
  EXPECT_EQ(Call("max", {Missing("x", "\"x\""), Ref(1.0, "b", "\"b\"")}),
            "! Cannot call function \"max\" argument \"x\" is missing, values in scope are [\"b\"]");
  EXPECT_EQ(Call("isPresent", {Missing("q", "\"q\"")}), "false");
  EXPECT_EQ(Call("isPresent", {5}), "true");
  EXPECT_EQ(Call("isPresent", {Operand(MakeTime(0), "time", "\"time\"")}),
            "! Cannot call function \"isPresent\" with args (\"time\": time), available signatures are "
            "[(boolean), (float), (int), (string)].");
}

TEST(CallMessages, ArgumentsArePrefixedButPanicsAreNot) {
  TestContext context;
  context.fail("missing value");
  tick_dyn_argument(&context, 2);
  EXPECT_EQ(context.message, "Failed to handle 2 argument: missing value");
  context.fail("runtime error: integer divide by zero");
  tick_dyn_argument(&context, 1);
  EXPECT_EQ(context.message, "runtime error: integer divide by zero");
}

TEST(CallType, ComesFromTheArgumentsTypes) {
  TestContext context;
  Site site("duration", 0, {1, 2});
  uint8_t types[] = {TICK_INT, TICK_DURATION}, out = 0;
  EXPECT_EQ(tick_dyn_call_type(&context, &site.site, types, 2, &out), 0);
  EXPECT_EQ(out, TICK_DURATION);
  EXPECT_EQ(tick_dyn_call_type(&context, &site.site, types, 1, &out), 1);
  Site present("isPresent", 0, {1});
  uint8_t missing = TICK_MISSING;
  EXPECT_EQ(tick_dyn_call_type(&context, &present.site, &missing, 1, &out), 0);
  EXPECT_EQ(out, TICK_BOOL);
}

TEST(Conversions, FollowGo) {
  EXPECT_EQ(Call("int", {"12.75"}), "! error calling \"int\": strconv.ParseInt: parsing \"12.75\": invalid syntax");
  EXPECT_EQ(Call("int", {"9223372036854775808"}),
            "! error calling \"int\": strconv.ParseInt: parsing \"9223372036854775808\": value out of range");
  EXPECT_EQ(Call("int", {1e21}), "-9223372036854775808");
  EXPECT_EQ(Call("float", {""}), "! error calling \"float\": strconv.ParseFloat: parsing \"\": invalid syntax");
  EXPECT_EQ(Call("float", {"1_0"}), "10");
  EXPECT_EQ(Call("bool", {"yes"}), "! error calling \"bool\": strconv.ParseBool: parsing \"yes\": invalid syntax");
  EXPECT_EQ(Call("bool", {2}), "! error calling \"bool\": cannot convert 2 to boolean");
  EXPECT_EQ(Call("bool", {1000000.0}), "! error calling \"bool\": cannot convert 1e+06 to boolean");
  EXPECT_EQ(Call("string", {1e21}), "1000000000000000000000");
  EXPECT_EQ(Call("string", {Operand(MakeDuration(5400000000000))}), "90m");
  EXPECT_EQ(Call("duration", {"bad", Operand(MakeDuration(1))}),
            "! error calling \"duration\": invalid duration string \"bad\"");
  EXPECT_EQ(Call("duration", {1.5, Operand(MakeDuration(1000))}), "1500");
}

TEST(Strings, CountBytesAndRunesAsGoDoes) {
  EXPECT_EQ(Call("strLength", {"Grüße"}), "7");
  EXPECT_EQ(Call("strCount", {"Grüße", ""}), "6");
  EXPECT_EQ(Call("strIndex", {"Grüße", "ß"}), "4");
  EXPECT_EQ(Call("strIndex", {"hello", ""}), "0");
  EXPECT_EQ(Call("strLastIndex", {"hello", ""}), "5");
  EXPECT_EQ(Call("strIndexAny", {"Grüße", "ßü"}), "2");
  EXPECT_EQ(Call("strIndexAny", {"Grüße", ""}), "-1");
  EXPECT_EQ(Call("strLastIndexAny", {"Grüße", "ßü"}), "4");
  EXPECT_EQ(Call("strContainsAny", {"hello", ""}), "false");
  EXPECT_EQ(Call("strContainsAny", {"a\xff", "\xfe"}), "true") << "bytes that are no text are all one rune";
}

TEST(Strings, Replace) {
  EXPECT_EQ(Call("strReplace", {"hello", "", "-", 2}), "-h-ello");
  EXPECT_EQ(Call("strReplace", {"hé", "", "-", -1}), "-h-é-");
  EXPECT_EQ(Call("strReplace", {"hello", "l", "L", -1}), "heLLo");
  EXPECT_EQ(Call("strReplace", {"aaa", "aa", "b", -1}), "ba");
  EXPECT_EQ(Call("strReplace", {"hello", "l", "L", 0}), "hello");
  EXPECT_EQ(Call("strReplace", {"", "", "x", -1}), "x");
}

TEST(Strings, Trim) {
  EXPECT_EQ(Call("strTrim", {"üaß", "üß"}), "a");
  EXPECT_EQ(Call("strTrim", {"hello", ""}), "hello");
  EXPECT_EQ(Call("strTrimLeft", {"hehello", "he"}), "llo");
  EXPECT_EQ(Call("strTrimPrefix", {"hehello", "he"}), "hello");
  EXPECT_EQ(Call("strTrimSuffix", {"lolo", "lo"}), "lo");
}

TEST(Strings, Substring) {
  EXPECT_EQ(Call("strSubstring", {"hello", 1, 3}), "el");
  EXPECT_EQ(Call("strSubstring", {"hello", 0, 5}),
            "! error calling \"strSubstring\": stop index too large for string in strSubstring: 5");
  EXPECT_EQ(Call("strSubstring", {"hello", -1, -3}),
            "! error calling \"strSubstring\": found negative index for strSubstring: -1");
  EXPECT_EQ(Call("strSubstring", {"hello", 3, 2}), "! runtime error: slice bounds out of range [3:2]");
}

std::string ReplaceRegex(const char *pattern, const char *text, const char *with) {
  re2::RE2 regex(pattern);
  Value value{{.i = 0}, TICK_REGEX};
  value.as.regex = &regex;
  return Call("regexReplace", {Operand(value), text, with});
}

TEST(RegexReplace, ExpandsGroups) {
  EXPECT_EQ(ReplaceRegex("(l)(o)", "hello", "$2x$1"), "hell") << "the group is named 2x";
  EXPECT_EQ(ReplaceRegex("(l)(o)", "hello", "${2}x$1"), "heloxl");
  EXPECT_EQ(ReplaceRegex("(?P<w>l+)", "hello", "[$w]"), "he[ll]o");
  EXPECT_EQ(ReplaceRegex("l", "hello", "$$"), "he$$o");
  EXPECT_EQ(ReplaceRegex("l", "hello", "$0$0"), "hellllo");
  EXPECT_EQ(ReplaceRegex("l", "hello", "${1"), "he${1${1o");
  EXPECT_EQ(ReplaceRegex("l", "hello", "$9$"), "he$$o");
  EXPECT_EQ(ReplaceRegex("(x)?l", "hello", "<$1>"), "he<><>o");
}

TEST(RegexReplace, EmptyMatches) {
  EXPECT_EQ(ReplaceRegex("", "héo", "-"), "-h-é-o-");
  EXPECT_EQ(ReplaceRegex("x*", "axb", "-"), "-a-b-");
  EXPECT_EQ(ReplaceRegex("^", "abc", ">"), ">abc");
  EXPECT_EQ(ReplaceRegex("$", "", "x"), "x");
}

TEST(HumanBytes, RoundsAsTheReferenceDoes) {
  EXPECT_EQ(Call("humanBytes", {0}), "0 B");
  EXPECT_EQ(Call("humanBytes", {999}), "999 B");
  EXPECT_EQ(Call("humanBytes", {1024}), "1.0 kB");
  EXPECT_EQ(Call("humanBytes", {9999}), "10 kB");
  EXPECT_EQ(Call("humanBytes", {99950}), "100 kB");
  EXPECT_EQ(Call("humanBytes", {999999}), "1000 kB");
  EXPECT_EQ(Call("humanBytes", {int64_t{9007199254740993}}), "9.0 PB");
  EXPECT_EQ(Call("humanBytes", {-5}), "18 EB");
  EXPECT_EQ(Call("humanBytes", {1e21}), "9.2 EB");
  EXPECT_EQ(Call("humanBytes", {-5.0}), "18 EB");
}

TEST(Stateful, CountSigmaSpread) {
  int64_t n[3] = {};
  EXPECT_EQ(Call("count", {}, n), "1");
  EXPECT_EQ(Call("count", {}, n), "2");
  double sigma[3] = {};
  EXPECT_EQ(Call("sigma", {1.0}, sigma), "0");
  EXPECT_EQ(Call("sigma", {2.0}, sigma), "0.7071067811865475");
  EXPECT_EQ(Call("sigma", {3.0}, sigma), "1");
  EXPECT_EQ(Call("sigma", {4.0}, sigma), "1.161895003862225");
  EXPECT_EQ(Call("sigma", {10.0}, sigma), "1.697056274847714");
  double equal[3] = {};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Call("sigma", {5.0}, equal), "0");
  double spread[3] = {};
  EXPECT_EQ(Call("spread", {-3.0}, spread), "0");
  EXPECT_EQ(Call("spread", {4.5}, spread), "7.5");
  EXPECT_EQ(Call("spread", {0.0}, spread), "7.5");
}

TEST(Random, StaysInBounds) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GE(abi::tick_fn_rand(nullptr), 0);
    int64_t die = abi::tick_fn_rand_i(nullptr, 6);
    EXPECT_TRUE(die >= 0 && die < 6) << die;
  }
  EXPECT_EQ(abi::tick_fn_rand_i(nullptr, 0), 0);
}

TEST(OldCalls, HaveTheirOwnSetAndWords) {
  EXPECT_EQ(CallOld("abs", {-2.5}), "2.5");
  EXPECT_EQ(CallOld("abs", {5}), "! error calling abs: cannot pass int64 to abs, must be float64");
  EXPECT_EQ(CallOld("abs", {}), "! error calling abs: abs expects exactly one argument");
  EXPECT_EQ(CallOld("max", {1.0}), "! error calling max: max expects exactly two arguments");
  EXPECT_EQ(CallOld("strLength", {"a"}), "! undefined function strLength");
  EXPECT_EQ(CallOld("spread", {1.0}), "! undefined function spread");
  EXPECT_EQ(CallOld("if", {true, 1.0, 2.0}), "! undefined function if");
  EXPECT_EQ(CallOld("bool", {1}), "! error calling bool: cannot convert int64 to boolean");
  EXPECT_EQ(CallOld("int", {true}), "! error calling int: cannot convert bool to integer");
  EXPECT_EQ(CallOld("int", {1, 2}), "! error calling int: integer expects exactly one argument");
  EXPECT_EQ(CallOld("float", {"2.5"}), "2.5");
  EXPECT_EQ(CallOld("int", {"x"}), "! error calling int: strconv.ParseInt: parsing \"x\": invalid syntax");
  EXPECT_EQ(CallOld("pow10", {3}), "1000");
  int64_t n[3] = {};
  EXPECT_EQ(CallOld("count", {5, 6}, n), "1");
  double sigma[3] = {};
  EXPECT_EQ(CallOld("sigma", {5.0}, sigma), "0");
  EXPECT_EQ(CallOld("sigma", {5.0}, sigma), "NaN");
}

TEST(Symbols, OneAnEntryOfTheTables) {
  std::span<const abi::Symbol> symbols = abi::Symbols();
  for (size_t i = 0; i < kFunctionCount; ++i) {
    const abi::Symbol &symbol = abi::FunctionSymbol(i);
    EXPECT_EQ(symbol.name, kFunctions[i].symbol);
    size_t extra = 1 + (kFunctions[i].state == Statefulness::Stateful) +
                   (kFunctions[i].failure == Failure::MayFail || kFunctions[i].result == Type::String);
    EXPECT_EQ(symbol.n_params, kFunctions[i].n_params + extra) << symbol.name;
    EXPECT_NE(symbol.address, nullptr);
  }
  EXPECT_GT(symbols.size(), kFunctionCount);
  EXPECT_EQ(symbols[0].name, "tick_dyn_binary");
}

}  // namespace
}  // namespace tick
