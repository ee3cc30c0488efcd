// execute.h - runs a parsed template over data.
#pragma once

#include <string>

#include "runtime/alert/template/datum.h"
#include "runtime/alert/template/node.h"

namespace tick::tmpl {

// Runs `root`, one of `trees`, named `name`. False: `error` is Go's message.
bool Execute(const TreeSet &trees, const Node &root, const Datum &dot, std::string *out, std::string *error);

}  // namespace tick::tmpl
