// flat_map.h - a hash map from pointers to small values, for look-ups that a point pays.
//
// Open addressing in one array, at most half full; keys are never null. Entries are not removed one by one:
// `keep_if` sweeps the whole map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tick {

template <class Key, class T>
class FlatMap {
 public:
  // The value of `key`, or null.
  T *find(const Key *key) {
    if (slots_.empty()) return nullptr;
    for (size_t at = hash(key) & mask_;; at = (at + 1) & mask_) {
      Slot &slot = slots_[at];
      if (slot.key == key) return &slot.value;
      if (!slot.key) return nullptr;
    }
  }
  // The value of `key`, made by default where there was none.
  T &operator[](const Key *key) {
    if (T *found = find(key)) return *found;
    if (slots_.size() < 2 * (size_ + 1)) grow(slots_.empty() ? 16 : slots_.size() * 2);
    ++size_;
    Slot &slot = slots_[free_slot(key)];
    slot.key = key;
    return slot.value;
  }
  size_t size() const { return size_; }
  template <class F>
  void each(F &&f) {
    for (Slot &slot : slots_)
      if (slot.key) f(slot.key, slot.value);
  }
  // Keeps the entries for which `keep(key, value)` holds; gives memory back.
  template <class F>
  void keep_if(F &&keep) {
    std::vector<Slot> old = std::move(slots_);
    size_t left = 0;
    for (Slot &slot : old)
      if (slot.key && !keep(slot.key, slot.value)) slot.key = nullptr;
      else if (slot.key) ++left;
    size_t capacity = 16;
    while (capacity < 2 * (left + 1)) capacity *= 2;
    refill(old, capacity);
    size_ = left;
  }
  void clear() {
    slots_.clear();
    size_ = mask_ = 0;
  }

 private:
  struct Slot {
    const Key *key = nullptr;
    T value{};
  };
  static size_t hash(const Key *key) {
    uint64_t x = reinterpret_cast<uintptr_t>(key) * 0x9e3779b97f4a7c15u;
    return static_cast<size_t>(x >> 29);
  }
  size_t free_slot(const Key *key) const {
    size_t at = hash(key) & mask_;
    while (slots_[at].key) at = (at + 1) & mask_;
    return at;
  }
  void grow(size_t capacity) {
    std::vector<Slot> old = std::move(slots_);
    refill(old, capacity);
  }
  void refill(std::vector<Slot> &old, size_t capacity) {
    slots_ = std::vector<Slot>(capacity);
    mask_ = capacity - 1;
    for (Slot &slot : old)
      if (slot.key) slots_[free_slot(slot.key)] = std::move(slot);
  }
  std::vector<Slot> slots_;
  size_t size_ = 0, mask_ = 0;
};

}  // namespace tick
