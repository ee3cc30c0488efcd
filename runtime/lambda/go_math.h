// go_math.h - functions whose results Go's math package computes otherwise than the C library.
//
// Last digits, and now and then a special value, differ; what is not here is the C library's. Methods and
// coefficients are those of the Cephes and FreeBSD mathematical libraries, which Go's are made from.
#pragma once

namespace tick::go {

double Acos(double x);
double Asin(double x);
double Atan(double x);
double Atan2(double y, double x);
double Cbrt(double x);
double Cos(double x);
double Cosh(double x);
double Exp2(double x);
double Gamma(double x);
double Hypot(double x, double y);
double Log(double x);
double Log10(double x);
double Log2(double x);
double Max(double x, double y);
double Min(double x, double y);
double Pow(double x, double y);
double Pow10(long n);
double Sin(double x);
double Sinh(double x);
double Tan(double x);
double Tanh(double x);

}  // namespace tick::go
