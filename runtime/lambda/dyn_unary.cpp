// dyn_unary.cpp - `-` and `!` on tagged values (language.md 4.2: `-` of a boolean is `!`).
#include <string>

#include "runtime/abi/symbols.h"
#include "grammar/arithmetic.h"
#include "runtime/lambda/dyn_message.h"
#include "runtime/lambda/lambda.h"

namespace {

constexpr uint8_t kNot = 1;

int32_t Fail(tick_context *context, const tick_site *site, const tick_value &a) {
  if (a.type == TICK_MISSING) {
    const char *name = tick::RefName(site, 0);
    return context->fail(name ? "reference \"" + std::string(name) + "\" is missing value" : "value is missing value");
  }
  // A value `-` can do nothing with is asked for its own type and has none, so the message says.
  std::string type(tick::TypeName(tick::TypeOf(a)));
  return context->fail(site->op == kNot
                           ? "TypeGuard: expression returned unexpected type " + type + ", expected boolean"
                           : "TypeGuard: expression returned unexpected type invalid type, expected " + type);
}

}  // namespace

extern "C" {

int32_t tick_dyn_unary(tick_context *context, const tick_site *site, const tick_value *a, tick_value *out) {
  tick_value value = *a;
  if (a->type == TICK_BOOL) {
    value.as.b = !a->as.b;
  } else if (site->op == kNot) {
    return Fail(context, site, *a);
  } else if (a->type == TICK_INT || a->type == TICK_DURATION) {
    value.as.i = tick::WrapNegate(a->as.i);
  } else if (a->type == TICK_FLOAT) {
    value.as.f = -a->as.f;
  } else {
    return Fail(context, site, *a);
  }
  *out = value;
  return 0;
}

// Never fails: what cannot be negated is found out by its value.
int32_t tick_dyn_unary_type(tick_context *, const tick_site *site, uint8_t operand, uint8_t *out) {
  *out = site->op == kNot ? static_cast<uint8_t>(TICK_BOOL) : operand;
  return 0;
}
}
