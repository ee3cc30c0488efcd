// loose_batch.h - a batch outside of any task: what a query answers and what recordings hold.
//
// Columns that whoever reads an answer fills row by row. PushBatch gives it to a task, which copies what it keeps;
// the batch is cleared and filled again for the next series.
#pragma once

#include <string>
#include <vector>

#include "runtime/data/block.h"
#include "runtime/data/series.h"
#include "runtime/engine/task.h"

namespace tick {

class AnswerBlock final : public Block {
 public:
  // The columns to come, each name once; forgets what was there.
  void begin(const std::vector<Name> &names);
  size_t rows() const { return times.size(); }

  // A row: begin_row, at most one value a column, then end_row or drop_row.
  void begin_row();
  void set_number(size_t column, double value) {
    columns_[column].words[row_] = value;
    set_type(column, Type::Float);
  }
  void set_bool(size_t column, bool value);
  void set_string(size_t column, std::string_view value);  // copied
  void end_row(int64_t time);
  void drop_row() {}
  // The series all rows are of.
  void finish(const Series *of) { series.assign(times.size(), of); }

  size_t column_count() const { return columns_.size(); }
  Name column_name(size_t column) const { return columns_[column].name; }
  Value value(size_t column, size_t row) const { return columns_[column].view().at(static_cast<uint32_t>(row)); }

  Column column(Name name) const override;
  void fields(uint32_t row, Fields &out) const override;

 private:
  struct Kept {
    Name name = nullptr;
    bool mixed = false;
    Type first = Type::Missing;
    std::vector<double> words;
    std::vector<uint8_t> types, bools;
    std::vector<tick_string> strings;
    Column view() const;
  };
  void set_type(size_t column, Type type) { columns_[column].types[row_] = static_cast<uint8_t>(type); }
  void grow();
  std::vector<Kept> columns_;
  std::vector<size_t> sorted_;  // columns by name
  Arena arena_;
  size_t row_ = 0, room_ = 0;
};

struct LooseBatch {
  Name name = nullptr;
  Tags tags;  // all of them dimensions
  bool by_name = false;
  int64_t tmax = 0;
  AnswerBlock points;  // rows' series carry the points' tags
};

// On the task's thread. query: among the task's query nodes, in declared order.
void PushBatch(Task &task, unsigned query, const LooseBatch &batch);

}  // namespace tick
