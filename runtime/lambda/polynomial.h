// polynomial.h - polynomials by Horner's rule, in the one order of operations that Go's results come from.
#pragma once

#include <cstddef>

namespace tick::go {

// c[0] x^(n-1) + ... + c[n-1].
template <size_t n>
double Polynomial(const double (&c)[n], double x) {
  double sum = c[0];
  for (size_t i = 1; i < n; ++i) sum = sum * x + c[i];
  return sum;
}

}  // namespace tick::go
