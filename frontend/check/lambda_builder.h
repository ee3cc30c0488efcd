// lambda_builder.h - an expression's tree to ir::Lambda.
#pragma once

#include "frontend/ast/ast.h"
#include "frontend/check/context.h"
#include "frontend/ir/ir.h"

namespace tick::check {

// References are numbered in order of first use, every literal is a parameter of its own, a lambda inside has a
// scope of function state of its own. Reports what can never be evaluated; warns of functions nobody defined.
// `range` is where the lambda stands as an argument.
ir::Lambda BuildLambda(const ast::Node &expr, SourceRange range, Context &context);

}  // namespace tick::check
