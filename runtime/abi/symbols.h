// symbols.h - the functions generated code calls, declared for C++ and listed with signature and address.
//
// In: symbols.def and grammar/functions.def. Out: C declarations of each, and Symbols(), from which codegen
// declares them to LLVM and the JIT resolves them. A body whose parameters differ from its row does not compile.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <type_traits>

#include "grammar/tables.h"
#include "runtime/abi/tick_abi.h"

namespace tick::abi {

// The C type of a parameter or result of each type of functions.def.
template <Type> struct CTypeOf;
template <> struct CTypeOf<Type::Bool> { using Param = uint8_t; using Result = uint8_t; };
template <> struct CTypeOf<Type::Int> { using Param = int64_t; using Result = int64_t; };
template <> struct CTypeOf<Type::Duration> { using Param = int64_t; using Result = int64_t; };
template <> struct CTypeOf<Type::Time> { using Param = int64_t; using Result = int64_t; };
template <> struct CTypeOf<Type::Float> { using Param = double; using Result = double; };
template <> struct CTypeOf<Type::Regex> { using Param = const void *; using Result = const void *; };
template <> struct CTypeOf<Type::String> { using Param = const tick_string *; using Result = tick_string; };

template <Type... types> struct Types {};

// The C function type of a functions.def row, as its header states it.
template <Type result, Failure failure, Statefulness state, class Params> struct FunctionType;
template <Type result, Failure failure, Type... params>
struct FunctionType<result, failure, Statefulness::Stateless, Types<params...>> {
  static constexpr bool kByPointer = failure == Failure::MayFail || result == Type::String;
  template <bool by_pointer, class R>
  struct Pick { using type = R(tick_context *, typename CTypeOf<params>::Param...); };
  template <class R>
  struct Pick<true, R> {
    using Status = std::conditional_t<failure == Failure::MayFail, int32_t, void>;
    using type = Status(tick_context *, typename CTypeOf<params>::Param..., R *out);
  };
  using type = typename Pick<kByPointer, typename CTypeOf<result>::Result>::type;
};
// Stateful functions take their state before the arguments; none of them fails.
template <Type result, Type... params>
struct FunctionType<result, Failure::Never, Statefulness::Stateful, Types<params...>> {
  using type = typename CTypeOf<result>::Result(tick_context *, void *state, typename CTypeOf<params>::Param...);
};

// How LLVM passes a parameter or result.
enum class Kind : uint8_t { Void, U8, I32, U32, I64, U64, F64, Pointer };
template <class T>
constexpr Kind KindOf() {
  if constexpr (std::is_void_v<T>) return Kind::Void;
  else if constexpr (std::is_pointer_v<T>) return Kind::Pointer;
  else if constexpr (std::is_same_v<T, uint8_t>) return Kind::U8;
  else if constexpr (std::is_same_v<T, int32_t>) return Kind::I32;
  else if constexpr (std::is_same_v<T, uint32_t>) return Kind::U32;
  else if constexpr (std::is_same_v<T, int64_t>) return Kind::I64;
  else if constexpr (std::is_same_v<T, uint64_t>) return Kind::U64;
  else {
    static_assert(std::is_same_v<T, double>, "no such type crosses the border to generated code");
    return Kind::F64;
  }
}

inline constexpr size_t kMaxSymbolParams = 8;
struct Symbol {
  std::string_view name;
  void *address;
  Kind result;
  std::array<Kind, kMaxSymbolParams> params;  // the first n_params count
  uint8_t n_params;
};
template <class R, class... P>
Symbol MakeSymbol(std::string_view name, R (*function)(P...)) {
  static_assert(sizeof...(P) <= kMaxSymbolParams);
  return {name, reinterpret_cast<void *>(function), KindOf<R>(), {KindOf<P>()...}, sizeof...(P)};
}

// All of them: symbols.def's, then functions.def's in the order of kFunctions (Symbols()[n - kFunctionCount + i]
// belongs to kFunctions[i]).
std::span<const Symbol> Symbols();
// The symbol behind kFunctions[index].
const Symbol &FunctionSymbol(size_t index);

using enum Type;
#define TICK_FN(name, symbol, params, result, failure, state, llvm, doc, example, want) \
  extern "C" FunctionType<Type::result, Failure::failure, Statefulness::state, Types<TICK_UNPAREN params>>::type symbol;
#include "grammar/functions.def"
#undef TICK_FN

}  // namespace tick::abi

extern "C" {
#define TICK_SYMBOL(name, result, params) result name params;
#include "runtime/abi/symbols.def"
#undef TICK_SYMBOL
}
