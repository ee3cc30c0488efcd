// binding.cpp - fields first, then tags.
//
// Most names are never a tag key of any series, and then a field's column is all there is to look at. The others
// cost a look into the tags of each row's series.
#include "runtime/lambda/binding.h"

#include <cstring>

#include "runtime/data/column_builder.h"

namespace tick {

Name TimeName() {
  static const Name name = Intern("time");
  return name;
}

bool ReferenceValue(const Frame &frame, uint32_t row, Name name, Value *out) {
  if (name == TimeName()) {
    *out = MakeTime(frame.times[row]);
    return true;
  }
  *out = frame.column(name).at(row);
  const std::string *tag = MayBeTag(name) ? FindTag(frame.series[row]->tags, name) : nullptr;
  if (!tag) return true;
  if (TypeOf(*out) != Type::Missing) return false;
  *out = MakeString(*tag);
  return true;
}

Column BindReference(Arena &arena, const Frame &frame, Name name, uint8_t **conflicts) {
  if (name == TimeName()) return UniformColumn(Type::Time, frame.times);
  Column field = frame.column(name);
  if (!MayBeTag(name)) return field;
  uint32_t size = frame.block->size();
  ColumnBuilder builder(arena, size, static_cast<uint32_t>(frame.rows.size()));
  bool tags = false;
  for (uint32_t row : frame.rows) {
    const std::string *tag = FindTag(frame.series[row]->tags, name);
    tags |= tag != nullptr;
    Type type = field.type_at(row);
    if (!tag) {
      if (type != Type::Missing) builder.set(row, field.at(row));
    } else if (type == Type::Missing) {
      builder.set(row, MakeString(*tag));
    } else {
      if (!*conflicts) *conflicts = static_cast<uint8_t *>(std::memset(arena.array<uint8_t>(size), 0, size));
      (*conflicts)[row] = 1;
    }
  }
  return tags ? builder.finish() : field;
}

bool IsUniform(const Column &column, std::span<const uint32_t> rows, Type *type) {
  *type = column.type;
  if (!column.types) return true;
  uint8_t first = column.types[rows[0]], other = 0;
  for (uint32_t row : rows) other |= column.types[row] ^ first;
  *type = static_cast<Type>(first);
  return other == 0;
}

}  // namespace tick
