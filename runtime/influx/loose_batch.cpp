// loose_batch.cpp - columns of an answer, and their way into a task.
#include "runtime/influx/loose_batch.h"

#include <algorithm>
#include <numeric>

namespace tick {

void AnswerBlock::begin(const std::vector<Name> &names) {
  times.clear();
  series.clear();
  arena_.reset();
  row_ = room_ = 0;
  columns_.resize(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    Kept &column = columns_[i];
    column.name = names[i];
    column.mixed = false;
    column.first = Type::Missing;
    room_ = std::max(room_, column.types.size());
  }
  // Arrays of the series before are used again; all have the same room.
  for (Kept &column : columns_) {
    column.types.resize(room_);
    column.words.resize(room_);
    if (!column.bools.empty()) column.bools.resize(room_);
    if (!column.strings.empty()) column.strings.resize(room_);
  }
  sorted_.resize(names.size());
  std::iota(sorted_.begin(), sorted_.end(), size_t{0});
  std::sort(sorted_.begin(), sorted_.end(), [&](size_t a, size_t b) { return NameLess(names[a], names[b]); });
}

void AnswerBlock::grow() {
  room_ = std::max<size_t>(1024, room_ * 2);
  for (Kept &column : columns_) {
    column.types.resize(room_);
    column.words.resize(room_);
    if (!column.bools.empty()) column.bools.resize(room_);
    if (!column.strings.empty()) column.strings.resize(room_);
  }
}

void AnswerBlock::begin_row() {
  if (row_ >= room_) grow();
  for (Kept &column : columns_) column.types[row_] = static_cast<uint8_t>(Type::Missing);
}

void AnswerBlock::set_bool(size_t column, bool value) {
  Kept &kept = columns_[column];
  if (kept.bools.empty()) kept.bools.resize(room_);
  kept.bools[row_] = value;
  set_type(column, Type::Bool);
}

void AnswerBlock::set_string(size_t column, std::string_view value) {
  Kept &kept = columns_[column];
  if (kept.strings.empty()) kept.strings.resize(room_);
  std::string_view copy = arena_.copy(value);
  kept.strings[row_] = {copy.data(), copy.size()};
  set_type(column, Type::String);
}

void AnswerBlock::end_row(int64_t time) {
  for (Kept &column : columns_) {
    auto type = static_cast<Type>(column.types[row_]);
    if (row_ == 0)
      column.first = type;
    else if (type != column.first)
      column.mixed = true;
  }
  times.push_back(time);
  ++row_;
}

Column AnswerBlock::Kept::view() const {
  Column column;
  column.type = mixed ? Type::Missing : first;
  column.types = mixed ? types.data() : nullptr;
  column.words = words.data();
  column.bools = bools.data();
  column.strings = strings.data();
  return column;
}

Column AnswerBlock::column(Name name) const {
  for (const Kept &column : columns_)
    if (column.name == name) return column.view();
  return Column{};
}

void AnswerBlock::fields(uint32_t row, Fields &out) const {
  out.clear();
  for (size_t column : sorted_)
    if (Value value = columns_[column].view().at(row); TypeOf(value) != Type::Missing)
      out.push_back({columns_[column].name, value});
}

void PushBatch(Task &task, unsigned query, const LooseBatch &loose) {
  if (task.nodes().empty()) return;
  const auto &queries = task.nodes()[0]->children();
  if (query >= queries.size()) return;
  const AnswerBlock &block = loose.points;
  std::vector<uint32_t> rows(block.rows());
  std::iota(rows.begin(), rows.end(), 0u);
  Group *group = task.groups(queries[query].first->spec().domain).find(loose.name, loose.by_name, loose.tags);
  std::vector<Group *> groups(block.rows(), group);
  Batch batch{loose.name, group, loose.tmax,
              Frame{&block, rows, block.times.data(), block.series.data(), groups.data(), nullptr}};
  task.push(batch, query);
}

}  // namespace tick
