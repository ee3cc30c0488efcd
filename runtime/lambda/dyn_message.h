// dyn_message.h - the words of failed operators and calls (language.md 4.5, 5.1).
#pragma once

#include <cstdint>

#include "grammar/tables.h"
#include "runtime/abi/tick_abi.h"

namespace tick {

// Sets why `left op right` has no result, for the first rule that applies; returns 1.
int32_t FailBinary(tick_context *context, const tick_site *site, Type left, Type right);
// The reference behind an operand, or null where the operand is no reference.
inline const char *RefName(const tick_site *site, uint32_t operand) {
  return site->ref_names ? site->ref_names[operand] : nullptr;
}
// A division by zero or a slice out of bounds ends the whole evaluation: nothing is put before its message.
bool IsPanic(const tick_context *context);
// Puts text before the context's message, except before a panic's; returns 1.
int32_t Prefix(tick_context *context, const char *text);

}  // namespace tick
