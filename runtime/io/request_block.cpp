// request_block.cpp - columns while they grow, and rows read back from their text.
#include "runtime/io/request_block.h"

#include <algorithm>
#include <cstring>

#include "runtime/data/column_builder.h"
#include "runtime/io/line_protocol.h"
#include "runtime/support/hash.h"

namespace tick {

// --- building ----------------------------------------------------------------------------------------

void RequestBlock::begin(std::shared_ptr<const std::string> body, std::shared_ptr<const ReadSet> reads,
                         uint32_t capacity) {
  body_ = std::move(body);
  reads_ = std::move(reads);
  capacity_ = capacity;
  times.reserve(capacity);
  series.reserve(capacity);
  texts_.reserve(capacity);
  routes_.reserve(capacity);
  building_.resize(reads_->size());
}

void RequestBlock::clear() {
  for (uint32_t column : used_) building_[column] = Building{};
  used_.clear();
  columns_.clear();
  late_columns_.clear();
  times.clear();
  series.clear();
  texts_.clear();
  routes_.clear();
  arena_.reset();
  late_arena_.reset();
  body_.reset();
  reads_.reset();
}

void *RequestBlock::array(Building &column, Type type) {
  if (type == Type::Bool) {
    if (!column.bools) column.bools = arena_.array<uint8_t>(capacity_);
    return column.bools;
  }
  if (type == Type::String) {
    if (!column.strings) column.strings = arena_.array<tick_string>(capacity_);
    return column.strings;
  }
  if (!column.words) column.words = arena_.array<int64_t>(capacity_);
  return column.words;
}

// Marks the rows from the last value to `row` as missing. What arrays hold there is read by code that runs over
// whole blocks, though never used: it is set to zero.
void RequestBlock::skip_to(Building &column, uint32_t row) {
  if (!column.types) {
    column.types = arena_.array<uint8_t>(capacity_);
    std::memset(column.types, static_cast<int>(column.type), column.next);
  }
  uint32_t n = row - column.next;
  std::memset(column.types + column.next, 0, n);
  if (column.words) std::memset(column.words + column.next, 0, n * sizeof *column.words);
  if (column.bools) std::memset(column.bools + column.next, 0, n);
  if (column.strings) std::fill_n(column.strings + column.next, n, tick_string{"", 0});
  column.next = row;
}

void RequestBlock::set_any(uint32_t row, uint32_t number, const Value &value) {
  Building &column = building_[number];
  Type type = TypeOf(value);
  bool first = !column.listed;
  if (first) {
    column.listed = true;
    column.type = type;
    used_.push_back(number);
  }
  // A row set twice is taken back first.
  if (row < column.next) column.next = row;
  auto *had = type == Type::Bool     ? static_cast<void *>(column.bools)
              : type == Type::String ? static_cast<void *>(column.strings)
                                     : static_cast<void *>(column.words);
  void *to = array(column, type);
  if (!had && row > 0) {
    if (type == Type::Bool) std::memset(to, 0, row);
    else if (type == Type::String) std::fill_n(static_cast<tick_string *>(to), row, tick_string{"", 0});
    else std::memset(to, 0, row * sizeof(int64_t));
  }
  if (row > column.next || (!column.types && type != column.type)) skip_to(column, row);
  if (type == Type::Bool) column.bools[row] = value.as.b;
  else if (type == Type::String) column.strings[row] = value.as.s;
  else column.words[row] = value.as.i;
  if (column.types) column.types[row] = static_cast<uint8_t>(type);
  column.next = row + 1;
}

void RequestBlock::end() {
  for (uint32_t number : used_) {
    Building &from = building_[number];
    if (from.next < size()) skip_to(from, size());
    Column column;
    column.type = from.type;
    column.types = from.types;
    column.words = from.words;
    column.bools = from.bools;
    column.strings = from.strings;
    columns_.push_back({reads_->name(number), column});
  }
}

// --- reading -----------------------------------------------------------------------------------------

namespace {

Column Extract(const std::vector<std::string_view> &texts, Name name, Arena &arena) {
  auto size = static_cast<uint32_t>(texts.size());
  ColumnBuilder builder(arena, size, size);
  for (uint32_t row = 0; row < size; ++row) {
    size_t at = 0;
    RawField field, found;
    while (NextField(texts[row], &at, &field)) {
      bool escaped = field.name.find('\\') != std::string_view::npos;
      if (escaped ? UnescapeFieldName(field.name) == *name : field.name == *name) found = field;
    }
    if (found.type != Type::Missing) builder.set(row, ConvertField(found, arena));
  }
  return builder.finish();
}

Column ExtractOnce(const std::vector<std::string_view> &texts, Name name, Arena &arena,
                   std::vector<NamedColumn> &columns) {
  for (const NamedColumn &known : columns)
    if (known.name == name) return known.column;
  return columns.emplace_back(NamedColumn{name, Extract(texts, name, arena)}).column;
}

}  // namespace

Column RequestBlock::column(Name name) const {
  for (const NamedColumn &known : columns_)
    if (known.name == name) return known.column;
  if (reads_->has(name)) return Column{};
  std::lock_guard lock(mutex_);
  return ExtractOnce(texts_, name, late_arena_, late_columns_);
}

RereadBlock::RereadBlock(const RequestBlock &of) : of_(of) {
  times = of.times;
  series = of.series;
}

Column RereadBlock::column(Name name) const { return ExtractOnce(of_.texts_, name, arena_, columns_); }

namespace {

// The interned name of a field as its line has it. Rows that are shown come in runs of the same fields, so each
// thread remembers the last few: the table of names takes a lock.
Name FieldName(std::string_view raw) {
  struct Known {
    std::string raw;
    Name name = nullptr;
  };
  thread_local std::vector<Known> known(256);
  Known &slot = known[HashBytes(raw) & 255];
  if (!slot.name || slot.raw != raw) {
    slot.raw = raw;
    slot.name = Intern(raw.find('\\') == std::string_view::npos ? std::string(raw) : UnescapeFieldName(raw));
  }
  return slot.name;
}

}  // namespace

void RequestBlock::fields(uint32_t row, Fields &out) const {
  out.clear();
  size_t at = 0;
  RawField field;
  bool sorted = true;
  while (NextField(texts_[row], &at, &field)) {
    Value value;
    if (field.type == Type::String && field.value.find('\\') != std::string_view::npos) {
      std::lock_guard lock(mutex_);
      value = ConvertField(field, late_arena_);
    } else {
      value = ConvertField(field, late_arena_);  // copies nothing
    }
    Name name = FieldName(field.name);
    sorted = sorted && (out.empty() || NameLess(out.back().name, name));
    out.push_back({name, value});
  }
  if (sorted) return;
  // Of a name given twice the last value counts.
  std::stable_sort(out.begin(), out.end(), [](const Field &a, const Field &b) { return NameLess(a.name, b.name); });
  auto last = std::unique(out.rbegin(), out.rend(), [](const Field &a, const Field &b) { return a.name == b.name; });
  out.erase(out.begin(), last.base());
}

std::shared_ptr<RequestBlock> BlockPool::make() {
  constexpr size_t kMostKept = 32;
  std::unique_ptr<RequestBlock> block;
  {
    std::lock_guard lock(kept_->mutex);
    if (!kept_->blocks.empty()) {
      block = std::move(kept_->blocks.back());
      kept_->blocks.pop_back();
    }
  }
  if (!block) block = std::make_unique<RequestBlock>();
  return {block.release(), [kept = kept_](RequestBlock *done) {
            std::unique_ptr<RequestBlock> owned(done);
            owned->clear();
            std::lock_guard lock(kept->mutex);
            if (kept->blocks.size() < kMostKept) kept->blocks.push_back(std::move(owned));
          }};
}

}  // namespace tick
