// out_groups.cpp - finds the domain of a node's output and the groups in it.
#include "runtime/nodes/out_groups.h"

namespace tick {

OutGroups::Known &OutGroups::known(Group *from) {
  if (known_epoch_ != epoch()) {
    known_.clear();
    known_epoch_ = epoch();
  }
  return known_[from];
}

Group *OutGroups::mapped(Group *from) {
  Known &of = known(from);
  if (!of.group) of.group = table().find(from->name, from->by_name, from->tags);
  return of.group;
}

const std::shared_ptr<KeptGroup> &OutGroups::keep(Group *from) {
  Known &of = known(from);
  if (!of.kept) of.kept = std::make_shared<KeptGroup>(KeptGroup{from->name, from->by_name, from->tags, nullptr, 0});
  return of.kept;
}

Group *OutGroups::now(KeptGroup &kept) {
  if (!kept.group || kept.epoch != epoch()) {
    kept.epoch = epoch();
    kept.group = table().find(kept.name, kept.by_name, kept.tags);
  }
  return kept.group;
}

Dimensions DimensionsOf(const Group &group) {
  Dimensions dimensions;
  dimensions.by_name = group.by_name;
  dimensions.names = group.dimensions();
  return dimensions;
}

}  // namespace tick
