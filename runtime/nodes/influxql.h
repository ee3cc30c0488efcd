// influxql.h - InfluxQL's functions over columns (nodes.md 29).
//
// In: the values of one type of a set of points, in order of arrival, with their times. Out: one value, some of
// the points, or new points. A function is a row of influxql.def and a body in influxql.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/block.h"

namespace tick {

// Values of a set: T is uint8_t, int64_t, double or tick_string, for booleans, ints, floats and strings.
struct ValueSet {
  Type type = Type::Missing;
  const void *values = nullptr;
  const int64_t *times = nullptr;
  size_t n = 0;
  template <class T>
  std::span<const T> as() const { return {static_cast<const T *>(values), n}; }
};

// One point of a result. `at`: the point of the set it is, where it is one.
struct Chosen {
  static constexpr uint32_t kNone = ~0u;
  Value value;
  int64_t time = 0;
  bool has_time = false;
  uint32_t at = kNone;
};

struct FunctionArgs {
  double percentile = 0;
  int64_t n = 0;                     // top, bottom: how many; Holt-Winters: forecasts
  int64_t season = 0, interval = 0;  // Holt-Winters
  bool with_fit = false;
  bool old_dialect = false;
  // top and bottom with names: for each point of the set, a number for its combination of their values.
  const uint32_t *combination = nullptr;
};

// What of a Running is a function's value.
enum class RunningValue : uint8_t { No, Count, Sum, Mean, Spread };
enum class SetShape : uint8_t { Aggregate, Selector, Several };
using FunctionBody = void (*)(const ValueSet &set, const FunctionArgs &args, std::vector<Chosen> &out);

struct SetFunction {
  std::string_view name;
  SetShape shape;
  bool empty_ok;              // gives a value for no points at all
  RunningValue running;       // can be kept without the points: see Running
  FunctionBody bodies[4];     // by ValueIndex; null where the function does not take the type
};
// Booleans, ints, floats, strings as an index; 4 for anything else.
unsigned ValueIndex(Type type);
const SetFunction *FindSetFunction(std::string_view name);

// Mean, sum, count and spread of points that nobody keeps. What would have been an error of a point is counted.
struct Running {
  union Number {
    int64_t i = 0;
    double f;
  };
  int64_t n = 0;
  Number sum, min, max;  // of `type`
  uint32_t missing_first = 0, missing_later = 0, wrong = 0, refused = 0;
  Type type = Type::Missing, wrong_type = Type::Missing, refused_type = Type::Missing;

  void add(int64_t value);
  void add(double value);
  // The value of a row, which is of `type`.
  void add(const Column &column, uint32_t row) {
    if (type == Type::Float) add(static_cast<const double *>(column.words)[row]);
    else if (type == Type::Int) add(static_cast<const int64_t *>(column.words)[row]);
    else ++n;
  }
  Value result(RunningValue of) const;
};

inline void Running::add(int64_t value) {
  if (n++ == 0) min.i = max.i = value;
  sum.i = static_cast<int64_t>(static_cast<uint64_t>(sum.i) + static_cast<uint64_t>(value));
  if (value < min.i) min.i = value;
  if (value > max.i) max.i = value;
}

inline void Running::add(double value) {
  if (n++ == 0) {
    min.f = max.f = value;
    sum.f = 0;
  }
  sum.f += value;
  // A NaN stays, whichever side it came in on.
  if (value < min.f || value != value) min.f = value;
  if (value > max.f || value != value) max.f = value;
}

}  // namespace tick
