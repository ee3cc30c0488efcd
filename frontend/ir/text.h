// text.h - the IR as text (docs/ir.md). Print then Read gives an equal graph.
#pragma once

#include <optional>
#include <string>

#include "frontend/ir/ir.h"
#include "frontend/support/diagnostics.h"

namespace tick::ir {

std::string Print(const Graph &graph);
std::optional<Graph> Read(const Source &source, Diagnostics &diagnostics);
// What the graph's stage promises (docs/ir.md); the first broken promise as a sentence, or "".
std::string Verify(const Graph &graph);

}  // namespace tick::ir
