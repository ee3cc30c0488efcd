// go_duration.h - durations as text: Go's form and TICKscript's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick {

// time.Duration's String: "1m39s", "1.5s", "10ms", "0s".
std::string GoDuration(int64_t ns);
// The number of the largest unit that divides it (language.md 7.3): "0s", "90m", "1500ms", "1001u".
std::string ReducedDuration(int64_t ns);

// TICKscript's and JSON's text (language.md 5.3): optional `-`, then digits and unit (ns u µ ms s m h d w) once or
// more. False: not a duration.
bool ParseDuration(std::string_view text, int64_t *ns);
// time.ParseDuration, of configuration files: "1h30m", "1.5s"; units ns us µs ms s m h.
bool ParseGoDuration(std::string_view text, int64_t *ns);

}  // namespace tick
