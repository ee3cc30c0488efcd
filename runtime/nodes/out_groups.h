// out_groups.h - the groups a node's output belongs to.
//
// A node's domain is that of the groups it hands on. Most get groups of the same domain and pass them on as they
// are; those that begin groups anew (from, groupBy, eval().tags(), default, delete, flatten, combine, join, union,
// stats) find the group of their output here.
#pragma once

#include <memory>

#include "runtime/data/group.h"
#include "runtime/engine/node.h"
#include "runtime/engine/state_archive.h"
#include "runtime/engine/task.h"
#include "runtime/support/flat_map.h"

namespace tick {

// A group of what a node holds back longer than a push: its address may not be kept, groups may be deleted meanwhile.
struct KeptGroup {
  Name name = nullptr;
  bool by_name = false;
  Tags tags;
  Group *group = nullptr;  // of the output, within an epoch
  uint64_t epoch = 0;
};

inline void Exchange(StateArchive &archive, std::shared_ptr<KeptGroup> &group) {
  bool there = group != nullptr;
  archive.number(there);
  if (archive.loading()) group = there ? std::make_shared<KeptGroup>() : nullptr;
  if (!group) return;
  archive.group(group->name, group->by_name, group->tags);
  if (archive.loading() && !group->name) archive.fail();
}

class OutGroups {
 public:
  OutGroups(const Node &node, Task &task) : node_(node), task_(task) {}

  // The group with the same id among those of the output.
  Group *same(Group *from) { return from->domain == domain() && !from->erased ? from : mapped(from); }
  // The same, to ask for later.
  const std::shared_ptr<KeptGroup> &keep(Group *from);
  Group *now(KeptGroup &kept);
  Group *find(const Series &series, const Dimensions &dimensions) { return table().find(series, dimensions); }
  Group *find(Name name, bool by_name, const Tags &tags) { return table().find(name, by_name, tags); }

  uint32_t domain() const { return node_.spec().domain; }
  GroupTable &table() { return task_.groups(domain()); }
  // Changes when addresses of groups may have been given to other groups.
  uint64_t epoch() const { return task_.erasures(); }

 private:
  Group *mapped(Group *from);

  struct Known {
    Group *group = nullptr;
    std::shared_ptr<KeptGroup> kept;
  };
  Known &known(Group *from);

  const Node &node_;
  Task &task_;
  FlatMap<Group, Known> known_;  // valid within an epoch
  uint64_t known_epoch_ = 0;
};

// The dimensions of a group as groupBy would have made it.
Dimensions DimensionsOf(const Group &group);

}  // namespace tick
