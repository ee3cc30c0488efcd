// constants.h - a descriptor in memory as LLVM constants of the same layout.
#pragma once

#include "codegen/lower.h"

namespace tick {

// Writes `task` and everything it points at into the module, with the code of its lambdas, as the exported
// constant TICK_TASK_SYMBOL, and the note a loader reads before it loads anything (docs/abi.md).
void EmitDescriptor(ModuleContext &module, const tick_task &task, const ir::Graph &graph,
                    const std::vector<LoweredLambda> &lambdas, const std::vector<uint32_t> &levels);

}  // namespace tick
