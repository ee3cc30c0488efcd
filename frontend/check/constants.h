// constants.h - expressions outside lambdas: computed when the task is defined, with an empty scope.
//
// In: an expression whose identifiers were replaced by literals. Out: its value, by the same tables that type
// lambdas (language.md 3.3, 4). Nothing here reads the clock or draws random numbers: one script, one result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/ast/ast.h"
#include "frontend/ir/ir.h"
#include "frontend/support/diagnostics.h"

namespace tick::check {

struct ConstantFailure {
  DiagId id = DiagId::ConstantExpression;
  std::vector<std::string> arguments;  // of the diagnostic
  std::string kapacitor;
  SourceRange range;
  bool at_compile = false;  // noticed by types alone: Kapacitor prefixes these with where they are
};

std::optional<ir::Literal> EvaluateConstant(const ast::Node &expr, ConstantFailure *failure);

// --- constant_functions.cpp
// Computes a row of kFunctions; false with `error` set where the function fails. `known` is false for a function that
// cannot be computed while a task is defined.
bool CallConstant(const FunctionRow &row, const ir::Literal *args, ir::Literal *out, std::string *error, bool *known);

}  // namespace tick::check
