// advise.h - warnings and notes: what Kapacitor takes and its user hardly means.
#pragma once

#include "frontend/ir/ir.h"
#include "frontend/support/diagnostics.h"

namespace tick {

// A raw graph without errors. `notes`: also say what is right only for some data (`tickc check` asks for it).
void Advise(const ir::Graph &graph, Diagnostics &diagnostics, bool notes);

// --- its parts
void AdviseOnLambdas(const ir::Graph &graph, Diagnostics &diagnostics, bool notes);
void AdviseOnWindows(const ir::Graph &graph, Diagnostics &diagnostics);

}  // namespace tick
