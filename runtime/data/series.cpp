// series.cpp - the table of all series of the process.
//
// Sharded open-addressing tables of pointers; a series stays where it is until the process ends, so that
// points, groups and caches may hold its address.
#include "runtime/data/series_table.h"

#include <array>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "runtime/support/hash.h"

namespace tick {
namespace {

uint64_t HashSeries(const Origin *origin, Name measurement, const Tags &tags) {
  uint64_t hash = MixHash(reinterpret_cast<uintptr_t>(origin), reinterpret_cast<uintptr_t>(measurement));
  for (const Tag &tag : tags)
    hash = HashBytes(tag.value.data(), tag.value.size(), MixHash(hash, reinterpret_cast<uintptr_t>(tag.key)));
  return hash;
}

struct Shard {
  struct Slot {
    const Series *series = nullptr;
    uint32_t hash = 0;
    mutable uint32_t shared = 0;  // asked for a second time; set under the shared lock
  };
  std::shared_mutex mutex;
  std::vector<Slot> slots = std::vector<Slot>(16);
  size_t used = 0;

  // Of a series that is asked for again, which from then on has more users than one.
  const Series *find(uint64_t hash, const Origin *origin, Name measurement, const Tags &tags) const {
    size_t mask = slots.size() - 1;
    for (size_t at = hash & mask; slots[at].series; at = (at + 1) & mask) {
      const Series &series = *slots[at].series;
      if (slots[at].hash == static_cast<uint32_t>(hash) && series.origin == origin &&
          series.measurement == measurement && series.tags == tags) {
        std::atomic_ref(slots[at].shared).store(1, std::memory_order_relaxed);
        return &series;
      }
    }
    return nullptr;
  }
  // Takes a series out that has one user; those behind it move up to where they are looked for.
  bool remove(uint64_t hash, const Series *series) {
    size_t mask = slots.size() - 1, at = hash & mask;
    while (slots[at].series && slots[at].series != series) at = (at + 1) & mask;
    if (!slots[at].series || slots[at].shared) return false;
    for (size_t next = (at + 1) & mask; slots[next].series; next = (next + 1) & mask) {
      size_t home = slots[next].hash & mask;
      if (((next - home) & mask) < ((next - at) & mask)) continue;
      slots[at] = slots[next];
      at = next;
    }
    slots[at] = {};
    --used;
    return true;
  }
  void insert(uint64_t hash, const Series *series) {
    if (slots.size() < 2 * (used + 1)) {
      std::vector<Slot> old(slots.size() * 2);
      old.swap(slots);
      // The low 32 bits place a slot: tables stay below 2^32 slots.
      for (const Slot &slot : old)
        if (slot.series) place(slot);
    }
    place({series, static_cast<uint32_t>(hash), 0});
    ++used;
  }
  void place(const Slot &slot) {
    size_t mask = slots.size() - 1, at = slot.hash & mask;
    while (slots[at].series) at = (at + 1) & mask;
    slots[at] = slot;
  }
};

struct Table {
  std::array<Shard, 16> shards;
  std::atomic<uint32_t> next_id{0};
  std::atomic<size_t> live{0};
};
Table &SeriesTable() {
  static auto *table = new Table;  // never destroyed: pointers to series live in all threads
  return *table;
}

}  // namespace

const std::string *FindTag(const Tags &tags, Name key) {
  for (const Tag &tag : tags)
    if (tag.key == key) return &tag.value;
  return nullptr;
}

const Origin *InternOrigin(std::string_view database, std::string_view retention_policy) {
  static auto *mutex = new std::mutex;
  static auto *origins = new std::unordered_map<std::string, std::unique_ptr<Origin>>;
  std::string key(database);
  key += '\0';
  key += retention_policy;
  std::lock_guard lock(*mutex);
  auto &origin = (*origins)[key];
  if (!origin) origin.reset(new Origin{std::string(database), std::string(retention_policy)});
  return origin.get();
}

const Series *InternSeries(const Origin *origin, Name measurement, Tags tags, bool *mine) {
  Table &table = SeriesTable();
  uint64_t hash = HashSeries(origin, measurement, tags);
  Shard &shard = table.shards[hash >> 60];
  *mine = false;
  {
    std::shared_lock lock(shard.mutex);
    if (const Series *found = shard.find(hash, origin, measurement, tags)) return found;
  }
  std::unique_lock lock(shard.mutex);
  if (const Series *found = shard.find(hash, origin, measurement, tags)) return found;
  for (const Tag &tag : tags) MarkTagKey(tag.key);
  auto *series = new Series{origin, measurement, std::move(tags), table.next_id++};
  series->tags.shrink_to_fit();
  shard.insert(hash, series);
  table.live.fetch_add(1, std::memory_order_relaxed);
  *mine = true;
  return series;
}

const Series *InternSeries(const Origin *origin, Name measurement, Tags tags) {
  bool mine;
  const Series *series = InternSeries(origin, measurement, std::move(tags), &mine);
  if (!mine) return series;
  // Nobody who gives it back: as if it had been asked for twice.
  return InternSeries(origin, measurement, series->tags, &mine);
}

bool ReleaseSeries(const Series *series) {
  Table &table = SeriesTable();
  uint64_t hash = HashSeries(series->origin, series->measurement, series->tags);
  Shard &shard = table.shards[hash >> 60];
  std::unique_lock lock(shard.mutex);
  if (!shard.remove(hash, series)) return false;
  table.live.fetch_sub(1, std::memory_order_relaxed);
  delete series;
  return true;
}

size_t LiveSeries() { return SeriesTable().live.load(std::memory_order_relaxed); }

size_t SeriesCount() { return SeriesTable().next_id.load(std::memory_order_relaxed); }

namespace {
void AppendEscaped(std::string &out, std::string_view text, std::string_view escaped) {
  for (char c : text) {
    if (escaped.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}
}  // namespace

std::string SeriesKey(const Series &series) {
  std::string key;
  AppendEscaped(key, *series.measurement, ", ");
  for (const Tag &tag : series.tags) {
    if (tag.value.empty()) continue;
    key += ',';
    AppendEscaped(key, *tag.key, ",= ");
    key += '=';
    AppendEscaped(key, tag.value, ",= ");
  }
  return key;
}

}  // namespace tick
