// string_out.h - how functions hand strings to compiled lambdas.
#pragma once

#include <string>
#include <string_view>

#include "runtime/abi/tick_abi.h"
#include "runtime/lambda/lambda.h"

namespace tick {

// A part of one of the arguments: lives as long as they do.
inline void Give(std::string_view part, tick_string *out) { *out = {part.data(), part.size()}; }
// Text made by the function: copied into the context's memory.
inline void Keep(tick_context *context, std::string_view text, tick_string *out) {
  Give(context->arena->copy(text), out);
}
// An empty string to build a result in; the thread's only one, so results must be kept before the next is built.
inline std::string &Scratch() {
  thread_local std::string scratch;
  scratch.clear();
  return scratch;
}

}  // namespace tick
