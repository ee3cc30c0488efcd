// codegen.h - canonical IR to code: objects, shared objects, text, or memory to run from.
//
// No LLVM type shows here. One module a task holds all its lambdas; literals are parameters, so graphs of
// equal ir::CodeHash share one module.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "frontend/ir/ir.h"
#include "runtime/engine/code.h"

namespace tick {

struct CodegenOptions {
  // Levels to emit (1 to 4, ascending). Portable: {1, 3}; native: {CpuLevel()}.
  std::vector<uint32_t> levels = {1, 3};
  bool optimize = true;
};

enum class EmitKind : uint8_t { Llvm, LlvmOpt, Assembly, Bitcode, Object, SharedObject };

struct EmitResult {
  std::string bytes;
  std::string error;  // empty on success
};

// The graph as a file's contents, descriptor included. Same graph and options, same bytes.
EmitResult Emit(const ir::Graph &graph, EmitKind kind, const CodegenOptions &options);

// "native", "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4", "portable" to levels; empty if unknown.
std::vector<uint32_t> LevelsOf(std::string_view march);

struct JitOptions {
  // A function that has done so many rows is compiled again, to vector code, on a thread of the JIT's. 0: all
  // functions are compiled to vector code at once.
  uint32_t hot_rows = 32768;
};

// Compiles into this process. Thread-safe; keeps machine code of equal CodeHash once while somebody uses it.
// Codes may outlive their Jit.
class Jit {
 public:
  explicit Jit(JitOptions options = {});
  ~Jit();
  Jit(const Jit &) = delete;
  std::shared_ptr<const Code> compile(const ir::Graph &graph, std::string *error);
  // Modules in memory now: falls when the last task that used one is gone.
  size_t live_modules() const;
  // Functions that were found hot and run as vector code by now.
  size_t optimized_functions() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tick
