// stateful.cpp - count, sigma and spread: functions with state a group.
//
// The state is FunctionStateSize(name) bytes, all zero before the first value (language.md 5.6).
#include <cmath>
#include <limits>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/stateful.h"

namespace {

struct CountState {
  int64_t n;
};
// Welford's running mean and sum of squared distances.
struct SigmaState {
  double n, mean, m2;
};
struct SpreadState {
  double n, min, max;
};
static_assert(sizeof(CountState) == tick::FunctionStateSize("count"));
static_assert(sizeof(SigmaState) == tick::FunctionStateSize("sigma"));
static_assert(sizeof(SpreadState) == tick::FunctionStateSize("spread"));

}  // namespace

namespace tick {

double Sigma(void *memory, double x, bool zero_for_equal) {
  SigmaState &state = *static_cast<SigmaState *>(memory);
  state.n += 1;
  double delta = x - state.mean;
  state.mean += delta / state.n;
  state.m2 += delta * (x - state.mean);
  double variance = state.m2 / (state.n - 1);
  if (state.n < 2 || (zero_for_equal && variance == 0)) return 0;
  return std::fabs(x - state.mean) / std::sqrt(variance);
}

}  // namespace tick

extern "C" {

int64_t tick_fn_count(tick_context *, void *state) { return ++static_cast<CountState *>(state)->n; }

double tick_fn_sigma_f(tick_context *, void *state, double x) { return tick::Sigma(state, x, true); }

double tick_fn_spread_f(tick_context *, void *memory, double x) {
  SpreadState &state = *static_cast<SpreadState *>(memory);
  if (state.n == 0) {
    state.min = std::numeric_limits<double>::infinity();
    state.max = -state.min;
  }
  state.n += 1;
  if (x < state.min) state.min = x;
  if (x > state.max) state.max = x;
  return state.max - state.min;
}
}
