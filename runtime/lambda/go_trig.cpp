// go_trig.cpp - angles and hyperbolic functions as Go computes them.
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "runtime/lambda/go_math.h"
#include "runtime/lambda/polynomial.h"

namespace tick::go {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = std::numbers::pi;
// Past this the reduction below runs out of digits; the C library's has enough.
constexpr double kReducible = 1 << 29;

// x >= 0 as octant (an even one, or the next; mod 8) and what is left of it, between -pi/4 and pi/4.
struct Octant {
  uint64_t j;
  double z;
};
Octant Reduce(double x) {
  uint64_t j = static_cast<uint64_t>(x * (4 / kPi));
  double y = static_cast<double>(j);
  if (j & 1) {
    ++j;
    y += 1;
  }
  return {j & 7,
          ((x - y * 7.85398125648498535156e-1) - y * 3.77489470793079817668e-8) - y * 2.69515142907905952645e-15};
}

double SinNear(double z) {
  constexpr double kC[] = {1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6,
                           -1.98412698295895385996e-4, 8.33333333332211858878e-3,  -1.66666666666666307295e-1};
  double zz = z * z;
  return z + z * zz * Polynomial(kC, zz);
}

double CosNear(double z) {
  constexpr double kC[] = {-1.13585365213876817300e-11, 2.08757008419747316778e-9,  -2.75573141792967388112e-7,
                           2.48015872888517045348e-5,   -1.38888888888730564116e-3, 4.16666666666665929218e-2};
  double zz = z * z;
  return 1.0 - 0.5 * zz + zz * zz * Polynomial(kC, zz);
}

// Arc tangent of 0 <= x <= 0.66.
double AtanNear(double x) {
  constexpr double kP[] = {-8.750608600031904122785e-01, -1.615753718733365076637e+01, -7.500855792314704667340e+01,
                           -1.228866684490136173410e+02, -6.485021904942025371773e+01};
  constexpr double kQ[] = {1,
                           2.485846490142306297962e+01,
                           1.650270098316988542046e+02,
                           4.328810604912902668951e+02,
                           4.853903996359136964868e+02,
                           1.945506571482613964425e+02};
  double z = x * x;
  z = z * Polynomial(kP, z) / Polynomial(kQ, z);
  return x * z + x;
}

double AtanPositive(double x) {
  constexpr double kMoreBits = 6.123233995736765886130e-17, kTan3Pi8 = 2.41421356237309504880;
  if (x <= 0.66) return AtanNear(x);
  if (x > kTan3Pi8) return kPi / 2 - AtanNear(1 / x) + kMoreBits;
  return kPi / 4 + AtanNear((x - 1) / (x + 1)) + 0.5 * kMoreBits;
}

}  // namespace

double Sin(double x) {
  if (x == 0 || std::isnan(x)) return x;
  if (!(std::fabs(x) < kReducible)) return std::sin(x);
  Octant octant = Reduce(std::fabs(x));
  bool negative = std::signbit(x) != (octant.j > 3);
  uint64_t j = octant.j & 3;
  double y = j == 1 || j == 2 ? CosNear(octant.z) : SinNear(octant.z);
  return negative ? -y : y;
}

double Cos(double x) {
  if (!(std::fabs(x) < kReducible)) return std::cos(x);
  Octant octant = Reduce(std::fabs(x));
  uint64_t j = octant.j & 3;
  bool negative = (octant.j > 3) != (j > 1);
  double y = j == 1 || j == 2 ? SinNear(octant.z) : CosNear(octant.z);
  return negative ? -y : y;
}

double Tan(double x) {
  constexpr double kP[] = {-1.30936939181383734205e4, 1.15351664838587416140e6, -1.79565251976484877988e7};
  constexpr double kQ[] = {1, 1.36812963470692954678e4, -1.32089234440210967447e6, 2.50083801823357915839e7,
                           -5.38695755929454629881e7};
  if (x == 0 || std::isnan(x)) return x;
  if (!(std::fabs(x) < kReducible)) return std::tan(x);
  Octant octant = Reduce(std::fabs(x));
  double z = octant.z, zz = z * z;
  double y = zz > 1e-14 ? z + z * (zz * Polynomial(kP, zz) / Polynomial(kQ, zz)) : z;
  if (octant.j & 2) y = -1 / y;
  return std::signbit(x) ? -y : y;
}

double Asin(double x) {
  if (x == 0) return x;
  double a = std::fabs(x);
  if (!(a <= 1)) return kNaN;
  double t = std::sqrt(1 - a * a);
  t = a > 0.7 ? kPi / 2 - AtanPositive(t / a) : AtanPositive(a / t);
  return std::copysign(t, x);
}

double Acos(double x) { return kPi / 2 - Asin(x); }

double Atan(double x) {
  if (x == 0) return x;
  return x > 0 ? AtanPositive(x) : -AtanPositive(-x);
}

double Atan2(double y, double x) {
  if (std::isnan(x) || std::isnan(y)) return kNaN;
  if (y == 0) return std::copysign(x > 0 || (x == 0 && !std::signbit(x)) ? 0 : kPi, y);
  if (x == 0) return std::copysign(kPi / 2, y);
  if (std::isinf(x)) {
    double angle = std::isinf(y) ? kPi / 4 : 0;
    return std::copysign(x > 0 ? angle : kPi - angle, y);
  }
  if (std::isinf(y)) return std::copysign(kPi / 2, y);
  double q = Atan(y / x);
  return x >= 0 ? q : q <= 0 ? q + kPi : q - kPi;
}

double Sinh(double x) {
  constexpr double kP[] = {-0.2630563213397497062819489e+2, -0.2894211355989563807284660366e+4,
                           -0.8991272022039509355398013511e+5, -0.6307673640497716991184787251e+6};
  constexpr double kQ[] = {1, -0.173678953558233699533450911e+3, 0.1521517378790019070696485176e+5,
                           -0.6307673640497716991212077277e+6};
  double a = std::fabs(x), y;
  if (a > 21) {
    y = std::exp(a) * 0.5;
  } else if (a > 0.5) {
    double e = std::exp(a);
    y = (e - 1 / e) * 0.5;
  } else {
    y = Polynomial(kP, a * a) * a / Polynomial(kQ, a * a);
  }
  return std::signbit(x) ? -y : y;
}

double Cosh(double x) {
  double e = std::exp(std::fabs(x));
  return std::fabs(x) > 21 ? e * 0.5 : (e + 1 / e) * 0.5;
}

double Tanh(double x) {
  constexpr double kMaxLog = 8.8029691931113054295988e+01;
  constexpr double kP[] = {-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3};
  constexpr double kQ[] = {1, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3};
  double z = std::fabs(x);
  if (z > 0.5 * kMaxLog) return x < 0 ? -1 : 1;
  if (z >= 0.625) {
    double s = std::exp(2 * z);
    z = 1 - 2 / (s + 1);
    return x < 0 ? -z : z;
  }
  if (x == 0 || std::isnan(x)) return x;
  double s = x * x;
  return x + x * s * Polynomial(kP, s) / Polynomial(kQ, s);
}

}  // namespace tick::go
