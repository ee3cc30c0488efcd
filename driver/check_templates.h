// check_templates.h - mistakes in the texts of alerts, told when the script is checked and not when the task starts.
#pragma once

#include "frontend/ir/ir.h"
#include "frontend/support/diagnostics.h"

namespace tick {

// Reads id, message and details of each alert as the runtime will. False: at least one error was reported.
bool CheckTemplates(const ir::Graph &graph, Diagnostics &diagnostics);

}  // namespace tick
