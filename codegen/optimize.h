// optimize.h - the target machine, its passes and its output.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codegen/llvm_includes.h"

namespace tick {

// x86-64 Linux, position independent, floats never contracted: every level gives equal bits.
std::unique_ptr<llvm::TargetMachine> MakeTargetMachine(
    llvm::CodeGenOptLevel level = llvm::CodeGenOptLevel::Default);
// Sets triple and layout; before anything is lowered into the module.
void PrepareModule(llvm::Module &module, llvm::TargetMachine &machine);

// What makes vectors of row loops. Of LLVM's O2 pipeline the passes that find something to do in code that is a
// loop around straight lines; the others took half the time and changed nothing.
void Optimize(llvm::Module &module, llvm::TargetMachine &machine);

std::string ModuleBitcode(const llvm::Module &module);

// Object file or assembly text.
std::string EmitMachineCode(llvm::Module &module, llvm::TargetMachine &machine, llvm::CodeGenFileType type);

// The module as objects that are linked together, written in as many threads: most of a compilation's time goes here.
// Which function goes where depends on the module alone. The module is left in pieces.
std::vector<std::string> EmitObjects(llvm::Module &module);

}  // namespace tick
