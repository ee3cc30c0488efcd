// humanize.cpp - humanBytes(): a number of bytes in units of thousands.
#include <cmath>
#include <cstdio>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/go_math.h"
#include "runtime/lambda/lambda.h"
#include "runtime/text/go_float.h"

namespace {

// Float to unsigned as Go on x86-64 converts: negative numbers wrap, what does not fit keeps the top bit.
uint64_t FloatToUnsigned(double value) {
  if (value < 9223372036854775808.0) return static_cast<uint64_t>(tick::FloatToInt(value));
  return static_cast<uint64_t>(tick::FloatToInt(value - 9223372036854775808.0)) | uint64_t{1} << 63;
}

void HumanBytes(tick_context *context, uint64_t bytes, tick_string *out) {
  static constexpr const char *kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  char text[32];
  if (bytes < 10) {
    std::snprintf(text, sizeof text, "%d B", static_cast<int>(bytes));
  } else {
    double value = static_cast<double>(bytes);
    double e = std::floor(tick::go::Log(value) / tick::go::Log(1000));
    value = std::floor(value / tick::go::Pow(1000, e) * 10 + 0.5) / 10;
    std::snprintf(text, sizeof text, value < 10 ? "%.1f %s" : "%.0f %s", value, kUnits[static_cast<int>(e)]);
  }
  std::string_view kept = context->arena->copy(text);
  *out = {kept.data(), kept.size()};
}

}  // namespace

extern "C" {

void tick_fn_humanBytes_i(tick_context *context, int64_t bytes, tick_string *out) {
  HumanBytes(context, static_cast<uint64_t>(bytes), out);
}
void tick_fn_humanBytes_f(tick_context *context, double bytes, tick_string *out) {
  HumanBytes(context, FloatToUnsigned(bytes), out);
}
}
