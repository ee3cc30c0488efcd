// influxql.cpp - the bodies of InfluxQL's functions (nodes.md 29.5).
#include "runtime/nodes/influxql.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/nodes/holt_winters.h"

namespace tick {
namespace {

Value ValueOf(int64_t value) { return MakeInt(value); }
Value ValueOf(double value) { return MakeFloat(value); }
Value ValueOf(uint8_t value) { return MakeBool(value); }
Value ValueOf(const tick_string &value) { return Value{{.s = value}, TICK_STRING}; }

template <class T>
bool Less(const T &a, const T &b) {
  if constexpr (std::is_same_v<T, tick_string>) return View(a) < View(b);
  else return a < b;
}
template <class T>
bool Same(const T &a, const T &b) {
  if constexpr (std::is_same_v<T, tick_string>) return View(a) == View(b);
  else return a == b;
}

template <class T>
Chosen Point(const ValueSet &set, size_t at) {
  return {ValueOf(set.as<T>()[at]), set.times[at], true, static_cast<uint32_t>(at)};
}
Chosen Plain(const Value &value) { return {value, 0, false, Chosen::kNone}; }

// Indexes of the set, by value; equal values in order of arrival.
template <class T>
std::vector<uint32_t> ByValue(const ValueSet &set) {
  std::vector<uint32_t> order(set.n);
  std::iota(order.begin(), order.end(), 0u);
  auto values = set.as<T>();
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return Less(values[a], values[b]); });
  return order;
}

struct Count {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    out.push_back(Plain(MakeInt(static_cast<int64_t>(set.n))));
  }
};

// Ints wrap, as everywhere.
template <class T>
T Total(const ValueSet &set) {
  if constexpr (std::is_same_v<T, int64_t>) {
    uint64_t sum = 0;
    for (int64_t value : set.as<int64_t>()) sum += static_cast<uint64_t>(value);
    return static_cast<int64_t>(sum);
  } else {
    double sum = 0;
    for (double value : set.as<double>()) sum += value;
    return sum;
  }
}

struct Sum {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    out.push_back(Plain(ValueOf(Total<T>(set))));
  }
};

struct Mean {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    out.push_back(Plain(MakeFloat(static_cast<double>(Total<T>(set)) / static_cast<double>(set.n))));
  }
};

struct Median {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    if (set.n == 1) {
      out.push_back({MakeFloat(static_cast<double>(values[0])), set.times[0], true, Chosen::kNone});
      return;
    }
    std::vector<T> sorted(values.begin(), values.end());
    auto middle = sorted.begin() + static_cast<ptrdiff_t>(set.n / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    double median = static_cast<double>(*middle);
    if (set.n % 2 == 0) {
      T low = *std::max_element(sorted.begin(), middle), high = *middle;
      if constexpr (std::is_same_v<T, int64_t>)
        median = static_cast<double>(low) +
                 static_cast<double>(static_cast<int64_t>(static_cast<uint64_t>(high) - static_cast<uint64_t>(low))) / 2;
      else
        median = low + (high - low) / 2;
    }
    out.push_back(Plain(MakeFloat(median)));
  }
};

struct Mode {
  // A run of equal values is compared with the best from its second point on, the first run from its first.
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    if (set.n == 1) {
      Chosen only = Point<T>(set, 0);
      only.at = Chosen::kNone;
      out.push_back(only);
      return;
    }
    auto values = set.as<T>();
    std::vector<uint32_t> order = ByValue<T>(set);
    size_t most = 0, count = 0;
    T value = values[order[0]], best = value;
    int64_t began = set.times[order[0]], best_time = began;
    for (uint32_t at : order) {
      if (!Same(values[at], value)) {
        count = 1;
        value = values[at];
        began = set.times[at];
        continue;
      }
      ++count;
      if (most > count || (most == count && began > best_time)) continue;
      most = count;
      best = values[at];
      best_time = set.times[at];
    }
    out.push_back(Plain(ValueOf(best)));
  }
};

struct Spread {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    Running running;
    for (T value : set.as<T>()) running.add(value);
    running.type = set.type;
    out.push_back(Plain(running.result(RunningValue::Spread)));
  }
};

struct Stddev {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    double mean = 0, squares = 0;
    size_t n = 0;
    for (T value : set.as<T>())
      if (auto x = static_cast<double>(value); !std::isnan(x)) mean += (x - mean) / static_cast<double>(++n);
    for (T value : set.as<T>())
      if (auto x = static_cast<double>(value); !std::isnan(x)) squares += (x - mean) * (x - mean);
    out.push_back(Plain(MakeFloat(set.n < 2 ? 0 : std::sqrt(squares / (static_cast<double>(n) - 1)))));
  }
};

// The point no other one beats. `beats(a, b)`: point a of the set is to be preferred to b.
template <class T, class Beats>
void Select(const ValueSet &set, std::vector<Chosen> &out, Beats &&beats) {
  size_t best = 0;
  for (size_t i = 1; i < set.n; ++i)
    if (beats(i, best)) best = i;
  out.push_back(Point<T>(set, best));
}

struct First {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    Select<T>(set, out, [&](size_t a, size_t b) {
      return set.times[a] < set.times[b] || (set.times[a] == set.times[b] && Less(values[b], values[a]));
    });
  }
};

struct Last {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    Select<T>(set, out, [&](size_t a, size_t b) {
      return set.times[a] > set.times[b] || (set.times[a] == set.times[b] && Less(values[b], values[a]));
    });
  }
};

struct Min {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    Select<T>(set, out, [&](size_t a, size_t b) {
      return values[a] < values[b] || (values[a] == values[b] && set.times[a] < set.times[b]);
    });
  }
};

