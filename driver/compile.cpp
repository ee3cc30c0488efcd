// compile.cpp - the whole compiler on one screen.
#include "driver/compile.h"

#include "frontend/ast/format.h"
#include "frontend/passes/passes.h"

namespace tick {

std::optional<ir::Graph> CompileToIr(const Source &source, const FrontendOptions &options, Diagnostics &diagnostics) {
  std::unique_ptr<ast::Program> program = Parse(source, diagnostics, options.dialect);
  if (!program) return std::nullopt;
  std::optional<ir::Graph> graph = Check(*program, source, options.check, diagnostics);
  if (!graph || !Canonicalize(*graph, diagnostics)) return std::nullopt;
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
