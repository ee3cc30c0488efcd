// group.cpp - finding the group of a series.
//
// The id is text and is made once a series and set of dimensions; after that a pointer look-up finds the group.
#include "runtime/data/group.h"

#include <algorithm>
#include <cstring>

namespace tick {

std::vector<Name> Group::dimensions() const {
  std::vector<Name> names;
  for (const Tag &tag : tags) names.push_back(tag.key);
  return names;
}

std::string GroupId(Name name, bool by_name, const Tags &tags, bool old_ids) {
  std::string id;
  if (by_name) id = *name;
  if (by_name && !tags.empty()) id += '\n';
  for (const Tag &tag : tags) {
    id += *tag.key;
    id += '=';
    id += tag.value;
    id += ',';
  }
  if (!tags.empty() && !old_ids) id.pop_back();
  return id;
}

GroupTable::GroupTable(uint32_t domain, size_t record_size, bool old_ids)
    : domain_(domain), record_size_(record_size), old_ids_(old_ids) {}

GroupTable::Lookup GroupTable::lookup(const Dimensions &dimensions) {
  for (const auto &cache : caches_)
    if (cache->dimensions == dimensions) return {this, cache.get()};
  caches_.push_back(std::make_unique<Cache>(Cache{dimensions, {}}));
  return {this, caches_.back().get()};
}

namespace {

Tags DimensionTags(const Series &series, const Dimensions &dimensions) {
  Tags tags;
  if (dimensions.star) {
    for (const Tag &tag : series.tags)
      if (std::find(dimensions.exclude.begin(), dimensions.exclude.end(), tag.key) == dimensions.exclude.end())
        tags.push_back(tag);
    return tags;
  }
  for (Name name : dimensions.names) {
    const std::string *value = FindTag(series.tags, name);
    tags.push_back({name, value ? *value : std::string()});
  }
  return tags;
}

}  // namespace

Group *GroupTable::add(Cache &cache, const Series &series) {
  Group *group = find(series.measurement, cache.dimensions.by_name, DimensionTags(series, cache.dimensions));
  cache.by_series[&series] = group;
  return group;
}

Group *GroupTable::find(Name name, bool by_name, const Tags &tags) {
  return find_id(GroupId(name, by_name, tags, old_ids_), name, by_name, tags);
}

Group *GroupTable::find_id(std::string id, Name name, bool by_name, Tags tags) {
  if (auto it = groups_.find(id); it != groups_.end()) return it->second.get();
  auto group = std::make_unique<Group>(Group{std::move(id), by_name, name, std::move(tags), domain_, nullptr});
  if (record_size_ > 0) {
    group->record.reset(new std::byte[record_size_]);
    std::memset(group->record.get(), 0, record_size_);
  }
  group->position = static_cast<uint32_t>(order_.size());
  order_.push_back(group.get());
  Group *made = group.get();
  groups_.emplace(made->id, std::move(group));
  return made;
}

void GroupTable::erase(Group *group) {
  auto it = groups_.find(group->id);
  if (it == groups_.end() || it->second.get() != group) return;
  group->erased = true;
  group->record.reset();
  order_[group->position] = nullptr;
  erased_.push_back(std::move(it->second));
  groups_.erase(it);
}

void GroupTable::collect() {
  if (erased_.size() < 64 || erased_.size() < groups_.size() / 2) return;
  for (const auto &cache : caches_)
    cache->by_series.keep_if([](const Series *, Group *group) { return !group->erased; });
  erased_.clear();
  std::erase(order_, nullptr);
  for (size_t i = 0; i < order_.size(); ++i) order_[i]->position = static_cast<uint32_t>(i);
}

}  // namespace tick
