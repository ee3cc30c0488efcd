// graph_builder.h - the evaluated pipeline to raw IR.
#pragma once

#include "frontend/check/evaluator.h"

namespace tick::check {

// Stages in order of creation, so parents come before children; lambdas in order of their stages.
ir::Graph BuildGraph(const Pipeline &pipeline, const Evaluator &evaluator, Context &context);

}  // namespace tick::check
