// arithmetic.h - what operators do to ints, floats and durations (language.md 4.2): for the checker, which computes
// constants, and for tagged code.
#pragma once

#include <cstdint>

#include "grammar/tables.h"

namespace tick {

inline constexpr const char *kDivideByZero = "runtime error: integer divide by zero";

inline int64_t WrapAdd(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
inline int64_t WrapSub(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
inline int64_t WrapMul(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
inline int64_t WrapNegate(int64_t a) { return WrapSub(0, a); }
// b is not 0. The smallest int by -1 is itself, and leaves 0.
inline int64_t WrapDiv(int64_t a, int64_t b) { return b == -1 ? WrapNegate(a) : a / b; }
inline int64_t WrapMod(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }

// Float to int as x86-64 converts: truncated; NaN and what does not fit give the smallest int.
inline int64_t FloatToInt(double value) {
  return value >= -9223372036854775808.0 && value < 9223372036854775808.0 ? static_cast<int64_t>(value) : INT64_MIN;
}

// a op b for + - * / % of ints; false: the divisor is zero.
inline bool IntMath(Operator op, int64_t a, int64_t b, int64_t *out) {
  switch (op) {
    case Operator::Plus:
      *out = WrapAdd(a, b);
      return true;
    case Operator::Minus:
      *out = WrapSub(a, b);
      return true;
    case Operator::Mult:
      *out = WrapMul(a, b);
      return true;
    case Operator::Div:
      if (b == 0) return false;
      *out = WrapDiv(a, b);
      return true;
    default:
      if (b == 0) return false;
      *out = WrapMod(a, b);
      return true;
  }
}

inline double FloatMath(Operator op, double a, double b) {
  switch (op) {
    case Operator::Plus:
      return a + b;
    case Operator::Minus:
      return a - b;
    case Operator::Mult:
      return a * b;
    default:
      return a / b;
  }
}

// The six orderings, of anything that has them.
template <class T>
bool Compare(Operator op, const T &a, const T &b) {
  switch (op) {
    case Operator::Equal:
      return a == b;
    case Operator::NotEqual:
      return a != b;
    case Operator::Less:
      return a < b;
    case Operator::LessEqual:
      return a <= b;
    case Operator::Greater:
      return a > b;
    default:
      return a >= b;
  }
}

}  // namespace tick
