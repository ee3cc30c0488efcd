// go_float.h - floats as Go prints and reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "grammar/arithmetic.h"

namespace tick {

// strconv.FormatFloat(value, format, precision, 64): format e, E, f, g or G; precision -1 gives the shortest
// digits that read back. "NaN", "+Inf", "-Inf".
void AppendFloat(std::string &out, double value, char format, int precision);

// As encoding/json writes it (nodes.md 1.4); false, and nothing appended, for NaN and infinities.
bool AppendJsonFloat(std::string &out, double value);

// As "%v" prints it (nodes-alert.md 7): with an exponent below 1e-4 and from 1e6 on.
std::string GoFloat(double value);
// As string() of lambdas prints it: never an exponent.
std::string PlainFloat(double value);

// strconv.ParseFloat(text, 64) and ParseInt(text, 10, 64).
enum class NumberError { None, Syntax, Range };
NumberError ParseGoFloat(std::string_view text, double *value);
NumberError ParseGoInt(std::string_view text, int64_t *value);
// `strconv.ParseInt: parsing "x": invalid syntax`
std::string NumberErrorText(std::string_view function, std::string_view text, NumberError error);

}  // namespace tick
