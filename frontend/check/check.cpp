// check.cpp - the checker on one screen: evaluate the script, check its nodes, build the graph.
#include "frontend/check/check.h"

#include "frontend/check/evaluator.h"
#include "frontend/check/graph_builder.h"
#include "frontend/check/rules.h"

namespace tick {

std::optional<ir::Graph> Check(const ast::Program &program, const Source &source, const CheckOptions &options,
                               Diagnostics &diagnostics, ir::Graph *broken) {
  NodeDialect dialect = program.dialect == ast::Dialect::Dotted ? NodeDialect::Dotted : NodeDialect::Modern;
  check::Context context{source, options, diagnostics, dialect};
  check::Pipeline pipeline(context);
  check::Evaluator evaluator(context, pipeline);
  evaluator.run(program);
  if (context.dotted()) pipeline.number_by_walk();
  check::CheckRules(pipeline, context);
  ir::Graph graph = check::BuildGraph(pipeline, evaluator, context);
  if (!diagnostics.has_errors()) return graph;
  if (broken) *broken = std::move(graph);
  return std::nullopt;
}

}  // namespace tick
