// line_protocol_series.cpp - adding to the table of an origin.
#include "runtime/io/line_protocol_series.h"

#include <new>

#include "runtime/data/series_table.h"
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
  bool mine;
  const Series *series = InternSeries(origin_, name, std::move(tags), &mine);
  const MeasurementEntry *of = measurement_locked(name);
  char *memory = static_cast<char *>(::operator new(sizeof(SeriesEntry) + key.size()));
  key.copy(memory + sizeof(SeriesEntry), key.size());
  auto *entry = new (memory) SeriesEntry(series, of, {memory + sizeof(SeriesEntry), key.size()}, hash, mine);
  insert_locked(entry);
  size_.fetch_add(1, std::memory_order_relaxed);
  return entry;
}

void SeriesEntry::Free::operator()(SeriesEntry *entry) const {
  if (entry->owned && !entry->wanted.load(std::memory_order_relaxed)) ReleaseSeries(entry->series);
  entry->~SeriesEntry();
  ::operator delete(static_cast<void *>(entry));
}

OriginTable::~OriginTable() {
  each_entry([](const SeriesEntry &entry) {
    entry.wanted.store(true, std::memory_order_relaxed);  // a test's table goes before its blocks: the series stay
    SeriesEntry::Free()(const_cast<SeriesEntry *>(&entry));
  });
}

size_t OriginTable::retire(uint32_t number, Retired *retired) {
  std::lock_guard lock(mutex_);
  const Slots &old = *all_slots_.back();
  std::vector<const SeriesEntry *> staying;
  size_t before = retired->entries.size();
  for (size_t i = 0; i <= old.mask; ++i) {
    const SeriesEntry *entry = old.at[i].load(std::memory_order_relaxed);
    if (!entry) continue;
    if (static_cast<int32_t>(entry->used.load(std::memory_order_relaxed) - number) < 0)
      retired->entries.emplace_back(const_cast<SeriesEntry *>(entry));
    else
      staying.push_back(entry);
  }
  size_t gone = retired->entries.size() - before;
  if (gone == 0) return 0;
  size_t slots = 64;
  while (slots < 2 * (staying.size() + 1)) slots *= 2;
  auto fresh = std::make_unique<Slots>(slots);
  for (const SeriesEntry *entry : staying) place(*fresh, entry);
  slots_.store(fresh.get(), std::memory_order_release);
  for (auto &outgrown : all_slots_) retired->slots.push_back(std::move(outgrown));
  all_slots_.clear();
  all_slots_.push_back(std::move(fresh));
  size_.store(staying.size(), std::memory_order_relaxed);
  return gone;
}

void OriginTable::place(Slots &in, const SeriesEntry *what) {
  size_t at = what->hash & in.mask;
  while (in.at[at].load(std::memory_order_relaxed)) at = (at + 1) & in.mask;
  in.at[at].store(what, std::memory_order_release);
}

void OriginTable::insert_locked(const SeriesEntry *entry) {
  Slots *slots = all_slots_.back().get();
  if (2 * (size_ + 1) <= slots->mask + 1) return place(*slots, entry);
  all_slots_.push_back(std::make_unique<Slots>(2 * (slots->mask + 1)));
  Slots &larger = *all_slots_.back();
  for (size_t i = 0; i <= slots->mask; ++i)
    if (const SeriesEntry *old = slots->at[i].load(std::memory_order_relaxed)) place(larger, old);
  place(larger, entry);
  slots_.store(&larger, std::memory_order_release);
}

}  // namespace tick
