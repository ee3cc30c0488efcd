// blame.h - which field of a point a failed lambda stumbled over.
#pragma once

#include <string>

#include "runtime/lambda/lambda.h"

namespace tick {

struct Blame {
  std::string field;   // "" where no single field is to blame
  std::string found;   // its type on the point, "missing" where the point lacks it
  std::string wanted;  // the types with which the lambda would have had a value: "int or float"
};

// For a row whose evaluation failed with `cause`, a message about types: the first reference for which another type
// would have given a value, found by trying. Costs a few evaluations; state is copied.
Blame BlameFor(const Lambda &lambda, LambdaContext &context, const Frame &frame, uint32_t row, const void *state,
               std::string_view cause);

}  // namespace tick
