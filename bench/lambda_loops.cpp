// lambda_loops.cpp - the loops bench/lambda.cpp measures against, compiled by clang -O3 for this CPU.
#include "bench/lambda_loops.h"

#include <cmath>
#include <cstring>
#include <string_view>

namespace {

template <class T>
const T *Column(const LoopArgs *args, int i) {
  return static_cast<const T *>(args->columns[i]);
}
bool Equal(const LoopString &a, const LoopString &b) { return a.size == b.size && std::memcmp(a.data, b.data, a.size) == 0; }
std::string_view View(const LoopString &s) { return {s.data, s.size}; }

// BODY computes one row; `a`, `b`, `c` are the columns and R the type of the result.
#define ROWS(name, R, setup, body)                          \
  extern "C" void name(LoopArgs *args) {                    \
    setup;                                                  \
    auto *__restrict out = static_cast<R *>(args->out);     \
    const double f0 = args->f[0], f1 = args->f[1], f2 = args->f[2]; \
    const int64_t i0 = args->i[0], i1 = args->i[1];         \
    const uint32_t n = args->n;                             \
    (void)f0, (void)f1, (void)f2, (void)i0, (void)i1;       \
    for (uint32_t r = 0; r < n; ++r) out[r] = static_cast<R>(body); \
  }
#define A(T) const T *__restrict a = Column<T>(args, 0)
#define B(T) const T *__restrict b = Column<T>(args, 1)
#define C(T) const T *__restrict c = Column<T>(args, 2)

}  // namespace

ROWS(loop_greater, uint8_t, A(double), a[r] > f0)
ROWS(loop_greater_int, uint8_t, A(double), a[r] > static_cast<double>(i0))
ROWS(loop_int_greater_int, uint8_t, A(int64_t), a[r] > i0)
ROWS(loop_between_int, uint8_t, A(int64_t), a[r] >= i0 && a[r] < i1)
ROWS(loop_mixed, uint8_t, A(double); B(double); C(double), a[r] * f0 + b[r] > f1 && c[r] < f2)
ROWS(loop_outside, uint8_t, A(double), a[r] < f0 || a[r] > f1)
ROWS(loop_rest, double, A(double), f0 - a[r])
ROWS(loop_percent, double, A(double); B(double), a[r] / b[r] * f0)
ROWS(loop_int_ratio, uint8_t, A(int64_t); B(int64_t), static_cast<double>(a[r]) / static_cast<double>(b[r]) > f0)
ROWS(loop_distance, uint8_t, A(double); B(double), std::fabs(a[r] - b[r]) > f0)
ROWS(loop_hypotenuse, double, A(double); B(double), std::sqrt(a[r] * a[r] + b[r] * b[r]))
ROWS(loop_every_tenth, uint8_t, A(int64_t), a[r] % i0 == i1)
ROWS(loop_flag, int64_t, A(double), a[r] > f0 ? i0 : i1)
ROWS(loop_at_least, double, A(double), a[r] > f0 ? a[r] : f0)
ROWS(loop_equal_text, uint8_t, A(LoopString); const LoopString s = args->s, Equal(a[r], s))
ROWS(loop_less_and_text, uint8_t, A(double); B(LoopString); const LoopString s = args->s, a[r] < f0 && Equal(b[r], s))
ROWS(loop_prefix, uint8_t, A(LoopString); const LoopString s = args->s,
     a[r].size >= s.size && std::memcmp(a[r].data, s.data, s.size) == 0)
ROWS(loop_contains, uint8_t, A(LoopString); const LoopString s = args->s, View(a[r]).find(View(s)) != std::string_view::npos)
ROWS(loop_length, uint8_t, A(LoopString), static_cast<int64_t>(a[r].size) > i0)

extern "C" void loop_sigma(LoopArgs *args) {
  const double *a = Column<double>(args, 0);
  auto *out = static_cast<uint8_t *>(args->out);
  double *state = args->state;
  for (uint32_t r = 0; r < args->n; ++r) {
    double x = a[r];
    state[0] += 1;
    double d = x - state[1];
    state[1] += d / state[0];
    state[2] += d * (x - state[1]);
    double variance = state[2] / (state[0] - 1);
    double sigma = state[0] < 2 || variance == 0 ? 0 : std::fabs(x - state[1]) / std::sqrt(variance);
    out[r] = sigma > args->f[0];
  }
}

extern "C" void loop_spread(LoopArgs *args) {
  const double *a = Column<double>(args, 0);
  auto *out = static_cast<uint8_t *>(args->out);
  double *state = args->state;
  for (uint32_t r = 0; r < args->n; ++r) {
    state[1] = state[0] == 0 || a[r] < state[1] ? a[r] : state[1];
    state[2] = state[0] == 0 || a[r] > state[2] ? a[r] : state[2];
    state[0] += 1;
    out[r] = state[2] - state[1] > args->f[0];
  }
}
