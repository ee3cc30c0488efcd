// alert_state.cpp - history, flapping and durations of one group.
#include "runtime/alert/alert_state.h"

namespace tick {
namespace {

// Nanoseconds from `from` to `to`; what never was is infinitely long ago.
int64_t Elapsed(int64_t from, int64_t to) {
  int64_t elapsed;
  if (from == AlertState::kNever) return std::numeric_limits<int64_t>::max();
  if (__builtin_sub_overflow(to, from, &elapsed))
    return to > from ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  return elapsed;
}

}  // namespace

void AlertState::add(const AlertRules &rules, int64_t time, Level now) {
  previous = level;
  level = now;
  changed = previous != now;
  if (rules.flapping) {
    if (!ring) ring = std::make_unique<uint8_t[]>(rules.history);
    index = (index + 1) % rules.history;
    ring[index] = static_cast<uint8_t>(now);
    double share = percent_change(rules.history);
    if (is_flapping ? share < rules.low : share > rules.high) is_flapping = !is_flapping;
  }
  expired = !changed && rules.max_interval != 0 && Elapsed(last_triggered, time) >= rules.max_interval;
}

// The weighted share of changes, later ones weighing more. Which neighbours are compared is Kapacitor's: the
// oldest with the newest, and never the second newest with the third.
double AlertState::percent_change(uint32_t n) const {
  constexpr double kMost = 1.2, kLeast = 1.2 / 1.5;
  double weight = kLeast, step = (kMost - kLeast) / static_cast<double>(n - 1), sum = 0;
  for (uint32_t i = 0; i + 1 < n; ++i) {
    uint32_t at = (i + index) % n, before = at == 0 ? n - 1 : at - 1;
    if (ring[at] != ring[before]) sum += weight;
    weight += step;
  }
  return sum / static_cast<double>(n - 1);
}

void AlertState::triggered(int64_t time) {
  last_triggered = time;
  if (previous == Level::Ok) first_triggered = time;
}

int64_t AlertState::duration() const { return Elapsed(first_triggered, last_triggered); }

}  // namespace tick
