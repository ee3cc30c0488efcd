// optimize.h - the target machine, and the passes of both ways to code.
#pragma once

#include <memory>

#include "codegen/llvm_includes.h"

namespace tick {

// x86-64 Linux, position independent, floats never contracted: every level gives equal bits.
std::unique_ptr<llvm::TargetMachine> MakeTargetMachine();
// Sets triple and layout; before anything is lowered into the module.
void PrepareModule(llvm::Module &module, llvm::TargetMachine &machine);

// Ahead of time: LLVM's O2 pipeline.
void Optimize(llvm::Module &module, llvm::TargetMachine &machine);
// At run time: what makes vectors of the row loops and nothing that takes longer than it gives.
void OptimizeQuickly(llvm::Module &module, llvm::TargetMachine &machine);

// Object file or assembly text.
std::string EmitMachineCode(llvm::Module &module, llvm::TargetMachine &machine, llvm::CodeGenFileType type);

}  // namespace tick
