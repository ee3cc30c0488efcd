// check_script.h - a script through parser and checker, for the tests of the checker.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/check/check.h"
#include "frontend/ir/dot.h"
#include "frontend/ir/text.h"
#include "frontend/parse/parse.h"

namespace tick {

struct Checked {
  std::optional<ir::Graph> graph;
  std::string kapacitor;                // of the first error
  std::vector<Diagnostic> diagnostics;  // in order of the source
  bool ok() const { return graph.has_value(); }
  std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const Diagnostic &d : diagnostics) codes.emplace_back(DiagCode(d.id));
    return codes;
  }
};

inline Checked CheckScript(const std::string &text, CheckOptions options = {},
                           DialectChoice dialect = DialectChoice::Automatic) {
  Source source{"test.tick", text};
  Diagnostics diagnostics(source);
  Checked result;
  if (std::unique_ptr<ast::Program> program = Parse(source, diagnostics, dialect))
    result.graph = Check(*program, source, options, diagnostics);
  result.kapacitor = diagnostics.kapacitor();
  diagnostics.finish();
  result.diagnostics = diagnostics.all();
  return result;
}

inline const ir::Stage *FindStage(const ir::Graph &graph, std::string_view name) {
  for (const ir::Stage &stage : graph.stages)
    if (stage.name == name) return &stage;
  return nullptr;
}

}  // namespace tick
