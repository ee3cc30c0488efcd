// point_buffer.h - points a node keeps: columns that grow at the end and are cut at the front.
//
// What windows, queues and stream aggregates hold back, and what nodes that make points write into. It is a
// Block, so that what it holds is emitted in place: rows first() to end() are the points, in arrival order;
// rows before first() were cut and wait for the next compaction. Strings are copied into memory the buffer
// owns, in chunks that are given back as the points they belong to leave. Frames of it are valid until the
// buffer changes.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "runtime/data/block.h"
#include "runtime/engine/state_archive.h"
#include "runtime/nodes/rows.h"

namespace tick {

// One field of the kept points. Arrays are by row number and as long as their last value needs.
struct KeptColumn {
  Name name = nullptr;
  size_t rows = 0;             // that have a type; later ones have none
  Type type = Type::Missing;   // of all rows, while `types` is empty
  std::vector<uint8_t> types;  // a type a row, once rows differ
  std::vector<uint64_t> words;
  std::vector<uint8_t> bools;
  std::vector<tick_string> strings;
  std::vector<uint8_t> nulls;  // rows that have the field, but no value: 1

  Column view() const;
  // Rows before n that were given no value have none.
  void cover(size_t n);
  // The type of a row; those between the last and this one have no value.
  void push_type(Type of, size_t row);
  // Takes back the last row's value.
  void pop();
  size_t bytes() const;
};

class PointBuffer final : public Block {
 public:
  // The fields to keep of points appended from frames, sorted. Without a call, or with `all`, every field.
  void keep_only(const std::vector<Name> &names);

  size_t first() const { return first_; }
  size_t end() const { return times.size(); }
  size_t count() const { return times.size() - first_; }
  bool empty() const { return first_ == times.size(); }

  // A point of a frame, with the fields to keep.
  void append(const Frame &frame, uint32_t row);
  // The same where `columns` are the frame's columns of the fields given to keep_only, in that order.
  void append(const Frame &frame, uint32_t row, const Column *columns);
  // A new last point without fields; set() and set_null() give it some.
  void append(int64_t time, const Series *series);
  // Gives the last point all fields of a row of another buffer.
  void set_all(const PointBuffer &from, size_t row);
  void set(Name name, const Value &value);
  void set_null(Name name);  // the field is there, its value is null

  // The points, saved or loaded (into an empty buffer).
  void exchange(StateArchive &archive);

  void pop_front(size_t n);
  void clear();

  Frame frame() { return frame(first_, end()); }
  Frame frame(size_t from, size_t to);  // row numbers
  Value value(size_t row, Name name);

  // Of a frame's rows: all fields() or column() gives.
  Column column(Name name) const override;
  void fields(uint32_t row, Fields &out) const override;
  size_t bytes() const;

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    size_t size = 0, used = 0;
    uint64_t last = 0;  // number of the last point with a string here, counted from the buffer's begin
  };
  KeptColumn &column_of(Name name);
  void push(KeptColumn &column, size_t row, const Value &value);
  void push(KeptColumn &column, size_t row, const Column &from, uint32_t from_row);
  tick_string own(std::string_view text, size_t row);
  void settle();
  void compact();

  std::vector<KeptColumn> columns_;  // sorted by name
  size_t hint_ = 0;                  // the column after the one set last: fields come in order
  bool all_ = true;
  size_t first_ = 0;
  uint64_t cut_ = 0;                 // points that left the arrays for good
  std::deque<Chunk> chunks_;
  Fields scratch_;
};

// A buffer that may not be there; `make` gives an empty one to load into.
template <class Make>
void Exchange(StateArchive &archive, std::unique_ptr<PointBuffer> &points, Make &&make) {
  bool there = points != nullptr;
  archive.number(there);
  if (archive.loading()) points = there ? make() : nullptr;
  if (points) points->exchange(archive);
}

}  // namespace tick
