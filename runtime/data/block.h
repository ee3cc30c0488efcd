// block.h - columns of points: what a request becomes and what nodes hand to each other.
//
// A Block holds rows in arrival order and never changes once it is built: times, series, and a column for
// each field some task reads. Fields nobody reads stay text until somebody wants them (`fields`). A Frame
// is a selection of a block's rows on an edge of one task, with what the task changed laid over it. A
// single point is a block of one row. Memory: a block's arrays live as long as the block; a frame's
// arrays live in the task's arena until the push that made it returns.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/data/series.h"
#include "runtime/support/arena.h"

namespace tick {

struct Field {
  Name name;
  Value value;
};
// Sorted by name, bytewise; names are unique.
using Fields = std::vector<Field>;
const Value *FindField(const Fields &fields, Name name);
void SetField(Fields &fields, Name name, const Value &value);

// The values of one field, by row number. Where all rows have one type (Missing included) `types` is null
// and `type` is that type; else `types` has a type a row. Ints, floats, durations and times share `words`
// (8 bytes a row), so a row's value is in the array its type says.
struct Column {
  Type type = Type::Missing;
  const uint8_t *types = nullptr;
  const void *words = nullptr;
  const uint8_t *bools = nullptr;
  const tick_string *strings = nullptr;

  Type type_at(uint32_t row) const { return types ? static_cast<Type>(types[row]) : type; }
  // The array a kernel takes for `of`.
  const void *array(Type of) const {
    return of == Type::Bool ? bools : of == Type::String ? static_cast<const void *>(strings) : words;
  }
  Value at(uint32_t row) const;
  bool absent() const { return !types && type == Type::Missing; }
};

struct NamedColumn {
  Name name;
  Column column;
};

class Block {
 public:
  virtual ~Block() = default;

  uint32_t size() const { return static_cast<uint32_t>(times.size()); }
  // The column of a field; absent() where no row has it. A field that nobody declared to read when the
  // block was built may be extracted now; callers are of one thread then.
  virtual Column column(Name name) const = 0;
  // Replaces `out` by all fields of a row. Strings point into the block.
  virtual void fields(uint32_t row, Fields &out) const = 0;

  std::vector<int64_t> times;
  std::vector<const Series *> series;
};

// A block of whole points, for nodes that make points (join, flatten, mean, …) and for tests.
class RowBlock final : public Block {
 public:
  // `fields` sorted; strings are copied into the block.
  void add(const Series *series, int64_t time, const Fields &fields);
  Column column(Name name) const override;
  void fields(uint32_t row, Fields &out) const override;

 private:
  mutable Arena arena_;
  std::vector<Fields> rows_;
  mutable std::vector<NamedColumn> columns_;
};

// A block whose columns somebody else keeps (a window's buffers); `rows`, if any, has all fields.
class ColumnBlock final : public Block {
 public:
  std::vector<NamedColumn> columns;
  std::span<const Fields> rows;  // empty: the columns are all there is
  Column column(Name name) const override;
  void fields(uint32_t row, Fields &out) const override;

 private:
  mutable std::mutex mutex_;  // of what is extracted from `rows` on demand
  mutable Arena arena_;
  mutable std::vector<NamedColumn> extracted_;
};

// What a task laid over a block's fields: added, replaced or removed ones. Overlays chain; the nearest wins.
struct Overlay {
  const Overlay *base = nullptr;
  bool closed = false;  // the columns here are all the fields there are: base and block are not looked at
  std::vector<NamedColumn> columns;
  std::vector<Name> hidden;
};

struct Group;

struct Frame {
  const Block *block = nullptr;
  std::span<const uint32_t> rows;           // row numbers in order
  const int64_t *times = nullptr;           // by row number
  const Series *const *series = nullptr;    // by row number
  Group *const *groups = nullptr;           // by row number
  const Overlay *overlay = nullptr;

  Column column(Name name) const;
  void fields(uint32_t row, Fields &out) const;
};

struct Batch {
  Name name;
  Group *group;             // its tags are the batch's tags
  int64_t tmax;
  Frame points;             // all rows are of this batch; rows' series carry all tags of the points
};

}  // namespace tick
