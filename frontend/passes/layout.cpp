// layout.cpp - group records, and what lets state outlive a reload.
//
// In: a graph with its lambdas typed and its fields resolved. Out: for each node the domain whose groups it works
// with, the place of its state in their records, its identity. A record begins with a byte a node of the task,
// rounded up to 8: whether the state was begun (runtime/data/group.h). Behind it lies the state of each node of the
// domain: the node's own, then that of its lambdas in order.
#include "frontend/ir/hash.h"
#include "frontend/ir/stage.h"
#include "frontend/passes/steps.h"

namespace tick {
namespace {

using ir::Hash;
using ir::Stage;

struct StateRow {
  std::string_view kind;
  uint32_t bytes;
};
constexpr StateRow kStates[] = {
#define TICK_STATE(kind, bytes) {#kind, bytes},
#include "runtime/abi/state_sizes.def"
#undef TICK_STATE
    {"", 0}};

uint32_t OwnState(const Stage &stage) {
  for (const StateRow &row : kStates)
    if (row.kind == stage.kind) return row.bytes;
  return 0;
}

uint32_t RoundUp(uint32_t bytes) { return (bytes + 7) / 8 * 8; }

void LayOutStates(ir::Graph &graph) {
  uint32_t flags = RoundUp(static_cast<uint32_t>(graph.stages.size()));
  for (Stage &stage : graph.stages) {
    if (BeginsGroups(stage)) {
      stage.domain = static_cast<uint32_t>(graph.domain_sizes.size());
      graph.domain_sizes.push_back(flags);
    } else {
      stage.domain = graph.stages[stage.parents[0]].domain;
    }
    uint32_t size = OwnState(stage);
    if (LambdaStateOf(graph, stage) == ir::LambdaState::Group)
      for (const ir::LambdaUse &use : LambdasOf(stage)) size += graph.lambdas[use.lambda].state_size;
    stage.state_size = RoundUp(size);
    uint32_t &end = graph.domain_sizes[stage.domain];
    stage.state_offset = stage.state_size ? end : 0;
    end += stage.state_size;
  }
}

// --- identities --------------------------------------------------------------------------------------

void AddArgs(Hash &hash, const std::vector<ir::Arg> &args) {
  hash.add(args.size());
  for (const ir::Arg &arg : args) {
    hash.add(static_cast<uint64_t>(arg.type));
    if (arg.type == Type::Lambda) continue;
    hash.add(static_cast<uint64_t>(arg.literal.i)).add(arg.literal.s);
    uint64_t bits = 0;
    static_assert(sizeof bits == sizeof arg.literal.f);
    __builtin_memcpy(&bits, &arg.literal.f, sizeof bits);
    hash.add(bits);
    AddArgs(hash, arg.items);
  }
}

void AddProperties(Hash &hash, const std::vector<ir::Property> &properties, std::string_view name) {
  for (const ir::Property &property : properties) {
    if (name != "*" && property.name != name) continue;
    hash.add(property.name);
    AddArgs(hash, property.args);
    AddProperties(hash, property.properties, "*");
  }
}

// What the node's state depends on, as its kind's row lists it.
void AddKept(Hash &hash, const Stage &stage, std::string_view keeps) {
  while (!keeps.empty()) {
    std::string_view word = keeps.substr(0, keeps.find(' '));
    keeps.remove_prefix(std::min(keeps.size(), word.size() + 1));
    hash.add(word);
    if (word == "()") {
      AddArgs(hash, stage.args);
    } else if (word == "needs") {
      hash.add(stage.needs_all).add(stage.needs.size());
      for (const std::string &name : stage.needs) hash.add(name);
    } else {
      AddProperties(hash, stage.properties, word);
    }
  }
}

// A lambda with state remembers values of what it computes: its form and names count, its literals do not.
void AddStatefulLambda(Hash &hash, const ir::Lambda &lambda) {
  hash.add(lambda.stateful);
  if (!lambda.stateful) return;
  for (const std::string &ref : lambda.refs) hash.add(ref);
  for (const ir::Expr &expr : lambda.body) {
    hash.add(static_cast<uint64_t>(expr.op))
        .add(static_cast<uint64_t>(expr.binary))
        .add(expr.function)
        .add(expr.nested);
    if (expr.op == ir::ExprOp::Ref) hash.add(expr.index);
    hash.add(expr.operands.size());
  }
}

// Which groups leave a node: kinds and dimensions from the source on.
uint64_t GroupPath(const Stage &stage, const std::vector<uint64_t> &paths) {
  Hash hash;
  hash.add(stage.kind);
  if (stage.kind == "groupBy") AddArgs(hash, stage.args);
  for (std::string_view name : {"groupBy", "groupByMeasurement", "byMeasurement", "exclude", "tags", "tag", "on"})
    AddProperties(hash, stage.properties, name);
  for (uint32_t parent : stage.parents) hash.add(paths[parent]);
  return hash.value();
}

void Identify(ir::Graph &graph) {
  std::vector<uint64_t> paths;
  for (Stage &stage : graph.stages) {
    Hash hash;
    hash.add(graph.dialect).add(stage.kind).add(stage.name);
    hash.add(static_cast<uint64_t>(stage.wants)).add(static_cast<uint64_t>(stage.provides)).add(stage.state_size);
    AddKept(hash, stage, ir::RowOfKind(stage.kind).keeps);
    for (const ir::LambdaUse &use : LambdasOf(stage)) AddStatefulLambda(hash, graph.lambdas[use.lambda]);
    hash.add(stage.parents.size());
    for (uint32_t parent : stage.parents) hash.add(paths[parent]);
    paths.push_back(GroupPath(stage, paths));
    // A node that makes groups keeps state by those it makes.
    if (BeginsGroups(stage)) hash.add(paths.back());
    stage.identity = hash.value();
  }
}

}  // namespace

void LayOut(ir::Graph &graph) {
  LayOutStates(graph);
  Identify(graph);
}

}  // namespace tick
