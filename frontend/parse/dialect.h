// dialect.h - tells Kapacitor 0.2's scripts from today's.
#pragma once

#include "frontend/parse/tokens.h"

namespace tick {

// Dotted, if the script chains nodes with `.` and has nothing that only today's language knows; parse.h has the
// rule. `tokens` are read as Modern.
ast::Dialect DetectDialect(const Tokens &tokens);

}  // namespace tick
