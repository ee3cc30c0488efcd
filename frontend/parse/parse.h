// parse.h - script text to syntax tree.
#pragma once

#include <memory>

#include "frontend/ast/ast.h"
#include "frontend/support/diagnostics.h"

namespace tick {

// Which grammar to read with. Automatic: a script whose nodes are chained with `.` is 0.2's (docs/dialects.md).
enum class DialectChoice : uint8_t { Automatic, Modern, Dotted };

// The tree, or null having reported at least one error. Goes on behind a mistake to find the others.
std::unique_ptr<ast::Program> Parse(const Source &source, Diagnostics &diagnostics,
                                    DialectChoice dialect = DialectChoice::Automatic);
// A lambda's expression without `lambda:`, as template vars carry it; null having reported.
ast::NodePtr ParseLambda(const Source &source, Diagnostics &diagnostics);
// One token a line: "line:col kind text" (--emit=tokens).
std::string DumpTokens(const Source &source);

}  // namespace tick
