// code_key.h - what decides the machine code of a graph, written out.
#pragma once

#include <string>

#include "frontend/ir/ir.h"

namespace tick {

// Equal keys give equal code. ir::CodeHash is a hash of the same facts; code is shared by the key, because one
// task must never run another's code for two numbers that happen to be equal.
std::string CodeKey(const ir::Graph &graph);

}  // namespace tick
