// verify.h - parts of Verify (text.h). Each gives the first broken promise as a sentence, or "".
#pragma once

#include <string>

#include "frontend/ir/ir.h"

namespace tick::ir {

// A lambda's tree and, in a canonical graph, its variants; `number` is for the sentence.
std::string VerifyLambda(const Graph &graph, uint32_t number);

}  // namespace tick::ir
