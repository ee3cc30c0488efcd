// out_groups.h - the groups a node's output belongs to.
//
// A node's domain is that of the groups it hands on. Most get groups of the same domain and pass them on as they
// are; those that begin groups anew (from, groupBy, eval().tags(), default, delete, flatten, combine, join, union,
// stats) find the group of their output here.
#pragma once

#include <memory>
#include <vector>

#include "runtime/data/group.h"
#include "runtime/engine/node.h"
#include "runtime/engine/task.h"
#include "runtime/support/flat_map.h"

namespace tick {

// A group of what a node holds back longer than a push: its address may not be kept, groups may be deleted meanwhile.
struct KeptGroup {
  Name name;
  bool by_name;
  Tags tags;
  Group *group = nullptr;  // of the output, as long as nothing was erased there
  uint64_t erasures = 0;
};

class OutGroups {
 public:
  OutGroups(const Node &node, Task &task) : node_(node), task_(task) {}

  // The group with the same id among those of the output.
  Group *same(Group *from) { return from->domain == domain() && !from->erased ? from : mapped(from); }
  // Changes when addresses of groups, such as `from`, may have been given to other groups.
  uint64_t epoch(Group *from) {
    check(from->domain);
    return epoch_;
  }
  // The same, to ask for later.
  const std::shared_ptr<KeptGroup> &keep(Group *from);
  Group *now(KeptGroup &kept);
  Group *find(const Series &series, const Dimensions &dimensions) { return table().find(series, dimensions); }
  Group *find(Name name, bool by_name, const Tags &tags) { return table().find(name, by_name, tags); }

  uint32_t domain() const { return node_.spec().domain; }
  GroupTable &table() { return task_.groups(domain()); }

 private:
  Group *mapped(Group *from);
  void check(uint32_t domain);

  struct Known {
    Group *group = nullptr;
    std::shared_ptr<KeptGroup> kept;
  };
  struct Seen {
    uint32_t domain;
    uint64_t erasures;
  };
  const Node &node_;
  Task &task_;
  FlatMap<Group, Known> known_;  // valid while no table it knows of erased a group
  std::vector<Seen> seen_;
  uint64_t epoch_ = 0;
};

// The dimensions of a group as groupBy would have made it.
Dimensions DimensionsOf(const Group &group);

}  // namespace tick
