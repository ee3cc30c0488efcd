// series.h - series: measurement and tags, interned once for all points that carry them.
//
// In: the bytes before a line's first space, with the database and retention policy they were written to.
// Out: one Series a distinct tag set; what the parser and the tasks found out about it hangs on it, so a
// point pays one lookup (docs/architecture.md, "A point's way").
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/value.h"

namespace tick {

struct Tag {
  Name key;
  std::string value;
  bool operator==(const Tag &) const = default;
};
// Sorted by key, bytewise; keys are unique; values may be empty only after `default` or `groupBy`.
using Tags = std::vector<Tag>;

// The value of `key`, or null.
const std::string *FindTag(const Tags &tags, Name key);

// Where points were written to. Interned: equal pairs give equal pointers.
struct Origin {
  std::string database, retention_policy;
};
const Origin *InternOrigin(std::string_view database, std::string_view retention_policy);

struct Series {
  const Origin *origin;
  Name measurement;
  Tags tags;
  uint32_t id;  // dense, unique in the process while the series lives
};

// Interns a series made at run time (eval().tags(), default, delete, join): thread-safe, lives as long as
// the process keeps series. `tags` must be sorted.
const Series *InternSeries(const Origin *origin, Name measurement, Tags tags);
// Series made so far.
size_t SeriesCount();

// `measurement,tag=value` with line protocol's escapes.
std::string SeriesKey(const Series &series);

}  // namespace tick
