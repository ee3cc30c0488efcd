// vars_json.h - variables given from outside, as the API and -vars take them (language.md 3.10).
#pragma once

#include <map>
#include <string>

#include "frontend/check/context.h"
#include "frontend/check/values.h"

namespace tick::check {

struct GivenVar {
  Type type = Type::Int;
  Value value;
};

// By name. Each variable that cannot be read is reported and left out.
std::map<std::string, GivenVar> ReadVars(const std::string &json, Context &context);

// "int", "bool" … as declarations and vars spell types; Invalid for any other word.
Type VarTypeOf(std::string_view word);
inline constexpr std::string_view kVarTypes[] = {"bool", "duration", "float", "int",   "lambda",
                                                 "list", "regex",    "star",  "string"};

// A duration as text, "1h30m": units ns u µ ms s m h d w, several parts, perhaps negative. False where it is none.
bool ParseDurationText(std::string_view text, int64_t *ns);

}  // namespace tick::check
