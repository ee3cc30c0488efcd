// script_target.h - what must hold of any script: shared by the fuzzer and the unit test over a fixed corpus.
#pragma once

#include <cstdint>
#include <regex>
#include <string>

#include "frontend/ast/format.h"
#include "frontend/check/check.h"
#include "frontend/ir/text.h"
#include "frontend/parse/parse.h"
#include "frontend/passes/advise.h"
#include "frontend/passes/passes.h"

namespace tick::fuzz {

// The IR without places in the script, or "" where the script is refused.
inline std::string Shape(const std::string &script, DialectChoice dialect, std::string *formatted) {
  Source source{"x.tick", script};
  Diagnostics diagnostics(source);
  CheckOptions options;
  options.is_template = true;
  std::unique_ptr<ast::Program> program = ParseWhatFits(source, diagnostics, dialect, &options.lost_names);
  std::optional<ir::Graph> graph;
  if (program) graph = Check(*program, source, options, diagnostics);
  if (graph) Advise(*graph, diagnostics, true);
  bool canonical = graph && Canonicalize(*graph, diagnostics);
  diagnostics.finish();
  diagnostics.text(true);
  diagnostics.json();
  diagnostics.sarif();
  if (!canonical) return "";
  *formatted = Format(*program);
  graph->script.clear();
  static const std::regex kPlaces(R"( at \d+:\d+)");
  return std::regex_replace(ir::Print(*graph), kPlaces, "");
}

// "" where all holds, else what does not.
inline std::string Script(const std::string &script) {
  for (DialectChoice dialect : {DialectChoice::Automatic, DialectChoice::Dotted}) {
    std::string formatted, again, shape = Shape(script, dialect, &formatted);
    // Known and the reference's own: a comment that formatting puts behind `=` is read as a regex (language.md 7.2).
    if (shape.empty() || script.find("//") != std::string::npos || formatted.find("//") != std::string::npos) continue;
    std::string same = Shape(formatted, dialect, &again);
    if (same != shape)
      return "formatting changes the meaning:\n" + script + "\n--- becomes\n" + formatted + "\n--- IR\n" + shape +
             "\n--- becomes\n" + same;
    Source text{"x.tir", shape};
    Diagnostics diagnostics(text);
    std::optional<ir::Graph> read = ir::Read(text, diagnostics);
    if (!read) return "the IR does not read back:\n" + diagnostics.text() + shape;
  }
  return "";
}

}  // namespace tick::fuzz
