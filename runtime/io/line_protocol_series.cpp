// line_protocol_series.cpp - adding to the table of an origin.
#include "runtime/io/line_protocol_series.h"

#include "runtime/io/line_protocol.h"

namespace tick {

OriginTable::OriginTable(const Origin *origin) : origin_(origin) {
  all_slots_.push_back(std::make_unique<Slots>(64));
  slots_.store(all_slots_.back().get(), std::memory_order_release);
}

const MeasurementEntry *OriginTable::measurement(Name name) {
  std::lock_guard lock(mutex_);
  return measurement_locked(name);
}

const MeasurementEntry *OriginTable::measurement_locked(Name name) {
  static std::atomic<uint32_t> next_id{0};
  const MeasurementEntry *&entry = by_name_[name];
  if (!entry) entry = &measurements_.emplace_back(origin_, name, next_id++);
  return entry;
}

const SeriesEntry *OriginTable::add(std::string_view key, uint64_t hash, size_t most) {
  std::lock_guard lock(mutex_);
  if (const SeriesEntry *found = find(key, hash)) return found;
  if (size_ >= most) return nullptr;
  std::string measurement;
  Tags tags;
  ParseKey(key, &measurement, &tags);
  Name name = Intern(measurement);
  const Series *series = InternSeries(origin_, name, std::move(tags));
  SeriesEntry &entry = entries_.emplace_back(series, measurement_locked(name), keys_.copy(key), hash);
  insert_locked(&entry);
  size_.fetch_add(1, std::memory_order_relaxed);
  return &entry;
}

void OriginTable::insert_locked(const SeriesEntry *entry) {
  Slots *slots = all_slots_.back().get();
  auto place = [](Slots &in, const SeriesEntry *what) {
    size_t at = what->hash & in.mask;
    while (in.at[at].load(std::memory_order_relaxed)) at = (at + 1) & in.mask;
    in.at[at].store(what, std::memory_order_release);
  };
  if (2 * (size_ + 1) <= slots->mask + 1) return place(*slots, entry);
  all_slots_.push_back(std::make_unique<Slots>(2 * (slots->mask + 1)));
  Slots &larger = *all_slots_.back();
  for (size_t i = 0; i <= slots->mask; ++i)
    if (const SeriesEntry *old = slots->at[i].load(std::memory_order_relaxed)) place(larger, old);
  place(larger, entry);
  slots_.store(&larger, std::memory_order_release);
}

}  // namespace tick
