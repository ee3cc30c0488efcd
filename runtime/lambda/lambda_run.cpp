// lambda_run.cpp - a lambda over all rows of a frame.
//
// Rows of one type each reference run through the kernel for these types, all at once. Where types differ from
// row to row the rows are parted by their types; parts without a kernel run row by row through the tagged body.
// Stateful lambdas see their rows in order, so they are parted into runs of equal neighbours only.
#include <cstring>

#include "runtime/data/column_builder.h"
#include "runtime/lambda/binding.h"
#include "runtime/lambda/lambda.h"

namespace tick {

// One evaluation under way.
struct Lambda::Bound {
  const Lambda &lambda;
  LambdaContext &context;
  const Frame &frame;
  void *const *states;
  uint32_t size;
  Column *columns;        // one a reference
  Type *types;            // scratch: one a reference
  const void **arrays;    // scratch: one a reference
  uint8_t *errors = nullptr;
  uint32_t failed = 0;

  Bound(const Lambda &lambda, LambdaContext &context, const Frame &frame, void *const *states);
  Arena &arena() const { return *context.arena; }
  uint8_t *error_bytes();
  const tick_kernel_entry *kernel() const;
  void *run_kernel(const tick_kernel_entry &kernel, std::span<const uint32_t> rows, bool all, void *out);
  bool dense(const tick_kernel_entry &kernel, std::span<const uint32_t> rows) const;
  bool uniform(std::span<const uint32_t> rows);
  uint64_t signature(uint32_t row) const;
  void run_part(std::span<const uint32_t> rows, ColumnBuilder &out);
  void run_tagged(std::span<const uint32_t> rows, ColumnBuilder &out);
  void run_mixed(std::span<const uint32_t> rows, ColumnBuilder &out);
  LambdaResult result(const Column &values) const { return {values, failed > 0 ? errors : nullptr}; }
};

Lambda::Bound::Bound(const Lambda &lambda, LambdaContext &context, const Frame &frame, void *const *states)
    : lambda(lambda), context(context), frame(frame), states(states), size(frame.block->size()) {
  size_t n = lambda.refs_.size();
  columns = arena().array<Column>(n);
  types = arena().array<Type>(n);
  arrays = arena().array<const void *>(n);
  for (size_t i = 0; i < n; ++i) columns[i] = BindReference(arena(), frame, lambda.refs_[i], &errors);
}

uint8_t *Lambda::Bound::error_bytes() {
  if (!errors) errors = static_cast<uint8_t *>(std::memset(arena().array<uint8_t>(size), 0, size));
  return errors;
}

// The kernel for `types`, or null.
const tick_kernel_entry *Lambda::Bound::kernel() const {
  size_t n = lambda.refs_.size();
  for (uint32_t k = 0; k < lambda.spec_.n_kernels; ++k) {
    const tick_kernel_entry &entry = lambda.spec_.kernels[k];
    size_t i = 0;
    while (i < n && entry.types[i] == static_cast<uint8_t>(types[i])) ++i;
    if (i == n) return &entry;
  }
  return nullptr;
}

// Whether to compute all rows of the block though some are not selected: a loop over whole arrays is vector code.
// Not where rows are parted by their types: other parts' results lie in the same arrays.
bool Lambda::Bound::dense(const tick_kernel_entry &kernel, std::span<const uint32_t> rows) const {
  if (rows.size() == size) return true;
  if (lambda.spec_.flags != 0 || kernel.may_fail || rows.size() * uint64_t{4} < size * uint64_t{3}) return false;
  for (size_t i = 0; i < lambda.refs_.size(); ++i)
    if (types[i] == Type::String || types[i] == Type::Missing) return false;
  return true;
}

void *Lambda::Bound::run_kernel(const tick_kernel_entry &kernel, std::span<const uint32_t> rows, bool all,
                                void *out) {
  size_t n = lambda.refs_.size();
  for (size_t i = 0; i < n; ++i) arrays[i] = columns[i].array(types[i]);
  tick_kernel_args args = {arrays,
                           lambda.literals_.data(),
                           all ? nullptr : rows.data(),
                           all ? size : static_cast<uint32_t>(rows.size()),
                           states,
                           out,
                           kernel.may_fail ? error_bytes() : nullptr,
                           &context};
  failed += kernel.run(&args);
  return out;
}

bool Lambda::Bound::uniform(std::span<const uint32_t> rows) {
  for (size_t i = 0; i < lambda.refs_.size(); ++i)
    if (!IsUniform(columns[i], rows, &types[i])) return false;
  return true;
}

void Lambda::Bound::run_tagged(std::span<const uint32_t> rows, ColumnBuilder &out) {
  size_t n = lambda.refs_.size();
  Value *values = arena().array<Value>(n);
  for (uint32_t row : rows) {
    for (size_t i = 0; i < n; ++i) values[i] = columns[i].at(row);
    Value value = MakeMissing();
    if (lambda.run_values(context, values, states ? states[row] : nullptr, &value)) {
      out.set(row, value);
    } else {
      error_bytes()[row] = 1;
      ++failed;
    }
  }
}

// Rows that have `types`.
void Lambda::Bound::run_part(std::span<const uint32_t> rows, ColumnBuilder &out) {
  const tick_kernel_entry *entry = kernel();
  if (!entry) return run_tagged(rows, out);
  auto result = static_cast<Type>(entry->result);
  run_kernel(*entry, rows, false, out.array(result));
  for (uint32_t row : rows)
    if (!errors || !errors[row]) out.set_type(row, result);
}

// Four bits a reference.
uint64_t Lambda::Bound::signature(uint32_t row) const {
  uint64_t key = 0;
  for (size_t i = 0; i < lambda.refs_.size(); ++i) key = key << 4 | static_cast<uint64_t>(columns[i].type_at(row));
  return key;
}

void Lambda::Bound::run_mixed(std::span<const uint32_t> rows, ColumnBuilder &out) {
  if (lambda.refs_.size() > 16) return run_tagged(rows, out);
  uint32_t *part = arena().array<uint32_t>(rows.size());
  uint64_t *keys = arena().array<uint64_t>(rows.size());
  uint8_t *done = static_cast<uint8_t *>(std::memset(arena().array<uint8_t>(rows.size()), 0, rows.size()));
  for (size_t i = 0; i < rows.size(); ++i) keys[i] = signature(rows[i]);
  for (size_t first = 0; first < rows.size(); ++first) {
    if (done[first]) continue;
    size_t n = 0;
    for (size_t i = first; i < rows.size(); ++i) {
      if (!done[i] && keys[i] == keys[first]) {
        done[i] = 1;
        part[n++] = rows[i];
      } else if (lambda.stateful()) {
        break;
      }
    }
    for (size_t i = 0; i < lambda.refs_.size(); ++i) types[i] = columns[i].type_at(rows[first]);
    run_part({part, n}, out);
  }
}

LambdaResult Lambda::run(LambdaContext &context, const Frame &frame, void *const *states) const {
  if (frame.rows.empty()) return {};
  Bound bound(*this, context, frame, states);
  if (!bound.errors && bound.uniform(frame.rows)) {
    if (const tick_kernel_entry *entry = bound.kernel()) {
      auto type = static_cast<Type>(entry->result);
      size_t width = type == Type::Bool ? 1 : type == Type::String ? sizeof(tick_string) : 8;
      void *out = bound.run_kernel(*entry, frame.rows, bound.dense(*entry, frame.rows),
                                   context.arena->allocate(bound.size * width));
      return bound.result(UniformColumn(type, out));
    }
  }
  auto wanted = static_cast<uint32_t>(frame.rows.size());
  ColumnBuilder out(*context.arena, bound.size, wanted);
  std::span<const uint32_t> rows = frame.rows;
  if (bound.errors) {
    uint32_t *left = context.arena->array<uint32_t>(rows.size());
    size_t n = 0;
    for (uint32_t row : rows)
      if (!bound.errors[row]) left[n++] = row;
    bound.failed = static_cast<uint32_t>(rows.size() - n);
    rows = {left, n};
  }
  bound.run_mixed(rows, out);
  return bound.result(out.finish());
}

}  // namespace tick
