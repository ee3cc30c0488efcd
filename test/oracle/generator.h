// generator.h - random expressions drawn from operators.def and functions.def, and points to run them over.
//
// A seed gives the same expressions and points everywhere.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "test/oracle/expression.h"

namespace tick::oracle {

class Generator {
 public:
  // old: what Kapacitor 0.2 can read and knows.
  explicit Generator(uint64_t seed, bool old = false) : random_(seed), old_(old) {}
  // An expression of some type eval() takes. Its types check where fields have the types their names say; the fields
  // "m1" and "m2" have any type from point to point, and "q" is never there.
  Expression expression();
  // Fields i1 i2 f1 f2 s1 s2 b1 b2 d1 m1 m2, the tag t1 and "time". Unless `clean`, one is now and then missing or of
  // another type than its name says.
  Point point(bool clean);

 private:
  Expression of_type(Type type, int depth);
  Expression literal(Type type);
  Expression reference(Type type);
  bool computed(Type type, int depth, Expression *out);
  Datum value(Type type);
  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  template <class T>
  const T &pick(const std::vector<T> &of) {
    return of[random_() % of.size()];
  }
  std::mt19937_64 random_;
  bool old_;
};

}  // namespace tick::oracle
