// times.h - times of tests, as they are read.
#pragma once

#include <gtest/gtest.h>

#include "runtime/text/go_time.h"

namespace tick {

inline constexpr int64_t kSecond = 1'000'000'000;

inline int64_t At(const char *text) {
  int64_t ns = 0;
  EXPECT_TRUE(ParseRfc3339(text, &ns)) << text;
  return ns;
}

}  // namespace tick
