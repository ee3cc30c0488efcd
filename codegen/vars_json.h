// vars_json.h - a script's variables as the API reports them (language.md 3.4, 3.10).
#pragma once

#include <string>
#include <string_view>

#include "frontend/ir/ir.h"

namespace tick {

// "bool", "int", …: the word of declarations and of the API.
std::string_view VarTypeName(Type type);
// The default as JSON; "null" where there is none.
std::string VarJson(const ir::Var &var);

}  // namespace tick
