// steps.h - the passes, in the order pipeline.cpp runs them. Each takes what the one before left.
#pragma once

#include "frontend/ir/ir.h"
#include "frontend/support/diagnostics.h"

namespace tick {

// Reports operators whose operands are known not to fit, as Kapacitor does when it starts a task; false then.
bool CheckConstants(const ir::Graph &graph, Diagnostics &diagnostics);
// Computes operators over literals where no evaluation could tell the difference.
void FoldConstants(ir::Graph &graph);
// Types each lambda for the types its references may have; sets its flags and the size of its state.
void Specialize(ir::Graph &graph);
// Says of each node which fields of its output somebody reads, and of each measurement which fields to convert.
void ResolveFields(ir::Graph &graph);
// Places the state of nodes in group records and gives each node its identity.
void LayOut(ir::Graph &graph);

}  // namespace tick
