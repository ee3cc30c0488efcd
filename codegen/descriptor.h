// descriptor.h - the constant part of a task, built in memory from its graph.
//
// In: a canonical graph. Out: the ABI's structs without code (kernels, tagged and codes are null), owned by
// the Descriptor. The JIT adds function pointers; the emitter writes the same structs as constants.
#pragma once

#include <memory>

#include "frontend/ir/ir.h"
#include "runtime/abi/tick_abi.h"

namespace tick {

class Descriptor {
 public:
  explicit Descriptor(const ir::Graph &graph);
  ~Descriptor();
  Descriptor(Descriptor &&) noexcept;
  tick_task &task() { return *task_; }
  const tick_task &task() const { return *task_; }

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
  tick_task *task_ = nullptr;
};

}  // namespace tick
