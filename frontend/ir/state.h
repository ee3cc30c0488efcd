// state.h - where stateful functions keep their state in a lambda's state.
#pragma once

#include <string>
#include <vector>

#include "frontend/ir/ir.h"

namespace tick::ir {

// The state of one function in one scope: all calls of it there share it (language.md 4.8).
struct FunctionState {
  uint32_t scope = 0;
  std::string function;
  uint32_t offset = 0, size = 0;
};

// In the order of their offsets; what they take together is the lambda's state_size.
std::vector<FunctionState> FunctionStates(const Lambda &lambda);

}  // namespace tick::ir
