// rows.h - selections of rows, and arrays by row number, for frames a node hands on.
//
// Memory is the task's arena (until the push returns) or, for plain counting, shared for the thread's life.
#pragma once

#include <cstdint>
#include <span>

#include "runtime/data/block.h"
#include "runtime/support/arena.h"

namespace tick {

// 0, 1, 2, … n - 1. Stays valid as long as the thread lives.
std::span<const uint32_t> CountingRows(size_t n);

// Row numbers in order, at most `most` of them.
class Selection {
 public:
  Selection(Arena &arena, size_t most) : rows_(arena.array<uint32_t>(most)) {}
  void add(uint32_t row) { rows_[size_++] = row; }
  // Adds the row if `keep`, without a branch.
  void add_if(uint32_t row, bool keep) {
    rows_[size_] = row;
    size_ += keep;
  }
  size_t size() const { return size_; }
  std::span<const uint32_t> rows() const { return {rows_, size_}; }
  void clear() { size_ = 0; }

 private:
  uint32_t *rows_;
  size_t size_ = 0;
};

// The rows of `all` that are not among `some`, which is a part of it.
std::span<const uint32_t> Without(Arena &arena, std::span<const uint32_t> all, std::span<const uint32_t> some);

// Elements an array by row number needs to cover the frame's rows.
inline size_t RowBound(const Frame &frame) { return frame.rows.empty() ? 0 : frame.rows.back() + 1; }

}  // namespace tick
