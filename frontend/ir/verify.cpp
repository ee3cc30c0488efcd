// verify.cpp - what a graph promises to its readers (docs/ir.md, rules G and C).
//
// In: any graph, also one that somebody wrote by hand. Out: the first broken promise. Code behind this line
// indexes without looking.
#include "frontend/ir/verify.h"

#include <algorithm>
#include <set>

#include "frontend/ir/text.h"

namespace tick::ir {
namespace {

template <class T, class Less = std::less<T>>
bool SortedUnique(const std::vector<T> &items, Less less = {}) {
  for (size_t i = 1; i < items.size(); ++i)
    if (!less(items[i - 1], items[i])) return false;
  return true;
}

std::string NameOf(const Stage &stage) { return "node \"" + stage.name + "\""; }

std::string VerifyArg(const Graph &graph, const Arg &arg, const std::string &where) {
  switch (arg.type) {
    case Type::Lambda: return arg.lambda < graph.lambdas.size() ? "" : where + " has a lambda that is not there";
    case Type::List:
      for (const Arg &item : arg.items)
        if (std::string broken = VerifyArg(graph, item, where); !broken.empty()) return broken;
      return "";
    case Type::Bool: case Type::Int: case Type::Float: case Type::String: case Type::Duration: case Type::Regex:
    case Type::Star: case Type::Reference: return "";
    default: return where + " has an argument of type " + std::string(TypeName(arg.type));
  }
}

std::string VerifyProperties(const Graph &graph, const std::vector<Property> &properties, const std::string &where) {
  for (const Property &property : properties) {
    if (property.name.empty()) return where + " has a property without name";
    std::string here = where + " property " + property.name;
    for (const Arg &arg : property.args)
      if (std::string broken = VerifyArg(graph, arg, here); !broken.empty()) return broken;
    if (std::string broken = VerifyProperties(graph, property.properties, here); !broken.empty()) return broken;
  }
  return "";
}

size_t Count(const std::vector<uint32_t> &items, uint32_t item) {
  return static_cast<size_t>(std::count(items.begin(), items.end(), item));
}

std::string VerifyEdges(const Graph &graph, uint32_t number) {
  const Stage &stage = graph.stages[number];
  for (uint32_t parent : stage.parents) {
    if (parent >= number) return NameOf(stage) + " comes before its parent";
    const Stage &from = graph.stages[parent];
    if (Count(from.children, number) != Count(stage.parents, parent))
      return NameOf(from) + " does not list its child " + stage.name;
    if (from.provides != stage.wants || stage.wants == Edge::None)
      return NameOf(stage) + " wants another edge than " + NameOf(from) + " provides";
  }
  for (uint32_t child : stage.children) {
    if (child >= graph.stages.size()) return NameOf(stage) + " has a child that is not there";
    if (Count(graph.stages[child].parents, number) == 0) return NameOf(stage) + " lists a child that has other parents";
  }
  return "";
}

std::string VerifyStages(const Graph &graph) {
  std::set<std::string> names;
  for (uint32_t i = 0; i < graph.stages.size(); ++i) {
    const Stage &stage = graph.stages[i];
    if (stage.kind.empty()) return "node " + std::to_string(i) + " has no kind";
    if (!names.insert(stage.name).second) return "two nodes are named \"" + stage.name + "\"";
    if (std::string broken = VerifyEdges(graph, i); !broken.empty()) return broken;
    for (const Arg &arg : stage.args)
      if (std::string broken = VerifyArg(graph, arg, NameOf(stage)); !broken.empty()) return broken;
    if (std::string broken = VerifyProperties(graph, stage.properties, NameOf(stage)); !broken.empty()) return broken;
  }
  if (!graph.stages.empty()) {
    const Stage &source = graph.stages[0];
    if (source.kind != (graph.batch ? "batch" : "stream") || !source.parents.empty())
      return std::string("node 0 is not the source of a ") + (graph.batch ? "batch" : "stream") + " task";
  }
  std::vector<uint32_t> walk = graph.walk;
  std::sort(walk.begin(), walk.end());
  for (uint32_t i = 0; i < walk.size(); ++i)
    if (walk[i] != i) return "the walk does not name each node once";
  return walk.size() == graph.stages.size() ? "" : "the walk does not name each node once";
}

std::string VerifyVars(const Graph &graph) {
  if (!SortedUnique(graph.vars, [](const Var &a, const Var &b) { return a.name < b.name; }))
    return "vars are not sorted by name";
  for (const Var &var : graph.vars) {
    std::string here = "var \"" + var.name + "\"";
    if (var.type > Type::Star || var.type == Type::Missing)
      return here + " has the type " + std::string(TypeName(var.type));
    // A lambda's default is its text: it is no lambda of the graph until a node uses it.
    if (var.has_value && var.type != Type::Lambda)
      if (std::string broken = VerifyArg(graph, var.value, here); !broken.empty()) return broken;
  }
  return "";
}

std::string VerifyLayout(const Graph &graph) {
  std::vector<std::vector<std::pair<uint32_t, const Stage *>>> taken(graph.domain_sizes.size());
  for (uint32_t size : graph.domain_sizes)
    if (size % 8 != 0) return "a group record's size is no multiple of 8";
  for (const Stage &stage : graph.stages) {
    if (!SortedUnique(stage.needs)) return NameOf(stage) + " has needs that are not sorted";
    if (stage.domain >= graph.domain_sizes.size()) return NameOf(stage) + " is of a domain that is not there";
    if (stage.state_size == 0) continue;
    if (stage.state_size % 8 != 0 || stage.state_offset % 8 != 0)
      return NameOf(stage) + " has state that is not aligned";
    if (uint64_t{stage.state_offset} + stage.state_size > graph.domain_sizes[stage.domain])
      return NameOf(stage) + " has state outside its group record";
    taken[stage.domain].emplace_back(stage.state_offset, &stage);
  }
  for (auto &states : taken) {
    std::sort(states.begin(), states.end());
    for (size_t i = 1; i < states.size(); ++i)
      if (states[i - 1].first + states[i - 1].second->state_size > states[i].first)
        return NameOf(*states[i].second) + " shares state with " + NameOf(*states[i - 1].second);
  }
  auto less = [](const MeasurementFields &a, const MeasurementFields &b) { return a.measurement < b.measurement; };
  if (!SortedUnique(graph.reads, less)) return "reads are not sorted by measurement";
  for (const MeasurementFields &reads : graph.reads)
    if (!SortedUnique(reads.fields)) return "the fields read of \"" + reads.measurement + "\" are not sorted";
  return "";
}

}  // namespace

std::string Verify(const Graph &graph) {
  if (graph.dialect != 1 && graph.dialect != 2) return "the dialect is neither 1 nor 2";
  for (uint32_t i = 0; i < graph.lambdas.size(); ++i)
    if (std::string broken = VerifyLambda(graph, i); !broken.empty()) return broken;
  if (std::string broken = VerifyStages(graph); !broken.empty()) return broken;
  if (std::string broken = VerifyVars(graph); !broken.empty()) return broken;
  if (graph.canonical) return VerifyLayout(graph);
  if (!graph.reads.empty() || !graph.domain_sizes.empty()) return "the graph is laid out, but raw";
  return "";
}

}  // namespace tick::ir
