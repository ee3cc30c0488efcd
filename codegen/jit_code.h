// jit_code.h - a task compiled into this process: its own descriptor over shared machine code.
#pragma once

#include <memory>
#include <vector>

#include "codegen/descriptor.h"
#include "runtime/engine/code.h"

namespace tick {

class JitCode final : public Code {
 public:
  // `functions`: addresses as jit_objects.h numbers them, kept alive by `module`.
  JitCode(const ir::Graph &graph, std::shared_ptr<void> module, const void *const *functions);
  const tick_task &task() const override { return descriptor_.task(); }

 private:
  std::shared_ptr<void> module_;
  Descriptor descriptor_;
  std::vector<std::vector<std::vector<uint8_t>>> types_;  // by lambda, by variant
  std::vector<std::vector<tick_kernel_entry>> entries_;   // by lambda
  std::vector<const tick_kernel_entry *> kernels_;
  std::vector<tick_tagged> tagged_;
  tick_code code_;
};

}  // namespace tick
