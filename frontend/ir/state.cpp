// state.cpp - where stateful functions keep their state: scopes ascending, in a scope functions as first used.
#include "frontend/ir/state.h"

#include <algorithm>

namespace tick::ir {

std::vector<FunctionState> FunctionStates(const Lambda &lambda) {
  std::vector<FunctionState> states;
  for (const Expr &expr : lambda.body) {
    if (expr.op != ExprOp::Call) continue;
    uint32_t size = static_cast<uint32_t>(FunctionStateSize(expr.function));
    bool known = std::any_of(states.begin(), states.end(), [&](const FunctionState &state) {
      return state.scope == expr.nested && state.function == expr.function;
    });
    if (size > 0 && !known) states.push_back({expr.nested, expr.function, 0, size});
  }
  std::stable_sort(states.begin(), states.end(),
                   [](const FunctionState &a, const FunctionState &b) { return a.scope < b.scope; });
  uint32_t offset = 0;
  for (FunctionState &state : states) {
    state.offset = offset;
    offset += state.size;
  }
  return states;
}

uint32_t StateOffset(const Lambda &lambda, uint32_t expr) {
  for (const FunctionState &state : FunctionStates(lambda))
    if (state.scope == lambda.body[expr].nested && state.function == lambda.body[expr].function) return state.offset;
  return 0;
}

}  // namespace tick::ir
