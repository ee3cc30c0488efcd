// math_test.cpp - numeric functions: recorded results, and special values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/abi/symbols.h"

namespace tick {
namespace {

using abi::tick_fn_max_ff;
constexpr double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();

// To the last digit: what the reference answered for 2.5 and -0.5.
TEST(Math, RecordedResults) {
  EXPECT_EQ(abi::tick_fn_acos_f(nullptr, -0.5), 2.0943951023931957);
  EXPECT_EQ(abi::tick_fn_acosh_f(nullptr, 2.5), 1.566799236972411);
  EXPECT_EQ(abi::tick_fn_asinh_f(nullptr, -0.5), -0.48121182505960347);
  EXPECT_EQ(abi::tick_fn_atan2_ff(nullptr, 2.5, -0.5), 1.7681918866447774);
  EXPECT_EQ(abi::tick_fn_cbrt_f(nullptr, 2.5), 1.3572088082974534);
  EXPECT_EQ(abi::tick_fn_cosh_f(nullptr, 2.5), 6.132289479663686);
  EXPECT_EQ(abi::tick_fn_erf_f(nullptr, 2.5), 0.999593047982555);
  EXPECT_EQ(abi::tick_fn_exp_f(nullptr, -0.5), 0.6065306597126334);
  EXPECT_EQ(abi::tick_fn_exp2_f(nullptr, 2.5), 5.65685424949238);
  EXPECT_EQ(abi::tick_fn_gamma_f(nullptr, 2.5), 1.329340388179137);
  EXPECT_EQ(abi::tick_fn_gamma_f(nullptr, -0.5), -3.5449077018110318);
  EXPECT_EQ(abi::tick_fn_log2_f(nullptr, 2.5), 1.3219280948873622);
  EXPECT_EQ(abi::tick_fn_log10_f(nullptr, 2.5), 0.3979400086720376);
  EXPECT_EQ(abi::tick_fn_pow_ff(nullptr, 2.5, -0.5), 0.6324555320336759);
  EXPECT_EQ(abi::tick_fn_sin_f(nullptr, 2.5), 0.5984721441039564);
  EXPECT_EQ(abi::tick_fn_tanh_f(nullptr, 2.5), 0.9866142981514303);
  EXPECT_NEAR(abi::tick_fn_j0_f(nullptr, 2.5), -0.048383776468198025, 1e-15);
  EXPECT_NEAR(abi::tick_fn_j1_f(nullptr, 2.5), 0.49709410246427393, 1e-15);
  EXPECT_NEAR(abi::tick_fn_y1_f(nullptr, 2.5), 0.1459181379667858, 1e-15);
  EXPECT_NEAR(abi::tick_fn_jn_if(nullptr, 2, 2.5), 0.4460590584396172, 1e-15);
  EXPECT_NEAR(abi::tick_fn_yn_if(nullptr, 2, 2.5), -0.38133584924180314, 1e-15);
}

TEST(Math, LargerAndSmallerKnowInfinitiesAndZeros) {
  EXPECT_EQ(tick_fn_max_ff(nullptr, kInf, kNaN), kInf);
  EXPECT_TRUE(std::isnan(tick_fn_max_ff(nullptr, 1, kNaN)));
  EXPECT_FALSE(std::signbit(tick_fn_max_ff(nullptr, -0.0, 0.0)));
  EXPECT_EQ(abi::tick_fn_min_ff(nullptr, kNaN, -kInf), -kInf);
  EXPECT_TRUE(std::signbit(abi::tick_fn_min_ff(nullptr, 0.0, -0.0)));
  EXPECT_EQ(abi::tick_fn_min_ff(nullptr, 2.5, -0.5), -0.5);
}

TEST(Math, Powers) {
  EXPECT_EQ(abi::tick_fn_log2_f(nullptr, std::ldexp(1, -1074)), -1074) << "exact for powers of two";
  EXPECT_EQ(abi::tick_fn_log2_f(nullptr, 8), 3);
  EXPECT_EQ(abi::tick_fn_log10_f(nullptr, 1000), 3);
  EXPECT_EQ(abi::tick_fn_pow_ff(nullptr, 2, 10), 1024);
  EXPECT_EQ(abi::tick_fn_pow_ff(nullptr, -0.0, -3), -kInf);
  EXPECT_EQ(abi::tick_fn_pow_ff(nullptr, -1, kInf), 1);
  EXPECT_EQ(abi::tick_fn_pow_ff(nullptr, kNaN, 0), 1);
  EXPECT_TRUE(std::isnan(abi::tick_fn_pow_ff(nullptr, -2, 0.5)));
  EXPECT_EQ(abi::tick_fn_pow10_i(nullptr, 22), 1e22);
  EXPECT_EQ(abi::tick_fn_pow10_i(nullptr, -324), 0);
  EXPECT_EQ(abi::tick_fn_pow10_i(nullptr, 309), kInf);
  EXPECT_EQ(abi::tick_fn_logb_f(nullptr, 0), -kInf);
  EXPECT_EQ(abi::tick_fn_logb_f(nullptr, -kInf), kInf);
  EXPECT_EQ(abi::tick_fn_cosh_f(nullptr, 710), kInf) << "overflows where e^x does";
}

TEST(Math, OutsideTheDomain) {
  EXPECT_TRUE(std::isnan(abi::tick_fn_acos_f(nullptr, 2.5)));
  EXPECT_TRUE(std::isnan(abi::tick_fn_log_f(nullptr, -1)));
  EXPECT_EQ(abi::tick_fn_log_f(nullptr, 0), -kInf);
  EXPECT_TRUE(std::isnan(abi::tick_fn_gamma_f(nullptr, -3)));
  EXPECT_EQ(abi::tick_fn_gamma_f(nullptr, -0.0), -kInf);
  EXPECT_EQ(abi::tick_fn_gamma_f(nullptr, 200), kInf);
  EXPECT_TRUE(std::isnan(abi::tick_fn_y0_f(nullptr, -0.5)));
  EXPECT_EQ(abi::tick_fn_y0_f(nullptr, 0), -kInf);
  EXPECT_EQ(abi::tick_fn_yn_if(nullptr, -1, 0), kInf);
  EXPECT_TRUE(std::isnan(abi::tick_fn_mod_ff(nullptr, 5, 0)));
  EXPECT_EQ(abi::tick_fn_jn_if(nullptr, INT64_MAX, 1), 0) << "and at once";
  EXPECT_TRUE(std::signbit(abi::tick_fn_ceil_f(nullptr, -0.5)));
}

}  // namespace
}  // namespace tick
