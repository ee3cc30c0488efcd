// math.cpp - the numeric functions of lambdas (grammar/functions.def): floats in, a float out, never a failure.
//
// Results are Go's (go_math.h) where the C library's differ, else the C library's.
#include <cmath>
#include <limits>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/go_math.h"

namespace go = tick::go;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Bessel functions are computed by stepping through the orders; this many are a few milliseconds.
constexpr int64_t kMaxOrder = 1000000;

double BesselJ(int64_t n, double x) {
  if (n > kMaxOrder || n < -kMaxOrder) return std::fabs(x) < 0.5 * static_cast<double>(kMaxOrder) ? 0 : kNaN;
  return std::isinf(x) ? 0 : ::jn(static_cast<int>(n), x);
}

double BesselY(int64_t n, double x) {
  if (x < 0 || std::isnan(x)) return kNaN;
  bool odd_below_zero = n < 0 && (n & 1);
  if (x == 0) return odd_below_zero ? kInf : -kInf;
  if (std::isinf(x)) return 0;
  if (n > kMaxOrder || n < -kMaxOrder)
    return x < 0.5 * static_cast<double>(kMaxOrder) ? (odd_below_zero ? kInf : -kInf) : kNaN;
  return ::yn(static_cast<int>(n), x);
}

}  // namespace

extern "C" {

#define TICK_MATH(symbol, expression) \
  double symbol(tick_context *, double x) { return expression; }
TICK_MATH(tick_fn_abs_f, std::fabs(x))
TICK_MATH(tick_fn_acos_f, go::Acos(x))
TICK_MATH(tick_fn_acosh_f, std::acosh(x))
TICK_MATH(tick_fn_asin_f, go::Asin(x))
TICK_MATH(tick_fn_asinh_f, std::asinh(x))
TICK_MATH(tick_fn_atan_f, go::Atan(x))
TICK_MATH(tick_fn_atanh_f, std::atanh(x))
TICK_MATH(tick_fn_cbrt_f, go::Cbrt(x))
TICK_MATH(tick_fn_ceil_f, std::ceil(x))
TICK_MATH(tick_fn_cos_f, go::Cos(x))
TICK_MATH(tick_fn_cosh_f, go::Cosh(x))
TICK_MATH(tick_fn_erf_f, std::erf(x))
TICK_MATH(tick_fn_erfc_f, std::erfc(x))
TICK_MATH(tick_fn_exp_f, std::exp(x))
TICK_MATH(tick_fn_exp2_f, go::Exp2(x))
TICK_MATH(tick_fn_expm1_f, std::expm1(x))
TICK_MATH(tick_fn_floor_f, std::floor(x))
TICK_MATH(tick_fn_gamma_f, go::Gamma(x))
TICK_MATH(tick_fn_j0_f, std::isinf(x) ? 0 : ::j0(x))
TICK_MATH(tick_fn_j1_f, std::isinf(x) ? 0 : ::j1(x))
TICK_MATH(tick_fn_log_f, go::Log(x))
TICK_MATH(tick_fn_log10_f, go::Log10(x))
TICK_MATH(tick_fn_log1p_f, std::log1p(x))
TICK_MATH(tick_fn_log2_f, go::Log2(x))
TICK_MATH(tick_fn_logb_f, std::logb(x))
TICK_MATH(tick_fn_sin_f, go::Sin(x))
TICK_MATH(tick_fn_sinh_f, go::Sinh(x))
TICK_MATH(tick_fn_sqrt_f, std::sqrt(x))
TICK_MATH(tick_fn_tan_f, go::Tan(x))
TICK_MATH(tick_fn_tanh_f, go::Tanh(x))
TICK_MATH(tick_fn_trunc_f, std::trunc(x))
TICK_MATH(tick_fn_y0_f, BesselY(0, x))
TICK_MATH(tick_fn_y1_f, BesselY(1, x))
#undef TICK_MATH

double tick_fn_atan2_ff(tick_context *, double y, double x) { return go::Atan2(y, x); }
double tick_fn_hypot_ff(tick_context *, double x, double y) { return go::Hypot(x, y); }
double tick_fn_max_ff(tick_context *, double x, double y) { return go::Max(x, y); }
double tick_fn_min_ff(tick_context *, double x, double y) { return go::Min(x, y); }
double tick_fn_mod_ff(tick_context *, double x, double y) { return std::fmod(x, y); }
double tick_fn_pow_ff(tick_context *, double x, double y) { return go::Pow(x, y); }
double tick_fn_pow10_i(tick_context *, int64_t n) { return go::Pow10(n); }
double tick_fn_jn_if(tick_context *, int64_t n, double x) { return BesselJ(n, x); }
double tick_fn_yn_if(tick_context *, int64_t n, double x) { return BesselY(n, x); }
}
