// time_round.h - multiples of a duration, counted from the year 1 (nodes.md 3.1).
//
// All truncation and rounding of times goes through here: 1970 and the year 1 agree for durations that divide
// 719162 days, and differ for others (weeks begin on Monday).
#pragma once

#include <cstdint>

namespace tick {

// Nanoseconds from the last multiple of `every` (> 0) to `time`: 0 <= result < every.
inline int64_t SinceMultiple(int64_t time, int64_t every) {
  // A quarter of the 62135596800 s from the year 1 to 1970; the whole does not fit 64 bits.
  constexpr uint64_t kQuarter = 15533899200u * 1'000'000'000u;
  auto unit = static_cast<uint64_t>(every);
  uint64_t half = 2 * (kQuarter % unit) % unit;
  int64_t rest = time % every;
  uint64_t since = static_cast<uint64_t>(rest < 0 ? rest + every : rest) + 2 * half % unit;
  return static_cast<int64_t>(since % unit);
}
// The last multiple at or before `time`; `time` itself where every <= 0.
inline int64_t TruncateTime(int64_t time, int64_t every) {
  return every <= 0 ? time : static_cast<int64_t>(static_cast<uint64_t>(time) - SinceMultiple(time, every));
}
// The nearest multiple, the later one of two equally near.
inline int64_t RoundTime(int64_t time, int64_t every) {
  if (every <= 0) return time;
  int64_t since = SinceMultiple(time, every);
  auto at = static_cast<uint64_t>(time) - static_cast<uint64_t>(since);
  return static_cast<int64_t>(since < every - since ? at : at + static_cast<uint64_t>(every));
}

}  // namespace tick
