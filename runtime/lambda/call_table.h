// call_table.h - functions.def as something to call with tagged values.
//
// One row of the table is one overload with a thunk made from its symbol's type: a new function needs its row and
// its body, nothing here.
#pragma once

#include <span>
#include <string_view>

#include "grammar/tables.h"
#include "runtime/abi/tick_abi.h"

namespace tick {

struct Overload {
  const FunctionRow *row;
  // Calls with arguments of the row's types. 0, or 1 with the context's message set. `out` may be one of `args`.
  int32_t (*call)(tick_context *context, void *state, const tick_value *args, tick_value *out);
};

// All overloads of a name, in the table's order; none: no such function.
std::span<const Overload> OverloadsOf(std::string_view name);
// The one that takes exactly these types, or null.
const Overload *FindOverload(std::span<const Overload> overloads, const Type *types, size_t n);

}  // namespace tick
