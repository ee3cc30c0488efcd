// runner.h - runs one compiled lambda every way it can be run.
//
// In: code (JIT or .so) and rows of values. Out: a result a row, or "failed". Rows go through the kernel for their
// types, dense and selected, and through the tagged body; all three must agree.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "codegen/codegen.h"
#include "runtime/lambda/lambda.h"

namespace tick::test {

// A value that owns its string; nothing: the row failed.
struct Outcome {
  std::optional<Value> value;
  std::string text;  // of a string, or why it failed
};
std::string Show(const Outcome &outcome);

// All rows have the types of a kernel.
using Rows = std::vector<std::vector<Value>>;

class Runner {
 public:
  Runner(std::shared_ptr<const Code> code, const tick_code &level, size_t lambda = 0);
  Runner(std::shared_ptr<const Code> code, size_t lambda = 0) : Runner(code, code->best(), lambda) {}

  // The kernel for these rows' types. `selected`: through a selection that names every other row twice over
  // two calls, in order.
  std::vector<Outcome> kernel(const Rows &rows, bool selected);
  // The tagged body, row by row.
  std::vector<Outcome> tagged(const Rows &rows);

 private:
  std::shared_ptr<const Code> code_;
  Lambda lambda_;
  Arena arena_;
  LambdaContext context_;
};

// The graph as a shared object with code for these levels, written, loaded and removed.
std::shared_ptr<const Code> LoadEmitted(const ir::Graph &graph, std::vector<uint32_t> levels);

// Compiles the graph and runs its first lambda: kernel dense and selected, at every level this CPU has, and
// tagged must give the same.
std::vector<std::string> RunAll(const ir::Graph &graph, const Rows &rows);

}  // namespace tick::test
