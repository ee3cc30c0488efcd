// glob_test.cpp - shell globs.
#include "runtime/text/glob.h"

#include <gtest/gtest.h>

namespace tick {
namespace {

TEST(Glob, MatchesAsAShellDoes) {
  EXPECT_TRUE(MatchesGlob("a*c", "abbc"));
  EXPECT_TRUE(MatchesGlob("a?c", "abc"));
  EXPECT_FALSE(MatchesGlob("a?c", "ac"));
  EXPECT_TRUE(MatchesGlob("[a-c]x", "bx"));
  EXPECT_FALSE(MatchesGlob("[^a-c]x", "bx"));
  EXPECT_TRUE(MatchesGlob("\\*", "*"));
  EXPECT_FALSE(MatchesGlob("\\*", "a"));
  EXPECT_TRUE(MatchesGlob("*", ""));
  EXPECT_FALSE(MatchesGlob("[a", "a"));
  EXPECT_FALSE(MatchesGlob(std::string(200, '*') + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace tick
