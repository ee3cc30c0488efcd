// literal.h - constants of templates: strings, characters, numbers.
#pragma once

#include <string>
#include <string_view>

#include "runtime/alert/template/node.h"

namespace tick::tmpl {

// strconv.Unquote of a string in double quotes or backquotes; false: bad syntax.
bool Unquote(std::string_view quoted, std::string *out);

// A number or a character in single quotes. False: `error` says why not, in Go's words.
bool ParseNumber(std::string_view text, Number *number, std::string *error);

}  // namespace tick::tmpl
