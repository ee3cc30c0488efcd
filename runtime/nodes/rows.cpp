// rows.cpp - the counting rows every buffer's frames share.
#include "runtime/nodes/rows.h"

#include <bit>
#include <memory>
#include <numeric>

namespace tick {

std::span<const uint32_t> CountingRows(size_t n) {
  // One array a power of two: frames further up the stack may still hold a smaller one.
  thread_local std::unique_ptr<uint32_t[]> arrays[33];
  unsigned power = std::bit_width(n > 4096 ? n - 1 : 4095);
  std::unique_ptr<uint32_t[]> &array = arrays[power];
  if (!array) {
    array.reset(new uint32_t[size_t{1} << power]);
    std::iota(array.get(), array.get() + (size_t{1} << power), 0);
  }
  return {array.get(), n};
}

std::span<const uint32_t> Without(Arena &arena, std::span<const uint32_t> all, std::span<const uint32_t> some) {
  Selection left(arena, all.size() + 1);
  size_t at = 0;
  for (uint32_t row : all) {
    if (at < some.size() && some[at] == row) ++at;
    else left.add(row);
  }
  return left.rows();
}

}  // namespace tick
