// value.h - C++ view of the ABI's values, and interned names.
//
// A Value is a tick_value; its strings point into memory owned by whoever made it (a request's body, a
// block's arena, a group's state). Names of fields, tags and measurements are interned once a process
// and compared by pointer.
#pragma once

#include <string>
#include <string_view>

#include "grammar/tables.h"
#include "runtime/abi/tick_abi.h"

namespace tick {

using Value = tick_value;

inline Type TypeOf(const Value &value) { return static_cast<Type>(value.type); }
inline Value MakeMissing() { return Value{{.i = 0}, TICK_MISSING}; }
inline Value MakeBool(bool b) { Value v{{.i = 0}, TICK_BOOL}; v.as.b = b; return v; }
inline Value MakeInt(int64_t i) { return Value{{.i = i}, TICK_INT}; }
inline Value MakeFloat(double f) { return Value{{.f = f}, TICK_FLOAT}; }
inline Value MakeDuration(int64_t ns) { return Value{{.i = ns}, TICK_DURATION}; }
inline Value MakeTime(int64_t ns) { return Value{{.i = ns}, TICK_TIME}; }
inline Value MakeString(std::string_view s) { return Value{{.s = {s.data(), s.size()}}, TICK_STRING}; }
inline std::string_view View(const tick_string &s) { return {s.data, s.size}; }
inline std::string_view StringOf(const Value &value) { return View(value.as.s); }

// Equal type and equal value; an int is never equal to a float, NaN to nothing.
bool SameValue(const Value &a, const Value &b);

// An interned string. Lives as long as the process; equal strings give equal pointers.
using Name = const std::string *;
// Thread-safe; takes a lock, so not for the path of a point.
Name Intern(std::string_view text);
// The interned name if somebody interned it, else null.
Name FindName(std::string_view text);
// Whether some series of this process has, or had, a tag of this key. MarkTagKey is for whoever makes series.
bool MayBeTag(Name name);
void MarkTagKey(Name name);
// Orders names as their text, bytewise.
inline bool NameLess(Name a, Name b) { return a != b && *a < *b; }

}  // namespace tick
