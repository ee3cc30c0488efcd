// lower.cpp - all lambdas of a graph; names of their functions (docs/abi.md).
#include "codegen/lower.h"

#include "codegen/code_key.h"

namespace tick {

std::string KernelName(size_t lambda, const ir::Variant &variant, uint32_t level) {
  std::string name = "lambda" + std::to_string(lambda);
  for (Type type : variant.types) name += "_" + std::string(TypeName(type));
  return name + "_v" + std::to_string(level);
}

std::string TaggedName(size_t lambda) { return "lambda" + std::to_string(lambda) + "_tagged"; }

std::vector<LoweredLambda> LowerLambdas(ModuleContext &module, const ir::Graph &graph,
                                        const std::vector<uint32_t> &levels) {
  std::vector<LoweredLambda> lowered(graph.lambdas.size());
  std::vector<size_t> shared = SharedLambdas(graph);
  for (size_t i = 0; i < graph.lambdas.size(); ++i) {
    if (shared[i] != i) {
      lowered[i] = lowered[shared[i]];
      continue;
    }
    const ir::Lambda &lambda = graph.lambdas[i];
    for (uint32_t level : levels) {
      std::vector<llvm::Function *> &kernels = lowered[i].kernels.emplace_back();
      for (const ir::Variant &variant : lambda.variants)
        kernels.push_back(LowerKernel(module, lambda, variant, KernelName(i, variant, level), level));
    }
    // All it does is call the runtime: no level would make it faster.
    lowered[i].tagged = LowerTagged(module, lambda, graph.dialect, TaggedName(i), levels.front());
  }
  return lowered;
}

}  // namespace tick
