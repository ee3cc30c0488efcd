// state_size.h - the bytes of state the compiler reserves a group, for node files to assert that theirs fit.
#pragma once

#include <cstddef>
#include <string_view>

namespace tick {

constexpr size_t StateSizeOf(std::string_view kind) {
#define TICK_STATE(name, bytes) \
  if (kind == #name) return bytes;
#include "runtime/abi/state_sizes.def"
#undef TICK_STATE
  return 0;
}

}  // namespace tick
