// check.h - syntax tree to raw IR: names, types, properties, arguments, edges.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/ast/ast.h"
#include "frontend/ir/ir.h"
#include "frontend/support/diagnostics.h"

namespace tick {

// A UDF as the configuration declares it: `NODE@name()` with options that take these types.
struct UdfSpec {
  std::string name;
  ir::Edge wants = ir::Edge::Stream, provides = ir::Edge::Stream;
  std::vector<std::pair<std::string, std::vector<Type>>> options;
  std::string error = "";  // why it cannot be used
};

struct CheckOptions {
  std::string vars_json;     // predefined variables as the API takes them (language.md 3.10); "" none
  bool is_template = false;  // variables without value are fine
  std::vector<UdfSpec> udfs;
  std::vector<std::string> lost_names;  // variables whose declarations could not be read: nothing is said of them
  // Defaults of deadman() and of alerts added by the configuration.
  std::string deadman_id = "{{ .Group }}:NODE_NAME for task '{{ .TaskName }}'";
  std::string deadman_message =
      "{{ .ID }} is {{ if eq .Level \"OK\" }}alive{{ else }}dead{{ end }}: {{ index .Fields \"emitted\" | printf "
      "\"%0.3f\" }} points/INTERVAL.";
};

// The raw graph, or nothing having reported at least one error (or told of one before). All mistakes of a script are
// reported. `broken` gets what there is of the graph then, for later stages to look for more mistakes.
std::optional<ir::Graph> Check(const ast::Program &program, const Source &source, const CheckOptions &options,
                               Diagnostics &diagnostics, ir::Graph *broken = nullptr);

}  // namespace tick
