// routes.cpp - finding and keeping routes.
#include "runtime/engine/routes.h"

#include <algorithm>

namespace tick {

Routes::Routes(uint32_t number, std::vector<Target> targets)
    : targets_(std::move(targets)), pieces_(new std::atomic<std::array<Set, kPiece> *>[kPieces]()) {
  generation = number;
  auto declared = std::make_shared<ReadSet>();
  for (uint32_t i = 0; i < targets_.size(); ++i) {
    const Target &target = targets_[i];
    target.spec->declare(*declared);
    for (const Origin *origin : target.origins)
      for (Name measurement : target.spec->measurements()) {
        Candidates &there = candidates_[{origin, measurement}];
        there.all.push_back(i);
        if (const Tag *tag = target.spec->required(measurement)) there.by_tag[tag->key][tag->value].push_back(i);
        else there.always.push_back(i);
      }
  }
  reads = std::move(declared);
  intern({}, 0);  // route 0: nobody
}

const Routes::Set &Routes::set(uint32_t route) const {
  return (*pieces_[route / kPiece].load(std::memory_order_acquire))[route % kPiece];
}

uint32_t Routes::intern(std::vector<uint32_t> targets, uint32_t second) const {
  std::lock_guard lock(mutex_);
  auto number = static_cast<uint32_t>(known_.size());
  auto [known, added] = known_.try_emplace({targets, second}, number);
  // Past all bounds of what a machine's memory holds; the point then goes where the first route says: nowhere.
  if (number >= kPiece * kPieces) return 0;
  if (!added) return known->second;
  if (number % kPiece == 0) {
    owned_.push_back(std::make_unique<std::array<Set, kPiece>>());
    (*owned_.back())[0] = {std::move(targets), second};
    pieces_[number / kPiece].store(owned_.back().get(), std::memory_order_release);
  } else {
    // Nobody knows this number yet: who reads it got it through an entry's atomic, after this.
    (*owned_.back())[number % kPiece] = {std::move(targets), second};
  }
  return number;
}

void Routes::collect(const Place &place, const Series &series, bool full, std::vector<uint32_t> &out) const {
  auto found = candidates_.find(place);
  if (found == candidates_.end()) return;
  const Candidates &there = found->second;
  auto take = [&](const std::vector<uint32_t> &from) { out.insert(out.end(), from.begin(), from.end()); };
  if (full) return take(there.all);
  take(there.always);
  for (const auto &[key, by_value] : there.by_tag) {
    const std::string *value = FindTag(series.tags, key);
    if (value) {
      if (auto tasks = by_value.find(*value); tasks != by_value.end()) take(tasks->second);
    } else {
      // Without the tag the condition fails, which is for the node to say.
      for (const auto &[unused, tasks] : by_value) take(tasks);
    }
  }
}

uint32_t Routes::find_route(const SeriesEntry &entry, bool full) const {
  const Series &series = *entry.series;
  std::vector<uint32_t> wanting;
  collect({series.origin, series.measurement}, series, full, wanting);
  collect({series.origin, nullptr}, series, full, wanting);
  std::sort(wanting.begin(), wanting.end());
  std::vector<uint32_t> once, twice;
  for (size_t i = 0; i < wanting.size(); ++i) {
    bool again = i > 0 && wanting[i] == wanting[i - 1];
    if (again) {
      if (!once.empty() && once.back() == wanting[i]) twice.push_back(wanting[i]);
    } else if (targets_[wanting[i]].spec->accepts(series, full)) {
      once.push_back(wanting[i]);
    }
  }
  uint32_t second = twice.empty() ? 0 : intern(std::move(twice), 0);
  uint32_t route = once.empty() ? 0 : intern(std::move(once), second);
  if (route != 0) entry.wanted.store(true, std::memory_order_relaxed);
  entry.routes[full].store(uint64_t{generation} << 32 | route, std::memory_order_release);
  return route;
}

}  // namespace tick
