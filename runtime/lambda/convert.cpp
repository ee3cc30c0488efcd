// convert.cpp - bool(), int(), float(), string() and duration(), with Go's rules and words (language.md 5.3).
#include <charconv>
#include <string>
#include <string_view>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/string_out.h"
#include "runtime/text/go_duration.h"
#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

using tick::FloatToInt;
using tick::Give;
using tick::Keep;
using tick::NumberError;
using tick::View;

namespace {

int32_t NotBoolean(tick_context *context, const std::string &value) {
  return context->fail("cannot convert " + value + " to boolean");
}

}  // namespace

extern "C" {

uint8_t tick_fn_bool_b(tick_context *, uint8_t x) { return x; }

int32_t tick_fn_bool_s(tick_context *context, const tick_string *s, uint8_t *out) {
  for (std::string_view word : {"1", "t", "T", "TRUE", "true", "True"})
    if (View(*s) == word) {
      *out = 1;
      return 0;
    }
  for (std::string_view word : {"0", "f", "F", "FALSE", "false", "False"})
    if (View(*s) == word) {
      *out = 0;
      return 0;
    }
  return context->fail(tick::NumberErrorText("ParseBool", View(*s), NumberError::Syntax));
}

int32_t tick_fn_bool_i(tick_context *context, int64_t x, uint8_t *out) {
  if (x != 0 && x != 1) return NotBoolean(context, std::to_string(x));
  *out = x == 1;
  return 0;
}

int32_t tick_fn_bool_f(tick_context *context, double x, uint8_t *out) {
  if (x != 0 && x != 1) return NotBoolean(context, tick::GoFloat(x));
  *out = x == 1;
  return 0;
}

int64_t tick_fn_int_i(tick_context *, int64_t x) { return x; }
int64_t tick_fn_int_f(tick_context *, double x) { return FloatToInt(x); }
int64_t tick_fn_int_b(tick_context *, uint8_t x) { return x ? 1 : 0; }
int32_t tick_fn_int_s(tick_context *context, const tick_string *s, int64_t *out) {
  NumberError error = tick::ParseGoInt(View(*s), out);
  return error == NumberError::None ? 0 : context->fail(tick::NumberErrorText("ParseInt", View(*s), error));
}

double tick_fn_float_f(tick_context *, double x) { return x; }
double tick_fn_float_i(tick_context *, int64_t x) { return static_cast<double>(x); }
double tick_fn_float_b(tick_context *, uint8_t x) { return x ? 1 : 0; }
int32_t tick_fn_float_s(tick_context *context, const tick_string *s, double *out) {
  NumberError error = tick::ParseGoFloat(View(*s), out);
  return error == NumberError::None ? 0 : context->fail(tick::NumberErrorText("ParseFloat", View(*s), error));
}

void tick_fn_string_s(tick_context *, const tick_string *s, tick_string *out) { *out = *s; }
void tick_fn_string_i(tick_context *context, int64_t x, tick_string *out) {
  char digits[24];
  Keep(context, {digits, std::to_chars(digits, digits + sizeof digits, x).ptr}, out);
}
void tick_fn_string_f(tick_context *context, double x, tick_string *out) {
  std::string &text = tick::Scratch();
  tick::AppendFloat(text, x, 'f', -1);
  Keep(context, text, out);
}
void tick_fn_string_b(tick_context *, uint8_t x, tick_string *out) { Give(x ? "true" : "false", out); }
void tick_fn_string_d(tick_context *context, int64_t ns, tick_string *out) {
  Keep(context, tick::ReducedDuration(ns), out);
}

int64_t tick_fn_duration_d(tick_context *, int64_t ns) { return ns; }
int64_t tick_fn_duration_id(tick_context *, int64_t n, int64_t unit) {
  return static_cast<int64_t>(static_cast<uint64_t>(n) * static_cast<uint64_t>(unit));
}
int64_t tick_fn_duration_fd(tick_context *, double x, int64_t unit) {
  return FloatToInt(x * static_cast<double>(unit));
}
int32_t tick_fn_duration_sd(tick_context *context, const tick_string *s, int64_t /*unit*/, int64_t *out) {
  if (tick::ParseDuration(View(*s), out)) return 0;
  return context->fail("invalid duration string " + tick::GoQuote(View(*s)));
}
}
