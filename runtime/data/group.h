// group.h - groups of a task and the records that hold their state.
//
// A Group is one combination of dimension values (and, with groupByMeasurement, the name) as nodes of one
// domain see it. Its record has, for each node of the domain, the node's state at the offset the compiler
// chose (tick_node.state_offset), behind a byte a node (by index in the task) that says whether that state was
// begun. A group stays where it is until its table erases it, which happens only between two pushes.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/data/series.h"
#include "runtime/support/flat_map.h"

namespace tick {

struct Dimensions {
  bool by_name = false;
  bool star = false;          // `*`: all tags of each point but `exclude`
  std::vector<Name> names;    // sorted
  std::vector<Name> exclude;
  bool operator==(const Dimensions &) const = default;
};

struct Group {
  std::string id;             // nodes.md 1.2, in the task's dialect; "" for the group of no dimensions
  bool by_name;
  Name name;                  // measurement of its first point
  Tags tags;                  // the dimensions' tags; a dimension the point lacks has the value ""
  uint32_t domain;
  std::unique_ptr<std::byte[]> record;
  uint32_t position = 0;      // in its table
  bool erased = false;        // no longer in its table
  std::vector<Name> dimensions() const;
};

// The groups of one domain of a task. One thread.
class GroupTable {
  // Groups of one set of dimensions by series, so that a known series costs no string.
  struct Cache {
    Dimensions dimensions;
    FlatMap<Series, Group *> by_series;
  };

 public:
  // record_size: bytes of a group's record; old_ids: 0.2's ids with their trailing comma.
  GroupTable(uint32_t domain, size_t record_size, bool old_ids);
  // Finds groups of series under one set of dimensions; valid as long as the table.
  class Lookup {
   public:
    Group *find(const Series &series) {
      Group **known = cache_->by_series.find(&series);
      return known && !(*known)->erased ? *known : table_->add(*cache_, series);
    }

   private:
    friend class GroupTable;
    Lookup(GroupTable *table, Cache *cache) : table_(table), cache_(cache) {}
    GroupTable *table_;
    Cache *cache_;
  };
  Lookup lookup(const Dimensions &dimensions);
  // The group of a point of this series under these dimensions; made if new.
  Group *find(const Series &series, const Dimensions &dimensions) { return lookup(dimensions).find(series); }
  // The group with these tags (all of them dimensions), made if new.
  Group *find(Name name, bool by_name, const Tags &tags);
  // Removes it; its state was dropped before. The Group itself is freed later, by collect().
  void erase(Group *group);
  // Frees erased groups, when it is worth a walk over the caches that may point at them.
  void collect();
  size_t size() const { return groups_.size(); }
  // In the order they were made. `f` may erase the group it is given, and make others (they are not visited).
  template <class F>
  void each(F &&f) {
    for (size_t i = 0, n = order_.size(); i < n; ++i)
      if (Group *group = order_[i]) f(*group);
  }

 private:
  Group *add(Cache &cache, const Series &series);
  Group *find_id(std::string id, Name name, bool by_name, Tags tags);

  uint32_t domain_;
  size_t record_size_;
  bool old_ids_;
  std::unordered_map<std::string_view, std::unique_ptr<Group>> groups_;  // keys are the groups' ids
  std::vector<Group *> order_;
  std::vector<std::unique_ptr<Cache>> caches_;
  std::vector<std::unique_ptr<Group>> erased_;
};

// The id of a group (nodes.md 1.2).
std::string GroupId(Name name, bool by_name, const Tags &tags, bool old_ids);

}  // namespace tick
