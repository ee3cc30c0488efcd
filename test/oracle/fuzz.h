// fuzz.h - compiled lambdas against the plain evaluator, over random expressions and points.
//
// A failure says the seed, the expression made as small as it still fails, and the point.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/compile.h"
#include "runtime/lambda/lambda.h"
#include "test/oracle/expression.h"

namespace tick::oracle {

// In 0.2's dialect with dots and httpOut, else `stream|from().measurement('m')|eval(lambda: A, lambda: B).as('r0','r1')|log()`
std::string ScriptOf(const std::vector<Expression> &expressions, bool old = false);

// How compiled and expected results differ over these points, or nothing. The lambdas of `code` are the expressions'.
std::optional<std::string> Differs(const Code &code, size_t lambda, const Expression &expression,
                                   const std::vector<Point> &points);

// Runs `count` expressions from `seed` on; returns a report of the first that differs, or "".
// old: in the dialect and by the rules of Kapacitor 0.2.
std::string Fuzz(uint64_t seed, size_t count, bool old = false);

}  // namespace tick::oracle
