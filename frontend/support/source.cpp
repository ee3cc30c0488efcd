// source.cpp - byte offsets to lines and columns.
//
// In: an offset, also one past the end. Out: the place as an editor counts it. Nothing is cached: places are
// wanted only for the few things that get printed.
#include "frontend/support/source.h"

#include <algorithm>
#include <cstddef>

namespace tick {
namespace {

// First byte of the line that holds `offset`.
size_t LineBegin(std::string_view text, size_t offset) {
  if (offset == 0) return 0;
  size_t newline = text.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

}  // namespace

LineColumn Source::position(uint32_t offset) const {
  size_t at = std::min<size_t>(offset, text.size());
  LineColumn place;
  place.line = 1 + static_cast<uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  place.column = 1 + static_cast<uint32_t>(at - LineBegin(text, at));
  return place;
}

std::string_view Source::line(uint32_t offset) const {
  std::string_view all = text;
  size_t begin = LineBegin(all, std::min<size_t>(offset, all.size()));
  std::string_view found = all.substr(begin, all.find('\n', begin) - begin);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

}  // namespace tick
