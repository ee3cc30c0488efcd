// explain_lambda.h - how a lambda runs, in words.
#pragma once

#include <string>

#include "frontend/ir/ir.h"

namespace tick {

// "vector code where usage is float, or int; …": a sentence or more about the lambda's code, indented lines.
std::string ExplainLambda(const ir::Graph &graph, const ir::Stage &stage, const ir::Lambda &lambda);

// "a", "a and b", "a, b and c".
std::string InWords(const std::vector<std::string> &items, const char *last = " and ");

}  // namespace tick
