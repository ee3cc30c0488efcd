// oracle.h - what an expression should give, worked out the plain way (language.md 4.2 and 4.3).
//
// Types of both operands first, left then right; then values. Bodies of functions are the runtime's: what is
// checked here is everything around them.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "runtime/lambda/lambda.h"
#include "test/oracle/expression.h"

namespace tick::oracle {

// One lambda and one group: state of its functions, by name.
class Evaluator {
 public:
  // old: by the rules of Kapacitor 0.2 (language.md 6.4).
  explicit Evaluator(tick_context &context, bool old = false) : context_(context), old_(old) {}
  // The value, or nothing where the evaluation fails; a missing value is a failure.
  std::optional<Datum> evaluate(const Expression &expression, const Point &point);

 private:
  std::optional<Type> type_of(const Expression &e, const Point &point);
  std::optional<Datum> value_of(const Expression &e, const Point &point);
  std::optional<Datum> binary(const Expression &e, const Point &point);
  std::optional<Datum> call(const Expression &e, const Point &point);
  std::optional<Datum> old_value(const Expression &e, const Point &point);
  std::optional<Datum> apply(const std::string &function, const std::vector<Datum> &data);
  tick_context &context_;
  bool old_;
  std::map<std::string, std::array<double, 3>> states_;
};

}  // namespace tick::oracle
