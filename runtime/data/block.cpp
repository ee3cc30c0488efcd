// block.cpp - fields, and blocks made at run time.
#include "runtime/data/block.h"

#include <algorithm>

#include "runtime/data/column_builder.h"

namespace tick {

const Value *FindField(const Fields &fields, Name name) {
  for (const Field &field : fields)
    if (field.name == name) return &field.value;
  return nullptr;
}

void SetField(Fields &fields, Name name, const Value &value) {
  auto at = std::lower_bound(fields.begin(), fields.end(), name,
                             [](const Field &field, Name wanted) { return NameLess(field.name, wanted); });
  if (at != fields.end() && at->name == name) at->value = value;
  else fields.insert(at, {name, value});
}

void RowBlock::add(const Series *of, int64_t time, const Fields &fields) {
  times.push_back(time);
  series.push_back(of);
  rows_.push_back(fields);
  for (Field &field : rows_.back())
    if (TypeOf(field.value) == Type::String) field.value = MakeString(arena_.copy(StringOf(field.value)));
  columns_.clear();
}

Column RowBlock::column(Name name) const {
  for (const NamedColumn &known : columns_)
    if (known.name == name) return known.column;
  ColumnBuilder builder(arena_, size(), size());
  for (uint32_t row = 0; row < size(); ++row)
    if (const Value *value = FindField(rows_[row], name)) builder.set(row, *value);
  return columns_.emplace_back(NamedColumn{name, builder.finish()}).column;
}

void RowBlock::fields(uint32_t row, Fields &out) const { out = rows_[row]; }

Column ColumnBlock::column(Name name) const {
  for (const NamedColumn &known : columns)
    if (known.name == name) return known.column;
  if (rows.empty()) return Column{};
  std::lock_guard lock(mutex_);
  for (const NamedColumn &known : extracted_)
    if (known.name == name) return known.column;
  ColumnBuilder builder(arena_, size(), size());
  for (uint32_t row = 0; row < size(); ++row)
    if (const Value *value = FindField(rows[row], name)) builder.set(row, *value);
  return extracted_.emplace_back(NamedColumn{name, builder.finish()}).column;
}

void ColumnBlock::fields(uint32_t row, Fields &out) const {
  if (!rows.empty()) {
    out = rows[row];
    return;
  }
  out.clear();
  for (const NamedColumn &named : columns)
    if (Value value = named.column.at(row); TypeOf(value) != Type::Missing) SetField(out, named.name, value);
}

}  // namespace tick
