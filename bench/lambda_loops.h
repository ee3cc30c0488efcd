// lambda_loops.h - the loops that lambdas are measured against: one a lambda, of the same meaning, literals as parameters.
#pragma once

#include <cstddef>
#include <cstdint>

struct LoopString {  // as tick_string
  const char *data;
  size_t size;
};

// What a loop reads and writes: columns of the lambda's references in order, its literals, one result a row.
struct LoopArgs {
  const void *const *columns;
  uint32_t n;
  void *out;
  double f[3];
  int64_t i[3];
  LoopString s;
  double state[3];  // n, mean, m2; or n, least, largest
};
using Loop = void (*)(LoopArgs *);

#define LOOP(name) extern "C" void name(LoopArgs *args)
LOOP(loop_greater);
LOOP(loop_greater_int);
LOOP(loop_int_greater_int);
LOOP(loop_between_int);
LOOP(loop_mixed);
LOOP(loop_outside);
LOOP(loop_rest);
LOOP(loop_percent);
LOOP(loop_int_ratio);
LOOP(loop_distance);
LOOP(loop_hypotenuse);
LOOP(loop_every_tenth);
LOOP(loop_flag);
LOOP(loop_at_least);
LOOP(loop_equal_text);
LOOP(loop_less_and_text);
LOOP(loop_prefix);
LOOP(loop_contains);
LOOP(loop_length);
LOOP(loop_sigma);
LOOP(loop_spread);
#undef LOOP
