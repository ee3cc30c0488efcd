// go_math.cpp - powers, logarithms and roots as Go computes them. Angles: go_trig.cpp.
#include "runtime/lambda/go_math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <utility>

#include "runtime/lambda/polynomial.h"

namespace tick::go {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLn2Hi = 6.93147180369123816490e-01, kLn2Lo = 1.90821492927058770002e-10;

bool IsOddInt(double x) {
  if (std::fabs(x) >= 9007199254740992.0) return false;
  double whole;
  return std::modf(x, &whole) == 0 && (static_cast<int64_t>(whole) & 1);
}

// x**y where both are ordinary: y's whole part by squaring, its fraction by exp.
double PowOrdinary(double x, double y) {
  double whole, fraction = std::modf(std::fabs(y), &whole);
  if (fraction != 0 && x < 0) return kNaN;
  if (whole >= 9.223372036854775808e18) return x == -1 ? 1 : (std::fabs(x) < 1) == (y > 0) ? 0 : kInf;
  double a = 1;
  int a_exp = 0;
  if (fraction != 0) {
    if (fraction > 0.5) {
      fraction -= 1;
      whole += 1;
    }
    a = std::exp(fraction * Log(x));
  }
  int x_exp;
  double m = std::frexp(x, &x_exp);
  for (int64_t i = static_cast<int64_t>(whole); i != 0; i >>= 1) {
    if (x_exp < -(1 << 12) || x_exp > 1 << 12) {  // overflows or vanishes whatever follows
      a_exp += x_exp;
      break;
    }
    if (i & 1) {
      a *= m;
      a_exp += x_exp;
    }
    m *= m;
    x_exp *= 2;
    if (m < .5) {
      m += m;
      --x_exp;
    }
  }
  return y < 0 ? std::ldexp(1 / a, -a_exp) : std::ldexp(a, a_exp);
}

// Stirling's formula for x > 33, as two factors whose product may overflow.
void Stirling(double x, double *y1, double *y2) {
  constexpr double kS[] = {7.87311395793093628397e-04, -2.29549961613378126380e-04, -2.68132617805781232825e-03,
                           3.47222221605458667310e-03, 8.33333333333482257126e-02};
  constexpr double kSqrtTwoPi = 2.506628274631000502417, kMax = 143.01608;
  *y1 = kInf;
  *y2 = 1;
  if (x > 200) return;
  double w = 1 / x;
  w = 1 + w * Polynomial(kS, w);
  *y1 = std::exp(x);
  if (x > kMax) {
    double v = Pow(x, 0.5 * x - 0.25);
    *y2 = v / *y1;
    *y1 = v;
  } else {
    *y1 = Pow(x, x - 0.5) / *y1;
  }
  *y2 *= kSqrtTwoPi * w;
}

// Gamma of |x| > 33; a negative x by reflection.
double GammaFar(double x) {
  double q = std::fabs(x), p = std::floor(q), y1, y2;
  Stirling(q, &y1, &y2);
  if (x >= 0) return y1 * y2;
  double sign = static_cast<int64_t>(p) & 1 ? 1 : -1;
  double z = q - p;
  if (z > 0.5) z = q - (p + 1);
  z = std::fabs(q * Sin(std::numbers::pi * z));
  if (z == 0) return sign * kInf;
  double d = z * y1 * y2;
  return sign * (std::isinf(d) ? std::numbers::pi / z / y1 / y2 : std::numbers::pi / d);
}

}  // namespace

double Cbrt(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  constexpr uint64_t kB1 = 715094163, kB2 = 696219795;
  constexpr double kC = 5.42857142857142815906e-01, kD = -7.05306122448979611050e-01, kE = 1.41428571428571436819e+00,
                   kF = 1.60714285714285720630e+00, kG = 3.57142857142857150787e-01;
  double a = std::fabs(x);
  double t = std::bit_cast<double>(std::bit_cast<uint64_t>(a) / 3 + (kB1 << 32));
  if (a < std::numeric_limits<double>::min())
    t = std::bit_cast<double>(std::bit_cast<uint64_t>(18014398509481984.0 * a) / 3 + (kB2 << 32));
  double r = t * t / a;
  double s = kC + r * t;
  t *= kG + kF / (s + kE + kD / s);  // to 23 bits
  t = std::bit_cast<double>((std::bit_cast<uint64_t>(t) & (0xFFFFFFFFCull << 28)) + (1ull << 30));
  s = t * t;  // one step of Newton's to 53
  r = a / s;
  double w = t + t;
  r = (r - t) / (w + r);
  return std::copysign(t + t * r, x);
}

