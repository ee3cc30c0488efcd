// explain.h - a compiled task in words (`tickc explain`).
#pragma once

#include <string>

#include "frontend/ir/ir.h"

namespace tick {

// In: a canonical graph. Out: a paragraph on the task, one a node in walk order, one on the dialect: what it does,
// what it reads, what a group costs, which lambdas run as vector code. Ends with a newline.
std::string Explain(const ir::Graph &graph);

}  // namespace tick
