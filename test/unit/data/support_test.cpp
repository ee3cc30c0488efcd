// Rounding of times, the pointer map, the arena.
#include <gtest/gtest.h>

#include "runtime/support/arena.h"
#include "runtime/support/flat_map.h"
#include "runtime/support/time_round.h"

namespace tick {
namespace {

constexpr int64_t kSecond = 1'000'000'000, kDay = 86400 * kSecond;

TEST(TimeRound, MultiplesThatDivideTheDaysSinceYearOneBeginIn1970) {
  EXPECT_EQ(TruncateTime(12 * kSecond + 5, 10 * kSecond), 10 * kSecond);
  EXPECT_EQ(TruncateTime(kDay + 1, kDay), kDay);
}

TEST(TimeRound, WeeksBeginOnMonday) {
  // 1970-01-01 was a Thursday; the Monday before it was three days earlier.
  EXPECT_EQ(TruncateTime(0, 7 * kDay), -3 * kDay);
  EXPECT_EQ(TruncateTime(4 * kDay, 7 * kDay), 4 * kDay);
}

TEST(TimeRound, SevenSecondsCountFromYearOne) {
  // 62135596800 mod 7 is 4: 1970 begins 4 s after a multiple.
  EXPECT_EQ(TruncateTime(0, 7 * kSecond), -4 * kSecond);
  EXPECT_EQ(TruncateTime(3 * kSecond, 7 * kSecond), 3 * kSecond);
}

TEST(TimeRound, HalvesGoUp) {
  EXPECT_EQ(RoundTime(5 * kSecond, 10 * kSecond), 10 * kSecond);
  EXPECT_EQ(RoundTime(5 * kSecond - 1, 10 * kSecond), 0);
  EXPECT_EQ(RoundTime(-5 * kSecond, 10 * kSecond), 0);
}

TEST(TimeRound, BeforeTheEpochAndWithoutADuration) {
  EXPECT_EQ(TruncateTime(-1, kSecond), -kSecond);
  EXPECT_EQ(TruncateTime(-kSecond, kSecond), -kSecond);
  EXPECT_EQ(TruncateTime(1234, 0), 1234);
  EXPECT_EQ(RoundTime(1234, -5), 1234);
}

TEST(FlatMap, FindsWhatWasPut) {
  std::vector<int> keys(5000);
  FlatMap<int, int> map;
  for (int i = 0; i < 5000; ++i) map[&keys[i]] = i;
  EXPECT_EQ(map.size(), 5000u);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(*map.find(&keys[i]), i);
  map.keep_if([](const int *, int value) { return value % 2 == 0; });
  EXPECT_EQ(map.size(), 2500u);
  EXPECT_EQ(map.find(&keys[1]), nullptr);
  EXPECT_EQ(*map.find(&keys[4998]), 4998);
}

TEST(Arena, KeepsItsMemoryAndAligns) {
  Arena arena;
  for (int round = 0; round < 3; ++round) {
    for (size_t bytes : {1u, 7u, 5000u, 100u, 3u}) {
      void *at = arena.allocate(bytes);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(at) % 16, 0u);
      memset(at, 0xff, bytes);
    }
    arena.reset();
  }
  size_t after = arena.bytes();
  arena.allocate(5000);
  EXPECT_EQ(arena.bytes(), after);
}

}  // namespace
}  // namespace tick
