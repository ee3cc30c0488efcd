// dot.cpp - the graph as DOT (language.md 8.1, 8.4).
//
// In: any graph. Out: what follows "digraph ID": a line an edge, nodes in walk order, children as declared. Today's
// Kapacitor leaves the batch source out, 0.2 prints it.
#include "frontend/ir/dot.h"

namespace tick::ir {

std::string DotBody(const Graph &graph) {
  std::string out = " {\n";
  for (uint32_t number : graph.walk) {
    const Stage &stage = graph.stages[number];
    if (stage.kind == "batch" && stage.parents.empty() && graph.dialect != 2) continue;
    for (uint32_t child : stage.children) out += stage.name + " -> " + graph.stages[child].name + ";\n";
  }
  return out + "}";
}

}  // namespace tick::ir
