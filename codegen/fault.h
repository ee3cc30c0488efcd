// fault.h - what must hold unless codegen itself is wrong.
//
// User mistakes never come here: the graph was checked and verified.
#pragma once

#include <stdexcept>

namespace tick {

inline void Require(bool holds, const char *sentence) {
  if (!holds) throw std::logic_error(sentence);
}

}  // namespace tick
