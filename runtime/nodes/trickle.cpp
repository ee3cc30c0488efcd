// trickle.cpp - `|trickle()`: the points of batches as points, with the batch's name and group.
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

class TrickleNode final : public Node {
 public:
  TrickleNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task), renamed_(groups_) {}

  void batch(const Batch &batch, unsigned) override {
    const Frame &points = batch.points;
    if (points.rows.empty()) return;
    Arena &arena = task().arena();
    auto **series = arena.array<const Series *>(points.rows.back() + 1);
    auto **groups = arena.array<Group *>(points.rows.back() + 1);
    const Origin *nowhere = InternOrigin("", "");
    Group *group = groups_.same(batch.group);
    for (uint32_t row : points.rows) {
      series[row] = renamed_.get(points.series[row], batch.group, [&](const Series &of, Group *) {
        return Derived{InternSeries(nowhere, batch.name, of.tags), nullptr};
      }).series;
      groups[row] = group;
    }
    Frame out = points;
    out.series = series;
    out.groups = groups;
    emit(out);
  }

  void barrier(Group *group, int64_t time, unsigned) override { emit_barrier(groups_.same(group), time); }
  void delete_group(Group *group, unsigned) override { emit_delete(groups_.same(group)); }

 private:
  OutGroups groups_;
  SeriesMap renamed_;
};

}  // namespace

NodeResult MakeTrickle(const tick_node &spec, Task &task) { return MakeAs<TrickleNode>(spec, task); }

}  // namespace tick
