// series_change.cpp - deriving series and groups.
#include "runtime/nodes/series_change.h"

#include <algorithm>

namespace tick {

void SetTag(Tags &tags, Name key, std::string_view value) {
  auto at = std::lower_bound(tags.begin(), tags.end(), key,
                             [](const Tag &tag, Name of) { return NameLess(tag.key, of); });
  if (at != tags.end() && at->key == key) at->value = value;
  else tags.insert(at, Tag{key, std::string(value)});
}

Group *Regroup(OutGroups &groups, const Series &series, Group *group) {
  // Usually the group's own tags are untouched, and it stays.
  bool same = !group->by_name || group->name == series.measurement;
  for (const Tag &tag : group->tags) {
    const std::string *value = FindTag(series.tags, tag.key);
    if ((value ? std::string_view(*value) : std::string_view()) != tag.value) same = false;
  }
  return same ? groups.same(group) : groups.find(series, DimensionsOf(*group));
}

const Derived &TagWriter::get(const Series *series, Group *group, const std::string_view *values) {
  if (uint64_t epoch = groups_.epoch(); epoch != epoch_) {
    known_.clear();
    epoch_ = epoch;
  }
  key_.assign(reinterpret_cast<const char *>(&series), sizeof series);
  for (size_t i = 0; i < names_.size(); ++i) {
    uint64_t size = values[i].size();
    key_.append(reinterpret_cast<const char *>(&size), sizeof size);
    key_.append(values[i]);
  }
  auto [it, fresh] = known_.try_emplace(key_);
  Entry &entry = it->second;
  if (fresh) {
    Tags tags = series->tags;
    for (size_t i = 0; i < names_.size(); ++i) SetTag(tags, names_[i], values[i]);
    entry.out.series = InternSeries(series->origin, series->measurement, std::move(tags));
  }
  if (group && (fresh || entry.group != group)) {
    entry.group = group;
    entry.out.group = Regroup(groups_, *entry.out.series, group);
  }
  return entry.out;
}

}  // namespace tick
