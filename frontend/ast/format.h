// format.h - syntax tree back to text.
#pragma once

#include <string>

#include "frontend/ast/ast.h"

namespace tick {

// Canonical text (language.md 7). 0.2's scripts get node calls four spaces in and properties eight.
std::string Format(const ast::Program &program);
// Canonical text of one expression, without comments (template vars, messages).
std::string FormatExpr(const ast::Node &expr);
// Indented dump of the tree with positions (--emit=ast).
std::string DumpAst(const ast::Program &program);
// Reduced text of a duration (language.md 7.3): "90m", "0s".
std::string FormatDuration(int64_t ns);

}  // namespace tick
