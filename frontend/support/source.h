// source.h - a script's text and the places in it.
//
// Offsets are bytes from 0. Lines and columns are computed only when something is printed; a column counts
// bytes from 1 (language.md, notation).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick {

struct SourceRange {
  uint32_t begin = 0, end = 0;  // [begin, end)
};

struct LineColumn {
  uint32_t line = 1, column = 1;
};

struct Source {
  std::string name;  // as diagnostics print it: a path, "<stdin>", a task's id
  std::string text;

  LineColumn position(uint32_t offset) const;
  // The text of the line that holds `offset`, without its newline.
  std::string_view line(uint32_t offset) const;
};

}  // namespace tick
