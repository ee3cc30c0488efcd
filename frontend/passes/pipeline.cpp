// pipeline.cpp - raw IR to canonical IR: the list of passes.
#include "frontend/ir/text.h"
#include "frontend/passes/passes.h"
#include "frontend/passes/steps.h"

namespace tick {
namespace {

bool Holds(const ir::Graph &graph, Diagnostics &diagnostics) {
  std::string broken = ir::Verify(graph);
  if (!broken.empty()) diagnostics.report(DiagId::IrBroken, {}, {broken});
  return broken.empty();
}

}  // namespace

bool Canonicalize(ir::Graph &graph, Diagnostics &diagnostics) {
  if (!Holds(graph, diagnostics)) return false;
  if (graph.canonical) return true;
  if (!CheckConstants(graph, diagnostics)) return false;
  FoldConstants(graph);
  Specialize(graph);
  ResolveFields(graph);
  LayOut(graph);
  graph.canonical = true;
  return Holds(graph, diagnostics);
}

}  // namespace tick
