// passes.h - raw IR to canonical IR.
#pragma once

#include <string>

#include "frontend/ir/ir.h"
#include "frontend/support/diagnostics.h"

namespace tick {

// Folds constants, types the variants of each lambda, resolves the fields read, lays out group state. Reports
// what Kapacitor notices when a task starts ("1 + 'a'"); false then.
bool Canonicalize(ir::Graph &graph, Diagnostics &diagnostics);

}  // namespace tick
