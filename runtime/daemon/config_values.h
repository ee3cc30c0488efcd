// config_values.h - values of options as requests give them, in the words of Kapacitor's config API.
#pragma once

#include <string>
#include <string_view>

#include "runtime/daemon/json.h"

namespace tick {

// Turns `given` into a value of the option's type, which its default tells. An error text where it does not fit:
// "cannot convert string "x" into int".
std::string ConvertOption(std::string_view name, const Json &standard, const Json &given, Json *value);

// The elements of a list section that has several begin from these, not from the defaults.
Json ZeroElement(std::string_view section, const Json &defaults);

// Whether a default stands for a duration.
bool IsDurationOption(const Json &standard);

// A value that must not be shown: whether there is one.
bool IsSet(const Json &value);

}  // namespace tick