struct Max {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    Select<T>(set, out, [&](size_t a, size_t b) {
      return values[a] > values[b] || (values[a] == values[b] && set.times[a] < set.times[b]);
    });
  }
};

struct Percentile {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &args, std::vector<Chosen> &out) {
    double rank = std::floor(static_cast<double>(set.n) * args.percentile / 100.0 + 0.5) - 1;
    if (!(rank >= 0) || rank >= static_cast<double>(set.n)) return;
    std::vector<uint32_t> order(set.n);
    std::iota(order.begin(), order.end(), 0u);
    auto values = set.as<T>();
    auto at = order.begin() + static_cast<ptrdiff_t>(rank);
    std::nth_element(order.begin(), at, order.end(), [&](uint32_t a, uint32_t b) {
      return values[a] < values[b] || (values[a] == values[b] && a < b);
    });
    out.push_back(Point<T>(set, *at));
  }
};

struct Distinct {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &args, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    std::vector<uint32_t> order = ByValue<T>(set), firsts;
    for (uint32_t at : order)
      if (firsts.empty() || !Same(values[firsts.back()], values[at])) firsts.push_back(at);
    if (!args.old_dialect)
      std::stable_sort(firsts.begin(), firsts.end(),
                       [&](uint32_t a, uint32_t b) { return set.times[a] < set.times[b]; });
    for (uint32_t at : firsts) {
      out.push_back(Point<T>(set, at));
      out.back().at = Chosen::kNone;
    }
  }
};

// The n best points; with names, only the best of each combination of their values counts.
template <class T, class Beats>
void Best(const ValueSet &set, const FunctionArgs &args, std::vector<Chosen> &out, Beats &&beats) {
  std::vector<uint32_t> order(set.n);
  std::iota(order.begin(), order.end(), 0u);
  if (args.combination) {
    std::vector<uint32_t> best(set.n, Chosen::kNone);  // by combination
    for (uint32_t at : order) {
      uint32_t &of = best[args.combination[at]];
      if (of == Chosen::kNone || beats(at, of)) of = at;
    }
    std::erase_if(order, [&](uint32_t at) { return best[args.combination[at]] != at; });
  }
  auto keep = static_cast<ptrdiff_t>(std::clamp<int64_t>(args.n, 0, static_cast<int64_t>(order.size())));
  std::partial_sort(order.begin(), order.begin() + keep, order.end(),
                    [&](uint32_t a, uint32_t b) { return beats(a, b) || (!beats(b, a) && a < b); });
  order.resize(static_cast<size_t>(keep));
  if (args.old_dialect)
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return set.times[a] < set.times[b]; });
  for (uint32_t at : order) out.push_back(Point<T>(set, at));
}

struct Top {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &args, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    Best<T>(set, args, out, [&](uint32_t a, uint32_t b) {
      return values[a] > values[b] || (values[a] == values[b] && set.times[a] < set.times[b]);
    });
  }
};

struct Bottom {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &args, std::vector<Chosen> &out) {
    auto values = set.as<T>();
    Best<T>(set, args, out, [&](uint32_t a, uint32_t b) {
      return values[a] < values[b] || (values[a] == values[b] && set.times[a] < set.times[b]);
    });
  }
};

struct HoltWinters {
  template <class T>
  static void run(const ValueSet &set, const FunctionArgs &args, std::vector<Chosen> &out) {
    std::vector<double> values;
    for (T value : set.as<T>()) values.push_back(static_cast<double>(value));
    for (const Forecast &point : Forecasts({set.times, set.n}, values, args.n, args.season, args.interval, args.with_fit))
      out.push_back({MakeFloat(point.value), point.time, true, Chosen::kNone});
  }
};

template <class Body>
constexpr SetFunction MakeNumberRow(std::string_view name, SetShape shape, bool empty_ok, RunningValue running) {
  return {name, shape, empty_ok, running,
          {nullptr, &Body::template run<int64_t>, &Body::template run<double>, nullptr}};
}
template <class Body>
constexpr SetFunction MakeAnyRow(std::string_view name, SetShape shape, bool empty_ok, RunningValue running) {
  return {name, shape, empty_ok, running,
          {&Body::template run<uint8_t>, &Body::template run<int64_t>, &Body::template run<double>,
           &Body::template run<tick_string>}};
}

}  // namespace

unsigned ValueIndex(Type type) {
  switch (type) {
    case Type::Bool: return 0;
    case Type::Int: return 1;
    case Type::Float: return 2;
    case Type::String: return 3;
    default: return 4;
  }
}

namespace {
constexpr SetFunction kRows[] = {
#define TICK_SET_FUNCTION(method, shape, types, empty_ok, running, body) \
  Make##types##Row<body>(method, SetShape::shape, empty_ok, RunningValue::running),
#include "runtime/nodes/influxql.def"
#undef TICK_SET_FUNCTION
};
}  // namespace

const SetFunction *FindSetFunction(std::string_view name) {
  for (const SetFunction &row : kRows)
    if (row.name == name) return &row;
  return nullptr;
}

Value Running::result(RunningValue of) const {
  bool ints = type == Type::Int;
  switch (of) {
    case RunningValue::Sum: return ints ? MakeInt(sum.i) : MakeFloat(sum.f);
    case RunningValue::Mean: return MakeFloat((ints ? static_cast<double>(sum.i) : sum.f) / static_cast<double>(n));
    case RunningValue::Spread:
      if (!ints) return MakeFloat(max.f - min.f);
      return MakeInt(static_cast<int64_t>(static_cast<uint64_t>(max.i) - static_cast<uint64_t>(min.i)));
    default: return MakeInt(n);
  }
}

}  // namespace tick
