// listings.h - the language's tables as pages of the manual, and small reports of tickc.
#pragma once

#include <string>
#include <string_view>

#include "frontend/ir/ir.h"

namespace tick {

// docs/functions.md, docs/nodes.md, docs/diagnostics.md: generated from grammar/*.def; a test keeps the committed
// pages current.
std::string FunctionsMarkdown();    // functions_page.cpp
std::string NodesMarkdown();        // nodes_page.cpp
std::string DiagnosticsMarkdown();  // diagnostics_page.cpp

// What `tickc help CODE` prints; "" for a code there is none of.
std::string DiagnosticHelp(std::string_view code);
// `tickc vars`: name, type, default and description, a variable a line.
std::string VarsTable(const ir::Graph &graph);
// The lines that differ, in unified form; "" where nothing does.
std::string LineDiff(const std::string &name, const std::string &before, const std::string &after);

}  // namespace tick
