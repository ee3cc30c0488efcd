// dot.h - the graph as DOT, as Kapacitor prints a task that does not run (language.md 8).
#pragma once

#include <string>

#include "frontend/ir/ir.h"

namespace tick::ir {

// " {\nstream0 -> from1;\n}": what follows "digraph ID".
std::string DotBody(const Graph &graph);

}  // namespace tick::ir
