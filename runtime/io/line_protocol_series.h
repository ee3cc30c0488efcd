// line_protocol_series.h - from the bytes of a line's key to its series.
//
// One table for each database and retention policy. Its readers take no lock: a parser hashes the key as written and
// compares bytes. The same series may be written with its tags in several orders; each way is an entry. Entries that were
// not used for the longest time can be taken out; whoever does frees them once no parser can hold one any more.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/data/series.h"
#include "runtime/support/hash.h"

namespace tick {

// A measurement of one database and retention policy.
struct MeasurementEntry {
  const Origin *origin;
  Name name;
  uint32_t id;  // dense in the process
  mutable std::atomic<int64_t> points{0};  // taken in, whether a task wanted them or not
};

struct SeriesEntry {
  SeriesEntry(const Series *series, const MeasurementEntry *measurement, std::string_view key, uint64_t hash, bool owned)
      : series(series), measurement(measurement), key(key), hash(hash), owned(owned) {}
  const Series *series;
  const MeasurementEntry *measurement;
  std::string_view key;  // behind the entry, in its memory
  uint64_t hash;
  // Which tasks take its points, as the router found: generation in the upper half, a route in the lower. [1] is for
  // lines with a field that is named like one of its tags may be: there nothing is decided by tags.
  mutable std::atomic<uint64_t> routes[2] = {};
  mutable std::atomic<uint32_t> used{0};        // number of the last request with it
  mutable std::atomic<bool> wanted{false};      // a task got points of it: its series stays
  const bool owned;                             // the series was made for this entry

  void use(uint32_t number) const {
    if (used.load(std::memory_order_relaxed) != number) used.store(number, std::memory_order_relaxed);
  }
  struct Free {
    void operator()(SeriesEntry *entry) const;
  };
};

class OriginTable {
 public:
  explicit OriginTable(const Origin *origin);
  const Origin *origin() const { return origin_; }

  // The entry of a key, or null.
  const SeriesEntry *find(std::string_view key, uint64_t hash) const {
    const Slots *slots = slots_.load(std::memory_order_acquire);
    for (size_t at = hash & slots->mask;; at = (at + 1) & slots->mask) {
      const SeriesEntry *entry = slots->at[at].load(std::memory_order_acquire);
      if (!entry) return nullptr;
      if (entry->hash == hash && entry->key == key) return entry;
    }
  }
  // The entry of a good key, made if new; null where `most` entries are there already.
  const SeriesEntry *add(std::string_view key, uint64_t hash, size_t most);
  // What was taken out: to be freed when no parser is under way that was so then.
  struct Retired;
  // Takes out the entries that were used last before request `number`; adds to `retired`. Returns how many.
  size_t retire(uint32_t number, Retired *retired);
  template <class F>
  void each_entry(F &&f) const {
    std::lock_guard lock(mutex_);
    const Slots &slots = *all_slots_.back();
    for (size_t i = 0; i <= slots.mask; ++i)
      if (const SeriesEntry *entry = slots.at[i].load(std::memory_order_relaxed)) f(*entry);
  }
  ~OriginTable();
  // The measurement; made if new.
  const MeasurementEntry *measurement(Name name);
  template <class F>
  void each_measurement(F &&f) const {
    std::lock_guard lock(mutex_);
    for (const MeasurementEntry &entry : measurements_) f(entry);
  }
  size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  struct Slots {
    explicit Slots(size_t n) : mask(n - 1), at(new std::atomic<const SeriesEntry *>[n]()) {}
    size_t mask;
    std::unique_ptr<std::atomic<const SeriesEntry *>[]> at;
  };
  const MeasurementEntry *measurement_locked(Name name);
  void insert_locked(const SeriesEntry *entry);
  static void place(Slots &in, const SeriesEntry *what);

  const Origin *origin_;
  std::atomic<const Slots *> slots_;
  std::atomic<size_t> size_{0};
  mutable std::mutex mutex_;  // of writers
  // Outgrown arrays stay: a parser may still be reading one. Together they are no larger than the last.
  std::vector<std::unique_ptr<Slots>> all_slots_;
  std::deque<MeasurementEntry> measurements_;
  std::unordered_map<Name, const MeasurementEntry *> by_name_;
};

// Frees the entries, and the series that nobody else has and no task ever got.
struct OriginTable::Retired {
  std::vector<std::unique_ptr<SeriesEntry, SeriesEntry::Free>> entries;
  std::vector<std::unique_ptr<Slots>> slots;
};

inline uint64_t HashKey(std::string_view key) { return HashBytes(key.data(), key.size()); }

}  // namespace tick
