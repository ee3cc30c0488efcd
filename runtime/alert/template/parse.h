// parse.h - template text to tree.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/alert/template/node.h"

namespace tick::tmpl {

// Parses `text`, named `name` in messages. `functions` are those it may call. False: `error` is Go's message,
// `template: NAME:LINE: …`.
bool ParseTrees(std::string_view name, std::string_view text, std::span<const Function *const> functions,
                TreeSet *trees, std::string *error);

}  // namespace tick::tmpl
