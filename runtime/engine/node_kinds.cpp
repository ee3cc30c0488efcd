// node_kinds.cpp - from the name of a kind to the node.
//
// In: a node of a descriptor. Out: the runtime's node, made by the factory that node_kinds.def names for its kind.
#include <string>

#include "runtime/engine/node.h"

namespace tick {

#define TICK_NODE_KIND(kind, factory) NodeResult factory(const tick_node &spec, Task &task);
#include "runtime/engine/node_kinds.def"
#undef TICK_NODE_KIND

namespace {

struct Kind {
  std::string_view name;
  NodeFactory make;
};
constexpr Kind kKinds[] = {
#define TICK_NODE_KIND(kind, factory) {kind, factory},
#include "runtime/engine/node_kinds.def"
#undef TICK_NODE_KIND
};

}  // namespace

NodeResult MakeUdf(const tick_node &spec, Task &task);

NodeResult MakeNode(const tick_node &spec, Task &task) {
  if (spec.kind[0] == '@') return MakeUdf(spec, task);  // a function of the configuration, by its name
  for (const Kind &kind : kKinds)
    if (kind.name == spec.kind) return kind.make(spec, task);
  return {nullptr, "this program has no node of the kind " + std::string(spec.kind) +
                       "; the task was compiled for a newer version"};
}

}  // namespace tick
