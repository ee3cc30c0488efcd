// column.cpp - reading and making columns.
#include <cstring>

#include "runtime/data/column_builder.h"

namespace tick {

Value Column::at(uint32_t row) const {
  Value value = MakeMissing();
  Type of = type_at(row);
  value.type = static_cast<uint8_t>(of);
  switch (of) {
    case Type::Missing: break;
    case Type::Bool: value.as.b = bools[row]; break;
    case Type::String: value.as.s = strings[row]; break;
    case Type::Float: value.as.f = static_cast<const double *>(words)[row]; break;
    default: value.as.i = static_cast<const int64_t *>(words)[row]; break;
  }
  return value;
}

void *ColumnBuilder::array(Type type) {
  if (type == Type::Bool) {
    if (!bools_) bools_ = static_cast<uint8_t *>(std::memset(arena_.array<uint8_t>(size_), 0, size_));
    return bools_;
  }
  // Rows that are not set stay zero, so that code which runs over whole arrays reads defined values.
  if (type == Type::String) {
    if (!strings_) {
      strings_ = arena_.array<tick_string>(size_);
      for (uint32_t row = 0; row < size_; ++row) strings_[row] = {"", 0};
    }
    return strings_;
  }
  if (!words_) words_ = static_cast<int64_t *>(std::memset(arena_.array<int64_t>(size_), 0, size_ * sizeof(int64_t)));
  return words_;
}

void ColumnBuilder::set_type(uint32_t row, Type type) {
  if (!types_) {
    types_ = static_cast<uint8_t *>(std::memset(arena_.array<uint8_t>(size_), 0, size_));
    first_ = type;
  }
  types_[row] = static_cast<uint8_t>(type);
  mixed_ |= type != first_;
  ++set_;
}

void ColumnBuilder::set(uint32_t row, const Value &value) {
  Type type = TypeOf(value);
  if (type == Type::Missing) return;
  void *to = array(type);
  if (type == Type::Bool) static_cast<uint8_t *>(to)[row] = value.as.b != 0;
  else if (type == Type::String) static_cast<tick_string *>(to)[row] = value.as.s;
  else static_cast<int64_t *>(to)[row] = value.as.i;
  set_type(row, type);
}

Column ColumnBuilder::finish() const {
  Column column;
  if (set_ == 0) return column;
  column.type = first_;
  column.types = mixed_ || set_ < wanted_ ? types_ : nullptr;
  column.words = words_;
  column.bools = bools_;
  column.strings = strings_;
  return column;
}

}  // namespace tick
