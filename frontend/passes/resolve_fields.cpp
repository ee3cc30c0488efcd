// resolve_fields.cpp - which fields are read.
//
// In: a graph in any stage. Out: needs and needs_all of each node, which say what is read of its *output*, and
// Graph::reads, the fields to convert when points of a measurement come in. From the leaves up: a node's input
// needs what the node itself reads and what goes through it to somebody who reads it. A name may be a tag as well
// as a field; what is listed in vain costs a look, what is missing would be wrong, so doubts count as reading.
#include <map>
#include <set>

#include "frontend/ir/stage.h"
#include "frontend/passes/steps.h"

namespace tick {
namespace {

using ir::FieldRule;
using ir::Stage;

struct Need {
  std::set<std::string> names;
  bool all = false;
  void add(const Need &other) {
    names.insert(other.names.begin(), other.names.end());
    all |= other.all;
  }
  void add(const std::vector<std::string> &list) { names.insert(list.begin(), list.end()); }
  void remove(const std::vector<std::string> &list) {
    for (const std::string &name : list) names.erase(name);
  }
};

std::vector<std::string> Names(const Stage &stage, std::string_view property) {
  std::vector<std::string> names;
  for (const ir::Property &call : stage.properties)
    if (call.name == property)
      for (std::string &name : ir::Strings(call.args)) names.push_back(std::move(name));
  return names;
}
// The name that each call of `.field('name', …)` gives.
std::vector<std::string> FirstNames(const Stage &stage, std::string_view property) {
  std::vector<std::string> names;
  for (const ir::Property &call : stage.properties)
    if (call.name == property && !call.args.empty()) names.push_back(call.args[0].literal.s);
  return names;
}

class Resolver {
 public:
  explicit Resolver(ir::Graph &graph) : graph_(graph), outputs_(graph.stages.size()), inputs_(graph.stages.size()) {}

  void run() {
    for (size_t i = graph_.stages.size(); i-- > 0;) {
      for (uint32_t child : graph_.stages[i].children) outputs_[i].add(inputs_[child]);
      inputs_[i] = input(graph_.stages[i], outputs_[i]);
      graph_.stages[i].needs.assign(outputs_[i].names.begin(), outputs_[i].names.end());
      graph_.stages[i].needs_all = outputs_[i].all;
    }
    if (!graph_.batch) set_reads();
  }

 private:
  // What the node's lambdas refer to.
  std::vector<std::string> refs(const Stage &stage) const {
    std::vector<std::string> names;
    for (const ir::LambdaUse &use : LambdasOf(stage))
      for (const std::string &ref : graph_.lambdas[use.lambda].refs)
        if (ref != "time" || graph_.dialect == 2) names.push_back(ref);
    return names;
  }

  Need input(const Stage &stage, const Need &output) const {
    Need need;
    std::vector<std::string> own = ir::Strings(stage.args);
    // The first is the function.
    if ((stage.kind == "map" || stage.kind == "reduce") && !own.empty()) own.erase(own.begin());
    FieldRule rule = ir::RowOfKind(stage.kind).fields;
    switch (rule) {
      case FieldRule::Source:
        // 0.2's source selects points as a from node does.
        if (stage.kind == "stream") need = output;
        break;
      case FieldRule::Pass:
        need = output;
        if (stage.kind == "changeDetect" || stage.kind == "map") need.add(own);
        break;
      case FieldRule::Replace: case FieldRule::Select:
        need = output;
        need.remove({result(stage, own)});
        need.add(own);
        break;
      case FieldRule::Reduce: need.add(own); break;
      case FieldRule::Eval: return eval(stage, output);
      case FieldRule::Default:
        need = output;
        need.add(FirstNames(stage, "field"));
        break;
      case FieldRule::Delete:
        need = output;
        need.add(Names(stage, "field"));
        break;
      case FieldRule::Sideload:
        // A point whose key cannot be made keeps the field it had.
        need = output;
        need.add(FirstNames(stage, "field"));
        break;
      case FieldRule::Autoscale:
        need.add(refs(stage));
        need.remove(Names(stage, "currentField"));
        return need;
      case FieldRule::Everything: need.all = true; break;
    }
    need.add(refs(stage));
    return need;
  }

  // The field that a node sets.
  static std::string result(const Stage &stage, const std::vector<std::string> &own) {
    std::string otherwise = stage.kind == "stateCount"      ? "state_count"
                            : stage.kind == "stateDuration" ? "state_duration"
                            : stage.kind == "derivative"    ? (own.empty() ? "" : own[0])
                                                            : stage.kind;
    return ir::StringOf(stage, "as", otherwise);
  }

  // A reference that names an earlier result still reads the field of that name, where there is one.
  Need eval(const Stage &stage, const Need &output) const {
    Need need;
    std::vector<std::string> as = Names(stage, "as");
    if (const ir::Property *keep = FindProperty(stage, "keep")) {
      std::vector<std::string> kept = ir::Strings(keep->args);
      if (kept.empty()) {
        need = output;
      } else {
        need.add(kept);
      }
      need.remove(as);
    }
    need.add(refs(stage));
    return need;
  }

  void set_reads() {
    std::map<std::string, std::set<std::string>> reads;
    if (graph_.stages.empty()) return;
    const Stage &source = graph_.stages[0];
    auto add = [&](const std::string &measurement, const Need &need) {
      if (!need.names.empty()) reads[measurement].insert(need.names.begin(), need.names.end());
    };
    std::string of_source = ir::StringOf(source, "measurement", "");
    for (uint32_t child : source.children) {
      const Stage &stage = graph_.stages[child];
      add(stage.kind == "from" ? ir::StringOf(stage, "measurement", of_source) : of_source, inputs_[child]);
    }
    Need own;
    own.add(refs(source));
    add(of_source, own);
    for (auto &[measurement, names] : reads) graph_.reads.push_back({measurement, {names.begin(), names.end()}});
  }

  ir::Graph &graph_;
  std::vector<Need> outputs_, inputs_;  // by node
};

}  // namespace

void ResolveFields(ir::Graph &graph) { Resolver(graph).run(); }

}  // namespace tick
