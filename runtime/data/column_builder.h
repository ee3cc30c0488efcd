// column_builder.h - makes a column value by value.
//
// In: at most one value a row, in any order, for the rows of a selection. Out: a Column whose rows without a
// value are missing. Memory from the arena given, which must outlive the column; strings are not copied.
#pragma once

#include "runtime/data/block.h"

namespace tick {

class ColumnBuilder {
 public:
  // size: rows of the block; wanted: how many of them are selected (a column is uniform if that many are set).
  ColumnBuilder(Arena &arena, uint32_t size, uint32_t wanted) : arena_(arena), size_(size), wanted_(wanted) {}
  void set(uint32_t row, const Value &value);
  // The array for values of a type, made if there is none yet: for writers that fill it themselves, together
  // with set_type for each row.
  void *array(Type type);
  void set_type(uint32_t row, Type type);
  // The column so far.
  Column finish() const;

 private:
  Arena &arena_;
  uint32_t size_, wanted_, set_ = 0;
  bool mixed_ = false;
  Type first_ = Type::Missing;
  uint8_t *types_ = nullptr;
  int64_t *words_ = nullptr;
  uint8_t *bools_ = nullptr;
  tick_string *strings_ = nullptr;
};

// A column of one type over an array made by the caller.
inline Column UniformColumn(Type type, const void *array) {
  Column column;
  column.type = type;
  if (type == Type::Bool) column.bools = static_cast<const uint8_t *>(array);
  else if (type == Type::String) column.strings = static_cast<const tick_string *>(array);
  else column.words = array;
  return column;
}

}  // namespace tick
