// point_buffer.cpp - columns of kept points.
#include "runtime/nodes/point_buffer.h"

#include <algorithm>
#include <cstring>

namespace tick {
namespace {

bool IsWord(Type type) {
  return type == Type::Int || type == Type::Float || type == Type::Duration || type == Type::Time;
}

// Grows by a quarter: kept points are many, and stay.
template <class T>
void Push(std::vector<T> &array, T value) {
  if (array.size() == array.capacity()) array.reserve(array.size() + array.size() / 4 + 4);
  array.push_back(value);
}
template <class T>
void Put(std::vector<T> &array, size_t row, T value) {
  if (array.size() < row) array.resize(row);
  Push(array, value);
}

template <class T>
void CutFront(std::vector<T> &array, size_t n) {
  if (array.size() <= n) array.clear();
  else array.erase(array.begin(), array.begin() + static_cast<ptrdiff_t>(n));
}

}  // namespace

Column KeptColumn::view() const {
  return {type, types.empty() ? nullptr : types.data(), words.data(), bools.data(), strings.data()};
}

void KeptColumn::cover(size_t n) {
  if (rows >= n) return;
  if (rows == 0) type = Type::Missing;
  if (types.empty() && type != Type::Missing) types.assign(rows, static_cast<uint8_t>(type));
  if (!types.empty()) types.resize(n, static_cast<uint8_t>(Type::Missing));
  rows = n;
}

void KeptColumn::push_type(Type of, size_t row) {
  cover(row);
  if (types.empty()) {
    if (rows == 0) type = of;
    else if (of != type) types.assign(rows, static_cast<uint8_t>(type));
  }
  if (!types.empty()) types.push_back(static_cast<uint8_t>(of));
  rows = row + 1;
}

void KeptColumn::pop() {
  --rows;
  if (!types.empty()) types.pop_back();
  if (words.size() > rows) words.pop_back();
  if (bools.size() > rows) bools.pop_back();
  if (strings.size() > rows) strings.pop_back();
  if (nulls.size() > rows) nulls.pop_back();
  if (rows == 0) type = Type::Missing;
}

size_t KeptColumn::bytes() const {
  return sizeof(*this) + types.capacity() + words.capacity() * 8 + bools.capacity() + nulls.capacity() + strings.capacity() * 16;
}

void PointBuffer::keep_only(const std::vector<Name> &names) {
  all_ = false;
  columns_.resize(names.size());
  for (size_t i = 0; i < names.size(); ++i) columns_[i].name = names[i];
}

void PointBuffer::append(int64_t time, const Series *point_series) {
  Push(times, time);
  Push(series, point_series);
  hint_ = 0;
}

void PointBuffer::set(Name name, const Value &value) {
  size_t row = times.size() - 1;
  KeptColumn &column = column_of(name);
  if (column.rows > row) column.pop();
  push(column, row, value);
}

void PointBuffer::set_all(const PointBuffer &from, size_t row) {
  hint_ = 0;
  for (const KeptColumn &column : from.columns_) {
    if (row >= column.rows) continue;
    Value value = column.view().at(static_cast<uint32_t>(row));
    if (TypeOf(value) != Type::Missing) set(column.name, value);
    else if (row < column.nulls.size() && column.nulls[row]) set_null(column.name);
  }
}

void PointBuffer::set_null(Name name) {
  set(name, MakeMissing());
  Put<uint8_t>(column_of(name).nulls, times.size() - 1, 1);
}

void PointBuffer::append(const Frame &frame, uint32_t row, const Column *columns) {
  size_t at = times.size();
  Push(times, frame.times[row]);
  Push(series, frame.series[row]);
  for (size_t i = 0; i < columns_.size(); ++i) push(columns_[i], at, columns[i], row);
}

void PointBuffer::append(const Frame &frame, uint32_t row) {
  if (all_) {
    frame.fields(row, scratch_);
    append(frame.times[row], frame.series[row]);
    for (const Field &field : scratch_)
      if (TypeOf(field.value) == Type::Missing) set_null(field.name);
      else set(field.name, field.value);
    return;
  }
  size_t at = times.size();
  Push(times, frame.times[row]);
  Push(series, frame.series[row]);
  for (KeptColumn &column : columns_) push(column, at, frame.column(column.name), row);
}

void PointBuffer::push(KeptColumn &column, size_t row, const Value &value) {
  column.push_type(TypeOf(value), row);
  if (IsWord(TypeOf(value))) Put(column.words, row, static_cast<uint64_t>(value.as.i));
  else if (TypeOf(value) == Type::Bool) Put(column.bools, row, value.as.b);
  else if (TypeOf(value) == Type::String) Put(column.strings, row, own(StringOf(value), row));
}

void PointBuffer::push(KeptColumn &column, size_t row, const Column &from, uint32_t from_row) {
  Type type = from.type_at(from_row);
  column.push_type(type, row);
  if (IsWord(type)) Put(column.words, row, static_cast<const uint64_t *>(from.words)[from_row]);
  else if (type == Type::Bool) Put(column.bools, row, from.bools[from_row]);
  else if (type == Type::String) Put(column.strings, row, own(View(from.strings[from_row]), row));
}

KeptColumn &PointBuffer::column_of(Name name) {
  if (hint_ < columns_.size() && columns_[hint_].name == name) return columns_[hint_++];
  size_t at = 0;
  if (columns_.size() <= 16) {
    while (at < columns_.size() && columns_[at].name != name) ++at;
  }
  if (columns_.size() > 16 || at == columns_.size()) {
    auto place = std::lower_bound(columns_.begin(), columns_.end(), name,
                                  [](const KeptColumn &column, Name of) { return NameLess(column.name, of); });
    if (place == columns_.end() || place->name != name) {
      place = columns_.emplace(place);
      place->name = name;
    }
    at = static_cast<size_t>(place - columns_.begin());
  }
  hint_ = at + 1;
  return columns_[at];
}

tick_string PointBuffer::own(std::string_view text, size_t row) {
  if (text.empty()) return {"", 0};
  if (chunks_.empty() || chunks_.back().size - chunks_.back().used < text.size()) {
    size_t size = chunks_.empty() ? 256 : std::min<size_t>(chunks_.back().size * 2, 65536);
    size = std::max(size, text.size());
    chunks_.push_back({std::unique_ptr<char[]>(new char[size]), size, 0, 0});
  }
  Chunk &chunk = chunks_.back();
  char *data = chunk.data.get() + chunk.used;
  std::memcpy(data, text.data(), text.size());
  chunk.used += text.size();
  chunk.last = cut_ + row;
  return {data, text.size()};
}

void PointBuffer::pop_front(size_t n) {
  first_ += n;
  if (first_ == times.size()) {
    clear();
    return;
  }
  while (!chunks_.empty() && chunks_.front().last < cut_ + first_) {
    if (chunks_.size() == 1) {
      chunks_.front().used = 0;
      break;
    }
    chunks_.pop_front();
  }
  if (first_ >= 16 && first_ * 3 >= times.size()) compact();
}

void PointBuffer::compact() {
  CutFront(times, first_);
  CutFront(series, first_);
  for (KeptColumn &column : columns_) {
    CutFront(column.types, first_);
    CutFront(column.words, first_);
    CutFront(column.bools, first_);
    CutFront(column.strings, first_);
    CutFront(column.nulls, first_);
    column.rows -= std::min(column.rows, first_);
    // Rows of one type again: kernels want to know.
    if (!column.types.empty() &&
        std::all_of(column.types.begin(), column.types.end(), [&](uint8_t t) { return t == column.types[0]; })) {
      column.type = static_cast<Type>(column.types[0]);
      column.types.clear();
    }
  }
  cut_ += first_;
  first_ = 0;
}

void PointBuffer::clear() {
  cut_ += times.size();
  first_ = 0;
  times.clear();
  series.clear();
  // Fields that come and go do not pile up.
  if (all_ && columns_.size() > 64) std::erase_if(columns_, [](const KeptColumn &column) { return column.rows == 0; });
  for (KeptColumn &column : columns_) {
    column.rows = 0;
    column.type = Type::Missing;
    column.types.clear();
    column.words.clear();
    column.bools.clear();
    column.strings.clear();
    column.nulls.clear();
  }
  if (chunks_.size() > 1) chunks_.erase(chunks_.begin(), chunks_.end() - 1);
  if (!chunks_.empty()) chunks_.front().used = 0;
}

void PointBuffer::settle() {
  for (KeptColumn &column : columns_) column.cover(times.size());
}

Frame PointBuffer::frame(size_t from, size_t to) {
  settle();
  Frame frame;
  frame.block = this;
  frame.rows = CountingRows(to).subspan(from);
  frame.times = times.data();
  frame.series = series.data();
  return frame;
}

Value PointBuffer::value(size_t row, Name name) {
  settle();
  return column(name).at(static_cast<uint32_t>(row));
}

Column PointBuffer::column(Name name) const {
  for (const KeptColumn &column : columns_)
    if (column.name == name) return column.view();
  return {};
}

void PointBuffer::fields(uint32_t row, Fields &out) const {
  out.clear();
  for (const KeptColumn &column : columns_) {
    Value value = column.view().at(row);
    bool null = row < column.nulls.size() && column.nulls[row];
    if (null || TypeOf(value) != Type::Missing) out.push_back({column.name, value});
  }
}

size_t PointBuffer::bytes() const {
  size_t total = sizeof(*this) + times.capacity() * 8 + series.capacity() * 8;
  for (const KeptColumn &column : columns_) total += column.bytes();
  for (const Chunk &chunk : chunks_) total += chunk.size;
  return total;
}

}  // namespace tick
