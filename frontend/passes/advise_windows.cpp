// advise_windows.cpp - a window that mixes the points of all hosts.
//
// In: a raw graph. Out: a warning for the first window behind each source of points that no tag tells apart: neither
// grouped, nor narrowed to one value of a tag.
#include <set>

#include "frontend/ir/stage.h"
#include "frontend/passes/advise.h"

namespace tick {
namespace {

using ir::ExprOp;

// Whether a condition compares a reference with a text, as `"host" == 'web1'` does.
bool NamesOne(const ir::Lambda &lambda) {
  for (const ir::Expr &expr : lambda.body) {
    if (expr.op != ExprOp::Binary || (expr.binary != Operator::Equal && expr.binary != Operator::Match)) continue;
    const ir::Expr &left = lambda.body[expr.operands[0]], &right = lambda.body[expr.operands[1]];
    const ir::Expr &literal = left.op == ExprOp::Literal ? left : right;
    if (left.op != ExprOp::Ref && right.op != ExprOp::Ref) continue;
    if (literal.op != ExprOp::Literal) continue;
    Type type = lambda.literals[literal.index].type;
    if (type == Type::String || type == Type::Regex) return true;
  }
  return false;
}

bool TellsApart(const ir::Graph &graph, const ir::Stage &stage) {
  if (stage.kind == "groupBy" || ir::FindProperty(stage, "groupBy") || ir::FindProperty(stage, "groupByMeasurement"))
    return true;
  if (stage.kind != "from" && stage.kind != "where") return false;
  for (const ir::LambdaUse &use : ir::LambdasOf(stage))
    if (NamesOne(graph.lambdas[use.lambda])) return true;
  return false;
}

}  // namespace

void AdviseOnWindows(const ir::Graph &graph, Diagnostics &diagnostics) {
  std::set<uint32_t> told;  // the node the points come from
  for (const ir::Stage &window : graph.stages) {
    if (window.kind != "window") continue;
    const ir::Stage *stage = &window;
    uint32_t from = 0;
    while (stage && !TellsApart(graph, *stage)) {
      // Counts, joined data and what a UDF makes are no plain points of many hosts.
      bool plain = stage->parents.size() == 1 && ir::IsKnownKind(stage->kind);
      if (!plain) stage = nullptr;
      if (!plain || stage->kind == "from") break;
      from = stage->parents[0];
      stage = &graph.stages[from];
    }
    if (!stage || stage->kind != "from" || TellsApart(graph, *stage) || !told.insert(from).second) continue;
    Diagnostic &diagnostic = diagnostics.report(DiagId::UngroupedWindow, window.range, {});
    diagnostic.hint = "add `.groupBy('host')`, or `.groupBy(*)` for all tags, behind `from()`";
  }
}

}  // namespace tick
