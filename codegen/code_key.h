// code_key.h - what decides the machine code of a graph, written out.
#pragma once

#include <string>
#include <vector>

#include "frontend/ir/ir.h"

namespace tick {

// Equal keys give equal code. ir::CodeHash is a hash of the same facts; code is shared by the key, because one
// task must never run another's code for two numbers that happen to be equal.
std::string CodeKey(const ir::Graph &graph);
// The same of one lambda in a graph of some dialect: lambdas of equal keys in one module share their functions.
std::string CodeKey(const ir::Lambda &lambda);
// By lambda: the first one of equal key.
std::vector<size_t> SharedLambdas(const ir::Graph &graph);

}  // namespace tick
