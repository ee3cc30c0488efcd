// line_breaks.h - makes the formatter's line breaks final.
//
// In: a statement whose multi_line flags say where the script breaks lines (language.md 2.3). Out: the flags that
// the formatted text would have when read again, so that formatting twice changes nothing: a break inside an
// operand lies between the operands of the operator behind it once the operator has moved to the line's end.
#pragma once

#include "frontend/ast/ast.h"

namespace tick {

void SettleLineBreaks(ast::Node *statement);

}  // namespace tick
