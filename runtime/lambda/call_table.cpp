// call_table.cpp - thunks from tagged values to the functions of functions.def.
#include "runtime/lambda/call_table.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "runtime/abi/symbols.h"

namespace tick {
namespace {

template <Type type>
typename abi::CTypeOf<type>::Param Argument(const tick_value &value) {
  if constexpr (type == Type::Bool) return value.as.b;
  else if constexpr (type == Type::Float) return value.as.f;
  else if constexpr (type == Type::String) return &value.as.s;
  else if constexpr (type == Type::Regex) return value.as.regex;
  else return value.as.i;
}

template <Type type>
tick_value Tagged(typename abi::CTypeOf<type>::Result result) {
  tick_value value{{.i = 0}, static_cast<uint8_t>(type)};
  if constexpr (type == Type::Bool) value.as.b = result;
  else if constexpr (type == Type::Float) value.as.f = result;
  else if constexpr (type == Type::String) value.as.s = result;
  else if constexpr (type == Type::Regex) value.as.regex = result;
  else value.as.i = result;
  return value;
}

template <auto function, Type result, Failure failure, Statefulness statefulness, class Params>
struct Thunk;
template <auto function, Type result, Failure failure, Statefulness statefulness, Type... params>
struct Thunk<function, result, failure, statefulness, abi::Types<params...>> {
  static int32_t Call(tick_context *context, void *state, const tick_value *args, tick_value *out) {
    return Apply(context, state, args, out, std::make_index_sequence<sizeof...(params)>());
  }
  template <size_t... i>
  static int32_t Apply(tick_context *context, [[maybe_unused]] void *state, [[maybe_unused]] const tick_value *args,
                       tick_value *out, std::index_sequence<i...>) {
    typename abi::CTypeOf<result>::Result value{};
    if constexpr (failure == Failure::MayFail) {
      if (function(context, Argument<params>(args[i])..., &value)) return 1;
    } else if constexpr (statefulness == Statefulness::Stateful) {
      value = function(context, state, Argument<params>(args[i])...);
    } else if constexpr (result == Type::String) {
      function(context, Argument<params>(args[i])..., &value);
    } else {
      value = function(context, Argument<params>(args[i])...);
    }
    *out = Tagged<result>(value);
    return 0;
  }
};

using enum Type;
constexpr Overload kThunks[] = {
#define TICK_FN(name, symbol, params, result, failure, state, llvm, doc, example, want)                        \
  {nullptr, Thunk<&abi::symbol, Type::result, Failure::failure, Statefulness::state,                           \
                  abi::Types<TICK_UNPAREN params>>::Call},
#include "grammar/functions.def"
#undef TICK_FN
};

static_assert([] {
  for (size_t i = 1; i < kFunctionCount; ++i)
    for (size_t j = 0; j + 1 < i; ++j)
      if (kFunctions[i].name == kFunctions[j].name && kFunctions[i].name != kFunctions[i - 1].name) return false;
  return true;
}(), "overloads of one name stand together in functions.def");

// The overloads with their rows, and where each name's begin, sorted by name.
struct Table {
  Overload overloads[kFunctionCount];
  std::vector<std::pair<std::string_view, std::span<const Overload>>> names;
  Table() {
    for (size_t i = 0; i < kFunctionCount; ++i) overloads[i] = {&kFunctions[i], kThunks[i].call};
    for (size_t i = 0, n; i < kFunctionCount; i += n) {
      for (n = 1; i + n < kFunctionCount && kFunctions[i + n].name == kFunctions[i].name;) ++n;
      names.push_back({kFunctions[i].name, std::span(overloads + i, n)});
    }
    std::sort(names.begin(), names.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  }
};

}  // namespace

std::span<const Overload> OverloadsOf(std::string_view name) {
  static const Table table;
  auto it = std::lower_bound(table.names.begin(), table.names.end(), name,
                             [](const auto &entry, std::string_view wanted) { return entry.first < wanted; });
  return it != table.names.end() && it->first == name ? it->second : std::span<const Overload>();
}

const Overload *FindOverload(std::span<const Overload> overloads, const Type *types, size_t n) {
  for (const Overload &overload : overloads)
    if (overload.row->Takes(types, n)) return &overload;
  return nullptr;
}

}  // namespace tick
