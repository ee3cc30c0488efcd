// out_groups.cpp - finds the domain of a node's output and the groups in it.
#include "runtime/nodes/out_groups.h"

namespace tick {

void OutGroups::check(uint32_t domain) {
  uint64_t erasures = task_.groups(domain).erasures();
  for (Seen &seen : seen_) {
    if (seen.domain != domain) continue;
    if (seen.erasures == erasures) return;
    seen.erasures = erasures;
    known_.clear();
    ++epoch_;
    return;
  }
  seen_.push_back({domain, erasures});
}

Group *OutGroups::mapped(Group *from) {
  check(from->domain);
  check(domain());
  Known &known = known_[from];
  if (!known.group) known.group = table().find(from->name, from->by_name, from->tags);
  return known.group;
}

const std::shared_ptr<KeptGroup> &OutGroups::keep(Group *from) {
  check(from->domain);
  check(domain());
  Known &known = known_[from];
  if (!known.kept)
    known.kept = std::make_shared<KeptGroup>(KeptGroup{from->name, from->by_name, from->tags, nullptr, 0});
  return known.kept;
}

Group *OutGroups::now(KeptGroup &kept) {
  if (!kept.group || kept.erasures != table().erasures()) {
    kept.erasures = table().erasures();
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
