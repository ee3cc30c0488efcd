// request_block.h - points of one write request, as columns over its text.
//
// Rows of any measurement in arrival order. Fields that tasks read are columns; all others stay text, which is read
// again where a row is shown whole. Keeps the request's body alive. Built by one thread; afterwards any number read.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/data/block.h"
#include "runtime/io/read_set.h"

namespace tick {

class RequestBlock final : public Block {
 public:
  Column column(Name name) const override;
  void fields(uint32_t row, Fields &out) const override;
  // A row's field section, as it was written.
  std::string_view text(uint32_t row) const { return texts_[row]; }

  // The fields its columns were made for.
  const std::shared_ptr<const ReadSet> &reads() const { return reads_; }
  // Which tasks take a row, by row: the router's numbers.
  const std::vector<uint32_t> &routes() const { return routes_; }

  // --- building
  // Makes an empty block for at most `capacity` rows; memory of its last use is kept.
  void begin(std::shared_ptr<const std::string> body, std::shared_ptr<const ReadSet> reads, uint32_t capacity);
  bool full() const { return times.size() == capacity_; }
  uint32_t add(const Series *of, int64_t time, std::string_view fields, uint32_t route) {
    times.push_back(time);
    series.push_back(of);
    texts_.push_back(fields);
    routes_.push_back(route);
    return size() - 1;
  }
  // Rows ascending; a second value of one row replaces the first.
  void set(uint32_t row, uint32_t column, const Value &value) {
    Building &to = building_[column];
    if (to.words && !to.types && row == to.next && static_cast<Type>(value.type) == to.type) {
      to.words[row] = value.as.i;
      to.next = row + 1;
      return;
    }
    set_any(row, column, value);
  }
  // For copies of strings that hold escapes.
  Arena &arena() { return arena_; }
  void end();
  // Lets go of everything but memory.
  void clear();

 private:
  // A column that grows. `types` exists from the first row on that is missing or of another type.
  struct Building {
    Type type = Type::Missing;
    uint32_t next = 0;  // rows below have a value or are known to have none
    bool listed = false;
    uint8_t *types = nullptr;
    int64_t *words = nullptr;
    uint8_t *bools = nullptr;
    tick_string *strings = nullptr;
  };
  void set_any(uint32_t row, uint32_t column, const Value &value);
  void skip_to(Building &column, uint32_t row);
  void *array(Building &column, Type type);

  std::shared_ptr<const std::string> body_;
  std::shared_ptr<const ReadSet> reads_;
  uint32_t capacity_ = 0;
  std::vector<std::string_view> texts_;  // field sections
  std::vector<uint32_t> routes_;
  Arena arena_;
  std::vector<Building> building_;   // by number of the ReadSet
  std::vector<uint32_t> used_;       // numbers of those with values
  std::vector<NamedColumn> columns_;
  // Columns and strings made after the building, when somebody asks for what no task had declared.
  friend class RereadBlock;
  mutable std::mutex mutex_;
  mutable Arena late_arena_;
  mutable std::vector<NamedColumn> late_columns_;
};

// A request's block for a task that reads fields the columns were not made for (it began after the block was
// parsed): every column is read from the text again.
class RereadBlock final : public Block {
 public:
  explicit RereadBlock(const RequestBlock &of);
  Column column(Name name) const override;
  void fields(uint32_t row, Fields &out) const override { of_.fields(row, out); }

 private:
  const RequestBlock &of_;
  mutable Arena arena_;
  mutable std::vector<NamedColumn> columns_;
};

// Keeps finished blocks for their memory. Blocks it made may outlive it.
class BlockPool {
 public:
  BlockPool() : kept_(std::make_shared<Kept>()) {}
  std::shared_ptr<RequestBlock> make();

 private:
  struct Kept {
    std::mutex mutex;
    std::vector<std::unique_ptr<RequestBlock>> blocks;
  };
  std::shared_ptr<Kept> kept_;
};

}  // namespace tick
