// fuzz_test.cpp - 3,000 random expressions compiled and compared with the plain evaluator.
//
// TICK_FUZZ_COUNT and TICK_FUZZ_SEED run more, and others: TICK_FUZZ_COUNT=200000 is the nightly run.
#include "test/oracle/fuzz.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace tick::oracle {
namespace {

uint64_t FromEnvironment(const char *name, uint64_t otherwise) {
  const char *text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(Fuzz, CompiledLambdasAgreeWithThePlainEvaluator) {
  EXPECT_EQ(Fuzz(FromEnvironment("TICK_FUZZ_SEED", 1), FromEnvironment("TICK_FUZZ_COUNT", 3000)), "");
}

TEST(Fuzz, LambdasOfTheOldDialectAgreeWithItsRules) {
  EXPECT_EQ(Fuzz(FromEnvironment("TICK_FUZZ_SEED", 1), FromEnvironment("TICK_FUZZ_COUNT", 3000) / 3, true), "");
}

}  // namespace
}  // namespace tick::oracle
