// tables.h - the language's tables as constexpr arrays, built from the .def files.
//
// Every folder may include this header; it includes nothing of the project. A table is read by value
// here, or expanded again by X macro where a row names a C symbol (runtime/abi/symbols.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace tick {

enum class Type : uint8_t {
#define TICK_TYPE(id, name, go_name) id,
#include "grammar/types.def"
#undef TICK_TYPE
};

struct TypeRow {
  std::string_view name;
  std::string_view go_name;
};
inline constexpr TypeRow kTypes[] = {
#define TICK_TYPE(id, name, go_name) {name, go_name},
#include "grammar/types.def"
#undef TICK_TYPE
};
constexpr std::string_view TypeName(Type type) { return kTypes[static_cast<size_t>(type)].name; }
constexpr std::string_view GoTypeName(Type type) { return kTypes[static_cast<size_t>(type)].go_name; }

// --- operators ---------------------------------------------------------------------------------

enum class Operator : uint8_t {
#define TICK_OPERATOR(id, spelling, precedence, kind) id,
#define TICK_OVERLOAD(op, left, right, result, may_fail)
#include "grammar/operators.def"
#undef TICK_OPERATOR
#undef TICK_OVERLOAD
};
enum class OperatorKind : uint8_t { Logical, Comparison, Math };

struct OperatorRow {
  std::string_view spelling;
  int precedence;
  OperatorKind kind;
};
inline constexpr OperatorRow kOperators[] = {
#define TICK_OPERATOR(id, spelling, precedence, kind) {spelling, precedence, OperatorKind::kind},
#define TICK_OVERLOAD(op, left, right, result, may_fail)
#include "grammar/operators.def"
#undef TICK_OPERATOR
#undef TICK_OVERLOAD
};
constexpr const OperatorRow &RowOf(Operator op) { return kOperators[static_cast<size_t>(op)]; }

struct OverloadRow {
  Operator op;
  Type left, right, result;
  bool may_fail;
};
inline constexpr OverloadRow kOverloads[] = {
#define TICK_OPERATOR(id, spelling, precedence, kind)
#define TICK_OVERLOAD(op, left, right, result, may_fail) \
  {Operator::op, Type::left, Type::right, Type::result, may_fail},
#include "grammar/operators.def"
#undef TICK_OPERATOR
#undef TICK_OVERLOAD
};

// The row that computes `left op right`, or null where no row fits.
constexpr const OverloadRow *FindOverload(Operator op, Type left, Type right) {
  for (const OverloadRow &row : kOverloads)
    if (row.op == op && row.left == left && row.right == right) return &row;
  return nullptr;
}
// Whether `op` computes anything with `type` on either side: decides between the two messages of
// language.md 4.5 ("invalid math operator" or "mismatched type").
constexpr bool HasOperation(Operator op, Type type) {
  for (const OverloadRow &row : kOverloads)
    if (row.op == op && (row.left == type || row.right == type)) return true;
  return false;
}

// --- functions ---------------------------------------------------------------------------------

enum class Failure : uint8_t { Never, MayFail };
enum class Statefulness : uint8_t { Stateless, Stateful };
inline constexpr size_t kMaxParams = 4;

struct FunctionRow {
  std::string_view name;
  std::string_view symbol;
  std::array<Type, kMaxParams> params;  // the first n_params count
  uint8_t n_params;
  Type result;
  Failure failure;
  Statefulness state;
  std::string_view llvm;
  std::string_view doc, example, want;

  constexpr bool Takes(const Type *types, size_t n) const {
    if (n != n_params) return false;
    for (size_t i = 0; i < n; ++i)
      if (params[i] != types[i]) return false;
    return true;
  }
};

namespace detail {
struct Params {
  std::array<Type, kMaxParams> types{};
  uint8_t n = 0;
  constexpr Params(std::initializer_list<Type> list) {
    for (Type type : list) types[n++] = type;
  }
};
constexpr FunctionRow MakeFunction(std::string_view name, std::string_view symbol, Params params, Type result,
                                   Failure failure, Statefulness state, std::string_view llvm,
                                   std::string_view doc, std::string_view example, std::string_view want) {
  return {name, symbol, params.types, params.n, result, failure, state, llvm, doc, example, want};
}
}  // namespace detail

namespace function_types {
using enum Type;
#define TICK_UNPAREN(...) __VA_ARGS__
inline constexpr FunctionRow kFunctions[] = {
#define TICK_FN(name, symbol, params, result, failure, state, llvm, doc, example, want)              \
  detail::MakeFunction(name, #symbol, detail::Params({TICK_UNPAREN params}), result,              \
                          Failure::failure, Statefulness::state, llvm, doc, example, want),
#include "grammar/functions.def"
#undef TICK_FN
};
}  // namespace function_types
using function_types::kFunctions;
inline constexpr size_t kFunctionCount = std::size(kFunctions);

constexpr bool IsFunction(std::string_view name) {
  for (const FunctionRow &row : kFunctions)
    if (row.name == name) return true;
  return false;
}
// Index into kFunctions of the overload that takes exactly these types, or -1.
constexpr int FindFunction(std::string_view name, const Type *types, size_t n) {
  for (size_t i = 0; i < kFunctionCount; ++i)
    if (kFunctions[i].name == name && kFunctions[i].Takes(types, n)) return static_cast<int>(i);
  return -1;
}
// Bytes of group state a stateful function keeps (count: n; sigma: n, mean, m2; spread: n, min, max);
// all of it zero is the state before the first value. 0 for a stateless one.
constexpr size_t FunctionStateSize(std::string_view name) {
  if (name == "count") return 8;
  if (name == "sigma" || name == "spread") return 24;
  return 0;
}

static_assert(std::size(kTypes) == static_cast<size_t>(Type::Invalid) + 1);
static_assert(FindFunction("count", nullptr, 0) >= 0);
static_assert([] {
  for (size_t i = 0; i < kFunctionCount; ++i)
    if ((kFunctions[i].state == Statefulness::Stateful) != (FunctionStateSize(kFunctions[i].name) > 0) &&
        kFunctions[i].state == Statefulness::Stateful)
      return false;
  return true;
}(), "every stateful function has a state size");

}  // namespace tick
