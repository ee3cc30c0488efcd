// lower.h - lambdas of the canonical IR to LLVM functions.
#pragma once

#include "codegen/module_context.h"
#include "frontend/ir/ir.h"

namespace tick {

// The functions of one lambda: a kernel each level and variant, one tagged body for all levels.
struct LoweredLambda {
  std::vector<std::vector<llvm::Function *>> kernels;  // by level of the options, by variant
  llvm::Function *tagged = nullptr;
};

// Names of functions (docs/abi.md): "lambda0_float_int_v3", "lambda0_tagged".
std::string KernelName(size_t lambda, const ir::Variant &variant, uint32_t level);
std::string TaggedName(size_t lambda);

// A variant as a tick_kernel for one level.
llvm::Function *LowerKernel(ModuleContext &module, const ir::Lambda &lambda, const ir::Variant &variant,
                            const std::string &name, uint32_t level);

// The untyped tree as a tick_tagged.
llvm::Function *LowerTagged(ModuleContext &module, const ir::Lambda &lambda, uint8_t dialect, const std::string &name,
                            uint32_t level);

// All lambdas of a graph for these levels, ascending. Lambdas that differ in literals and names alone, as the
// thresholds of an alert do, share functions.
std::vector<LoweredLambda> LowerLambdas(ModuleContext &module, const ir::Graph &graph,
                                        const std::vector<uint32_t> &levels);

}  // namespace tick
