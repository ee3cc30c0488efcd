// read_set.h - which fields of which measurements some task reads.
//
// Made when the set of tasks changes, then only read. Each name has a number, the same for all measurements.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runtime/data/value.h"

namespace tick {

class ReadSet {
 public:
  // measurement null: any.
  void add(Name measurement, Name field) {
    if (numbers_.try_emplace(field, static_cast<int>(names_.size())).second) names_.push_back(field);
    fields_[measurement].insert(field);
  }
  // A name that a condition on tags mentions: lines with such a field are not decided by their tags.
  void guard(Name field) { guards_.insert(field); }

  // The number of the field, or -1 where nobody reads it from points of this measurement.
  int column(Name measurement, Name field) const {
    auto number = numbers_.find(field);
    return number != numbers_.end() && (reads(measurement, field) || reads(nullptr, field)) ? number->second : -1;
  }
  // Whether columns made for this set hold the field for all points of the measurement (null: of any).
  bool covers(Name measurement, Name field) const {
    return reads(nullptr, field) || (measurement && reads(measurement, field));
  }
  bool guards(Name field) const { return guards_.contains(field); }
  bool has(Name field) const { return numbers_.contains(field); }
  Name name(size_t column) const { return names_[column]; }
  size_t size() const { return names_.size(); }

 private:
  bool reads(Name measurement, Name field) const {
    auto found = fields_.find(measurement);
    return found != fields_.end() && found->second.contains(field);
  }
  std::vector<Name> names_;
  std::unordered_map<Name, int> numbers_;
  std::unordered_map<Name, std::unordered_set<Name>> fields_;
  std::unordered_set<Name> guards_;
};

}  // namespace tick
