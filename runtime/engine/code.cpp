// code.cpp - which of a task's codes this CPU runs.
#include "runtime/engine/code.h"

namespace tick {

uint32_t CpuLevel() {
  static const uint32_t level = __builtin_cpu_supports("x86-64-v4")   ? 4
                                : __builtin_cpu_supports("x86-64-v3") ? 3
                                : __builtin_cpu_supports("x86-64-v2") ? 2
                                                                      : 1;
  return level;
}

const tick_code &Code::best() const {
  const tick_task &task = this->task();
  // Loaders refuse a task whose lowest code is too high, so the first one always runs.
  const tick_code *best = task.codes;
  for (uint32_t i = 1; i < task.n_codes; ++i)
    if (task.codes[i].level <= CpuLevel()) best = &task.codes[i];
  return *best;
}

}  // namespace tick
