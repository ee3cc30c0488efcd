// series_change.h - series a node derives from those it gets: other tags, other name; and the group of the result.
//
// In: a point's series and group, and what changes. Out: the interned series, and the group of its tags in the
// output's domain. What was derived once is remembered; a point pays a look-up.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/data/series.h"
#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/rows.h"

namespace tick {

struct Derived {
  const Series *series = nullptr;
  Group *group = nullptr;
};

// Derivations that depend on the series (and its group) alone.
class SeriesMap {
 public:
  explicit SeriesMap(OutGroups &groups) : groups_(groups) {}
  // make: (const Series &, Group *) -> Derived, called once a series and group.
  template <class Make>
  const Derived &get(const Series *series, Group *group, Make &&make) {
    if (uint64_t epoch = groups_.epoch(); epoch != epoch_) {
      known_.clear();
      epoch_ = epoch;
    }
    Entry &entry = known_[series];
    if (!entry.out.series || entry.group != group) entry = {group, make(*series, group)};
    return entry.out;
  }

 private:
  struct Entry {
    Group *group = nullptr;
    Derived out;
  };
  OutGroups &groups_;
  FlatMap<Series, Entry> known_;
  uint64_t epoch_ = 0;
};

// Lays derived series over a frame, and their groups where its rows are points and no batch's. `make` as SeriesMap::get
// takes it; `changed` is told of each row whose series is another: (const Series &before, const Series &after).
template <class Make, class Changed>
void ChangeSeries(Frame &frame, SeriesMap &map, Arena &arena, bool of_points, Make &&make, Changed &&changed) {
  auto **series = arena.array<const Series *>(RowBound(frame));
  auto **groups = arena.array<Group *>(RowBound(frame));
  for (uint32_t row : frame.rows) {
    const Series *before = frame.series[row];
    const Derived &out = map.get(before, of_points ? frame.groups[row] : nullptr, make);
    series[row] = out.series;
    groups[row] = out.group;
    if (out.series != before) changed(*before, *out.series);
  }
  frame.series = series;
  if (of_points) frame.groups = groups;
}

// Derivations that set tags to values of the point.
class TagWriter {
 public:
  // names: the tags written.
  TagWriter(OutGroups &groups, std::vector<Name> names) : groups_(groups), names_(std::move(names)) {}
  const std::vector<Name> &names() const { return names_; }
  // values: one a name. The group is recomputed from its own dimensions; null where `group` is.
  const Derived &get(const Series *series, Group *group, const std::string_view *values);

 private:
  struct Entry {
    Group *group;
    Derived out;
  };
  OutGroups &groups_;
  std::vector<Name> names_;
  std::unordered_map<std::string, Entry> known_;
  std::string key_;
  uint64_t epoch_ = 0;
};

// Tags with `key` set to `value`.
void SetTag(Tags &tags, Name key, std::string_view value);
// The group a point of `series` belongs to, by the dimensions of the group it was in.
Group *Regroup(OutGroups &groups, const Series &series, Group *group);

}  // namespace tick
