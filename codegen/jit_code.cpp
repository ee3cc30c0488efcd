// jit_code.cpp - fills a descriptor with addresses.
#include "codegen/jit_code.h"

namespace tick {

JitCode::JitCode(const ir::Graph &graph, std::shared_ptr<void> module, const void *const *functions)
    : module_(std::move(module)), descriptor_(graph) {
  auto next = [&] { return const_cast<void *>(*functions++); };
  types_.resize(graph.lambdas.size());
  entries_.resize(graph.lambdas.size());
  for (size_t l = 0; l < graph.lambdas.size(); ++l) {
    for (const ir::Variant &variant : graph.lambdas[l].variants) {
      std::vector<uint8_t> &types = types_[l].emplace_back();
      for (Type type : variant.types) types.push_back(static_cast<uint8_t>(type));
      entries_[l].push_back({types.data(), static_cast<uint8_t>(variant.result), variant.may_fail,
                             reinterpret_cast<tick_kernel>(next())});
    }
    kernels_.push_back(entries_[l].data());
  }
  for (size_t l = 0; l < graph.lambdas.size(); ++l) tagged_.push_back(reinterpret_cast<tick_tagged>(next()));
  code_ = {CpuLevel(), kernels_.data(), tagged_.data()};
  descriptor_.task().codes = &code_;
  descriptor_.task().n_codes = 1;
}

}  // namespace tick
