// random.cpp - rand(): uniform random numbers, a generator a thread.
#include <random>

#include "runtime/abi/symbols.h"

namespace {

std::mt19937_64 &Generator() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  return generator;
}

}  // namespace

extern "C" {

int64_t tick_fn_rand(tick_context *) { return static_cast<int64_t>(Generator()() >> 1); }

// A negative bound is a huge unsigned one, as Kapacitor takes it.
int64_t tick_fn_rand_i(tick_context *, int64_t n) {
  if (n == 0) return 0;
  uint64_t bound = static_cast<uint64_t>(n);
  return static_cast<int64_t>(std::uniform_int_distribution<uint64_t>(0, bound - 1)(Generator()));
}
}
