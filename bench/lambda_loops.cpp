// lambda_loops.cpp - the loops bench/lambda.cpp measures against, compiled by clang -O3 for this CPU.
#include <cstdint>

extern "C" void loop_threshold(const double *__restrict value, uint8_t *__restrict out, uint32_t n, double limit) {
  for (uint32_t i = 0; i < n; ++i) out[i] = value[i] > limit;
}

extern "C" void loop_mixed(const double *__restrict a, const double *__restrict b, const double *__restrict c,
                           uint8_t *__restrict out, uint32_t n, double factor, double low, double high) {
  for (uint32_t i = 0; i < n; ++i) out[i] = a[i] * factor + b[i] > low && c[i] < high;
}
