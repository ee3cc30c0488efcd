// conditional.cpp - if() and isPresent() as functions, for calls whose types are known only at run time.
//
// Typed bodies use a select instead. A missing reference never gets here: runtime/lambda/dyn_call.cpp answers
// isPresent() for it and refuses it elsewhere.
#include "runtime/abi/symbols.h"

extern "C" {

double tick_fn_if_bff(tick_context *, uint8_t c, double a, double b) { return c ? a : b; }
int64_t tick_fn_if_bii(tick_context *, uint8_t c, int64_t a, int64_t b) { return c ? a : b; }
uint8_t tick_fn_if_bbb(tick_context *, uint8_t c, uint8_t a, uint8_t b) { return c ? a : b; }
int64_t tick_fn_if_btt(tick_context *, uint8_t c, int64_t a, int64_t b) { return c ? a : b; }
int64_t tick_fn_if_bdd(tick_context *, uint8_t c, int64_t a, int64_t b) { return c ? a : b; }
const void *tick_fn_if_brr(tick_context *, uint8_t c, const void *a, const void *b) { return c ? a : b; }
void tick_fn_if_bss(tick_context *, uint8_t c, const tick_string *a, const tick_string *b, tick_string *out) {
  *out = c ? *a : *b;
}

uint8_t tick_fn_isPresent_b(tick_context *, uint8_t) { return 1; }
uint8_t tick_fn_isPresent_s(tick_context *, const tick_string *) { return 1; }
uint8_t tick_fn_isPresent_i(tick_context *, int64_t) { return 1; }
uint8_t tick_fn_isPresent_f(tick_context *, double) { return 1; }
}
