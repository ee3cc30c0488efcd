// parse.h - script text to syntax tree.
#pragma once

#include <memory>

#include "frontend/ast/ast.h"
#include "frontend/support/diagnostics.h"

namespace tick {

// Which grammar to read with. Automatic: a script is 0.2's (Dotted) when `.` is what follows `stream` or `batch`, or
// a variable that is set to one of them alone, and nothing in it exists only in today's language: no `|`, `@`, `[`,
// `dbrp`, `var name type` or `var name = lambda:`. So `stream.from()|alert()` stays today's, with a wrong dot.
enum class DialectChoice : uint8_t { Automatic, Modern, Dotted };

// The tree, or null having reported at least one error. Goes on behind a mistake to find the others: at the next
// declaration, the next name at the start of a line, or the next line that starts with a link of a chain.
std::unique_ptr<ast::Program> Parse(const Source &source, Diagnostics &diagnostics,
                                    DialectChoice dialect = DialectChoice::Automatic);
// The same, but what could be read is returned beside the reports, so that the checker can look at it too; null where
// nothing could. `lost`: variables whose declarations could not be read.
std::unique_ptr<ast::Program> ParseWhatFits(const Source &source, Diagnostics &diagnostics, DialectChoice dialect,
                                            std::vector<std::string> *lost);
// A lambda's expression without `lambda:`, as template vars carry it; null having reported.
ast::NodePtr ParseLambda(const Source &source, Diagnostics &diagnostics);
// One token a line: "line:col kind text" (--emit=tokens), comments included.
std::string DumpTokens(const Source &source, DialectChoice dialect = DialectChoice::Automatic);

}  // namespace tick
