// kept_batch.h - a batch that a node holds back.
#pragma once

#include <memory>

#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/point_buffer.h"

namespace tick {

struct KeptBatch {
  Name name = nullptr;
  std::shared_ptr<KeptGroup> group;
  int64_t tmax = 0;
  PointBuffer points;

  // A copy of a batch: of the fields in `needs`, of all if it is null.
  static std::unique_ptr<KeptBatch> Of(const Batch &batch, OutGroups &groups, const std::vector<Name> *needs) {
    auto kept = std::make_unique<KeptBatch>();
    kept->name = batch.name;
    kept->group = groups.keep(batch.group);
    kept->tmax = batch.tmax;
    if (needs) kept->points.keep_only(*needs);
    for (uint32_t row : batch.points.rows) kept->points.append(batch.points, row);
    return kept;
  }
  void exchange(StateArchive &archive) {
    archive.name(name);
    Exchange(archive, group);
    archive.number(tmax);
    points.exchange(archive);
  }
  Batch batch(OutGroups &groups) { return {name, groups.now(*group), tmax, points.frame()}; }
};

// A batch that may not be there.
inline void Exchange(StateArchive &archive, std::unique_ptr<KeptBatch> &batch) {
  bool there = batch != nullptr;
  archive.number(there);
  if (archive.loading()) batch = there ? std::make_unique<KeptBatch>() : nullptr;
  if (batch) batch->exchange(archive);
}

}  // namespace tick
