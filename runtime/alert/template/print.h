// print.h - Go's fmt over template values.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/alert/template/datum.h"

namespace tick::tmpl {

// What "%v" prints.
void Print(std::string &out, const Datum &datum);
// fmt.Sprint: a blank between two operands neither of which is a string.
void PrintAll(std::string &out, std::span<const Datum> args);
// fmt.Sprintln.
void PrintLine(std::string &out, std::span<const Datum> args);
// fmt.Sprintf; what does not fit a verb is printed as Go prints it: `%!d(string=x)`.
void PrintFormat(std::string &out, std::string_view format, std::span<const Datum> args);

}  // namespace tick::tmpl
