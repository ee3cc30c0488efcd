// vars_test.cpp - variables of tasks in requests.
#include <gtest/gtest.h>

#include "runtime/daemon/tasks.h"

namespace tick {
namespace {

std::string Read(const std::string &text) {
  Json out;
  Refusal refusal = ReadVars(Json::parse(text), &out);
  return refusal ? std::to_string(refusal.status) + " " + refusal.text : out.dump();
}

TEST(VarsTest, ReadsEveryType) {
  EXPECT_EQ(Read(R"({"b":{"type":"bool","value":true}})"), R"({"b":{"type":"bool","value":true,"description":""}})");
  EXPECT_EQ(Read(R"({"i":{"type":"int","value":42}})"), R"({"i":{"type":"int","value":42,"description":""}})");
  EXPECT_EQ(Read(R"({"f":{"type":"float","value":4}})"), R"({"f":{"type":"float","value":4.0,"description":""}})");
  EXPECT_EQ(Read(R"({"s":{"type":"star","value":"x"}})"), R"({"s":{"type":"star","value":null,"description":""}})");
  EXPECT_EQ(Read(R"({"l":{"type":"lambda","value":"\"v\" > 1","description":"d"}})"),
            R"({"l":{"type":"lambda","value":"\"v\" > 1","description":"d"}})");
}

TEST(VarsTest, DurationsBecomeNanoseconds) {
  EXPECT_EQ(Read(R"({"d":{"type":"duration","value":"1m"}})"), R"({"d":{"type":"duration","value":60000000000,"description":""}})");
  EXPECT_EQ(Read(R"({"d":{"type":"duration","value":5}})"), R"({"d":{"type":"duration","value":5,"description":""}})");
  EXPECT_EQ(Read(R"({"d":{"type":"duration","value":"soon"}})"), "400 invalid JSON");
}

TEST(VarsTest, NamesComeSorted) {
  EXPECT_EQ(Read(R"({"b":{"type":"int","value":1},"a":{"type":"int","value":2}})").find("\"a\""), 1u);
}

TEST(VarsTest, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(Read(R"({"i":{"type":"int","value":"x"}})"), "400 invalid JSON");
  EXPECT_EQ(Read(R"({"b":{"type":"bool","value":"x"}})"), "400 invalid var b: unexpected var type bool, value is a string");
  EXPECT_EQ(Read(R"({"s":{"type":"string","value":true}})"), "400 invalid var s: mismatched type and value: bool string");
  EXPECT_EQ(Read(R"({"x":{"type":"other","value":1}})"), "400 invalid JSON");
  EXPECT_EQ(Read("[]"), "400 invalid JSON");
  EXPECT_EQ(Read("null"), "{}");
}

TEST(IdTest, LettersDigitsAndThreeSigns) {
  for (const char *id : {"a", "A-1._z", "é"}) EXPECT_TRUE(ValidId(id)) << id;
  for (const char *id : {"", "a b", "a/b", "a*", "\xff", "€"}) EXPECT_FALSE(ValidId(id)) << id;
}

}  // namespace
}  // namespace tick
