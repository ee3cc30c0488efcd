// duration_text.cpp - a duration in its largest whole unit (language.md 7.3).
#include "frontend/ast/format.h"

namespace tick {

std::string FormatDuration(int64_t ns) {
  struct Unit {
    int64_t ns;
    const char *name;
  };
  constexpr Unit kUnits[] = {{604'800'000'000'000, "w"}, {86'400'000'000'000, "d"}, {3'600'000'000'000, "h"},
                             {60'000'000'000, "m"},      {1'000'000'000, "s"},      {1'000'000, "ms"},
                             {1'000, "u"},               {1, "ns"}};
  if (ns == 0) return "0s";
  for (const Unit &unit : kUnits)
    if (ns % unit.ns == 0) return std::to_string(ns / unit.ns) + unit.name;
  return "";
}

}  // namespace tick
