// compile.cpp - the whole compiler on one screen.
#include "driver/compile.h"

#include "driver/check_templates.h"
#include "frontend/ast/format.h"
#include "frontend/passes/advise.h"
#include "frontend/passes/passes.h"
#include "frontend/passes/steps.h"

namespace tick {

std::optional<ir::Graph> CompileToIr(const Source &source, const FrontendOptions &options, Diagnostics &diagnostics) {
  CheckOptions check = options.check;
  std::unique_ptr<ast::Program> program = ParseWhatFits(source, diagnostics, options.dialect, &check.lost_names);
  if (!program) return std::nullopt;
  ir::Graph broken;
  std::optional<ir::Graph> graph = Check(*program, source, check, diagnostics, &broken);
  if (!graph) {
    CheckConstants(broken, diagnostics);
    CheckTemplates(broken, diagnostics);
    return std::nullopt;
  }
  Advise(*graph, diagnostics, options.notes);
  bool canonical = Canonicalize(*graph, diagnostics);
  if (!CheckTemplates(*graph, diagnostics) || !canonical) return std::nullopt;
  return graph;
}

CodeResult JitSource::compile(const CodeRequest &request) {
  Source source{request.name, request.script};
  Diagnostics diagnostics(source);
  FrontendOptions options = options_;
  options.check.vars_json = request.vars_json;
  options.check.is_template = request.is_template;
  CodeResult result;
  if (std::optional<ir::Graph> graph = CompileToIr(source, options, diagnostics)) {
    result.code = jit_.compile(*graph, &result.error);
  } else {
    diagnostics.finish();
    result.error = diagnostics.kapacitor();
    result.diagnostics = diagnostics.json();
  }
  return result;
}

void JitSource::declare(std::vector<UdfFunction> functions) {
  auto edge = [](bool batches) { return batches ? ir::Edge::Batch : ir::Edge::Stream; };
  for (UdfFunction &function : functions)
    options_.check.udfs.push_back({std::move(function.name), edge(function.wants_batches), edge(function.gives_batches),
                                   std::move(function.options), std::move(function.error)});
}

std::string JitSource::format(const std::string &script) {
  Source source{"script", script};
  Diagnostics diagnostics(source);
  std::unique_ptr<ast::Program> program = Parse(source, diagnostics, options_.dialect);
  return program ? Format(*program) : script;
}

std::string JitSource::parse_error(const std::string &script) {
  Source source{"script", script};
  Diagnostics diagnostics(source);
  if (Parse(source, diagnostics, options_.dialect)) return "";
  diagnostics.finish();
  return diagnostics.kapacitor();
}

}  // namespace tick