double Exp2(double x) {
  if (std::isnan(x)) return x;
  if (x > 1.0239999999999999e+03) return kInf;
  if (x < -1.0740e+03) return 0;
  int k = static_cast<int>(x > 0 ? x + 0.5 : x - 0.5);
  double t = x - k, hi = t * kLn2Hi, lo = -t * kLn2Lo;
  double r = hi - lo;
  t = r * r;
  double c =
      r -
      t * (1.66666666666666657415e-01 +
           t * (-2.77777777770155933842e-03 +
                t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
  return std::ldexp(1 - ((lo - (r * c) / (2 - c)) - hi), k);
}

double Log(double x) {
  if (std::isnan(x) || x == kInf) return x;
  if (x < 0) return kNaN;
  if (x == 0) return -kInf;
  int exponent;
  double f = std::frexp(x, &exponent);
  if (f < std::numbers::sqrt2 / 2) {
    f *= 2;
    --exponent;
  }
  f -= 1;
  double k = exponent, s = f / (2 + f), s2 = s * s, s4 = s2 * s2;
  double t1 = s2 * (6.666666666666735130e-01 +
                    s4 * (2.857142874366239149e-01 + s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)));
  double t2 = s4 * (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01));
  double half = 0.5 * f * f;
  return k * kLn2Hi - ((half - (s * (half + (t1 + t2)) + k * kLn2Lo)) - f);
}

double Log2(double x) {
  if (std::isnan(x) || std::isinf(x) || x <= 0) return Log(x);
  int exponent;
  double fraction = std::frexp(x, &exponent);
  if (fraction == 0.5) return exponent - 1;  // exact for powers of two
  return Log(fraction) * std::numbers::log2e + exponent;
}

double Log10(double x) { return Log(x) * std::numbers::log10e; }

double Pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (y == 1) return x;
  if (std::isnan(x) || std::isnan(y)) return kNaN;
  if (x == 0) {
    double zero = IsOddInt(y) ? x : 0;
    return y < 0 ? std::copysign(kInf, zero) : zero;
  }
  if (std::isinf(y)) return x == -1 ? 1 : (std::fabs(x) < 1) == (y > 0) ? 0 : kInf;
  if (x == -kInf) return Pow(1 / x, -y);
  if (x == kInf) return y < 0 ? 0 : kInf;
  if (y == 0.5) return std::sqrt(x);
  if (y == -0.5) return 1 / std::sqrt(x);
  return PowOrdinary(x, y);
}

double Pow10(long n) {
  constexpr double kSmall[] = {1e00, 1e01, 1e02, 1e03, 1e04, 1e05, 1e06, 1e07, 1e08, 1e09, 1e10,
                               1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
                               1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31};
  constexpr double kLarge[] = {1e00, 1e32, 1e64, 1e96, 1e128, 1e160, 1e192, 1e224, 1e256, 1e288};
  constexpr double kTiny[] = {1e-00, 1e-32, 1e-64, 1e-96, 1e-128, 1e-160, 1e-192, 1e-224, 1e-256, 1e-288, 1e-320};
  if (n < -323) return 0;
  if (n > 308) return kInf;
  return n >= 0 ? kLarge[n / 32] * kSmall[n % 32] : kTiny[-n / 32] / kSmall[-n % 32];
}

double Gamma(double x) {
  constexpr double kP[] = {1.60119522476751861407e-04, 1.19135147006586384913e-03, 1.04213797561761569935e-02,
                           4.76367800457137231464e-02, 2.07448227648435975150e-01, 4.94214826801497100753e-01,
                           9.99999999999999996796e-01};
  constexpr double kQ[] = {-2.31581873324120129819e-05, 5.39605580493303397842e-04, -4.45641913851797240494e-03,
                           1.18139785222060435552e-02,  3.58236398605498653373e-02, -2.34591795718243348568e-01,
                           7.14304917030273074085e-02,  1.00000000000000000320e+00};
  if (std::isnan(x) || x == -kInf || (x < 0 && std::floor(x) == x)) return kNaN;
  if (x == kInf) return kInf;
  if (x == 0) return std::copysign(kInf, x);
  if (std::fabs(x) > 33) return GammaFar(x);
  auto near_zero = [](double z, double v) { return v == 0 ? kInf : z / ((1 + std::numbers::egamma * v) * v); };
  double z = 1;
  for (; x >= 3; z *= x) x -= 1;
  for (; x < 0; x += 1) {
    if (x > -1e-09) return near_zero(z, x);
    z /= x;
  }
  for (; x < 2; x += 1) {
    if (x < 1e-09) return near_zero(z, x);
    z /= x;
  }
  if (x == 2) return z;
  x -= 2;
  return z * Polynomial(kP, x) / Polynomial(kQ, x);
}

double Hypot(double x, double y) {
  if (std::isinf(x) || std::isinf(y)) return kInf;
  if (std::isnan(x) || std::isnan(y)) return kNaN;
  double p = std::fabs(x), q = std::fabs(y);
  if (p < q) std::swap(p, q);
  if (p == 0) return 0;
  q /= p;
  return p * std::sqrt(1 + q * q);
}

double Max(double x, double y) {
  if (x == kInf || y == kInf) return kInf;
  if (std::isnan(x) || std::isnan(y)) return kNaN;
  if (x == 0 && y == 0) return std::signbit(x) ? y : x;
  return x > y ? x : y;
}

double Min(double x, double y) {
  if (x == -kInf || y == -kInf) return -kInf;
  if (std::isnan(x) || std::isnan(y)) return kNaN;
  if (x == 0 && y == 0) return std::signbit(x) ? x : y;
  return x < y ? x : y;
}

}  // namespace tick::go
