// sites.h - the operators and calls of a lambda's untyped tree, as run-time messages name them.
//
// The descriptor holds one tick_site for each, in the order of the tree's nodes; the tagged body passes them on.
#pragma once

#include <string>
#include <vector>

#include "frontend/ir/ir.h"

namespace tick {

bool HasSite(const ir::Expr &expr);
// By node of Lambda::body: index of its site. Nodes without one have an index nobody uses.
std::vector<uint32_t> SiteIndexes(const ir::Lambda &lambda);
// A node as "Cannot call function" prints it: `"x"`, `2.5`, `-"x"`, `"a" + 1`, `f("a", 2)`.
std::string OperandText(const ir::Lambda &lambda, uint32_t expr);

}  // namespace tick
