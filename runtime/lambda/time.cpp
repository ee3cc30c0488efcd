// time.cpp - the parts of a time in the process's zone, and the clock.
#include <chrono>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/lambda.h"
#include "runtime/text/go_time.h"

using tick::LocalDateOf;

namespace {

int64_t WallClock() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

extern "C" {

int64_t tick_fn_minute_t(tick_context *, int64_t ns) { return LocalDateOf(ns).minute; }
int64_t tick_fn_hour_t(tick_context *, int64_t ns) { return LocalDateOf(ns).hour; }
int64_t tick_fn_weekday_t(tick_context *, int64_t ns) { return LocalDateOf(ns).weekday; }
int64_t tick_fn_day_t(tick_context *, int64_t ns) { return LocalDateOf(ns).day; }
int64_t tick_fn_month_t(tick_context *, int64_t ns) { return LocalDateOf(ns).month; }
int64_t tick_fn_year_t(tick_context *, int64_t ns) { return LocalDateOf(ns).year; }
int64_t tick_fn_unixNano_t(tick_context *, int64_t ns) { return ns; }
int64_t tick_fn_now(tick_context *context) { return context->now ? context->now(context->now_arg) : WallClock(); }
}
