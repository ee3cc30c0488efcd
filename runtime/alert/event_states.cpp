// event_states.cpp - packed records and the table over them.
#include "runtime/alert/event_states.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "runtime/support/hash.h"

namespace tick {
namespace {

constexpr size_t kFirst = 16;
constexpr size_t kRounded = 16;       // room comes in multiples of it, so that texts may grow a little
constexpr size_t kMuch = 256;         // room that is not used is given back from here on

uint32_t HashOf(std::string_view id) { return static_cast<uint32_t>(HashBytes(id) >> 16); }

size_t SizeOf(const EventStates::Texts &texts) { return texts.id.size() + texts.message.size() + texts.details.size(); }

}  // namespace

size_t EventStates::place(std::string_view id, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    const Record *record = slots_[at].record;
    if (!record || (hashes_[at] == hash && record->id() == id)) return at;
  }
}

const EventStates::Record *EventStates::find(std::string_view id) const {
  return slots_.empty() ? nullptr : slots_[place(id, HashOf(id))].record;
}

EventStates::Record *EventStates::make(const Texts &texts, size_t room) {
  void *memory = std::malloc(sizeof(Record) + room);
  if (!memory) throw std::bad_alloc();
  auto *record = new (memory) Record{};
  record->room = static_cast<uint32_t>(room);
  record->id_size = static_cast<uint32_t>(texts.id.size());
  std::memcpy(record->text(), texts.id.data(), texts.id.size());
  return record;
}

EventStates::Record *EventStates::put(const Texts &texts) {
  if (slots_.size() * 4 < (size_ + 1) * 5) grow();
  const uint32_t hash = HashOf(texts.id);
  const size_t at = place(texts.id, hash), needed = SizeOf(texts);
  Record *record = slots_[at].record;
  if (!record || needed > record->room || (record->room > kMuch && needed < record->room / 2)) {
    Record *fresh = make(texts, (needed + kRounded - 1) / kRounded * kRounded);
    if (record) {
      fresh->time = record->time;
      fresh->duration = record->duration;
      fresh->note = record->note;
      fresh->level = record->level;
      std::free(record);
    } else {
      ++size_;
    }
    slots_[at].record = record = fresh;
    hashes_[at] = hash;
  }
  record->message_size = static_cast<uint32_t>(texts.message.size());
  record->details_size = static_cast<uint32_t>(texts.details.size());
  char *to = record->text() + record->id_size;
  std::memcpy(to, texts.message.data(), texts.message.size());
  std::memcpy(to + texts.message.size(), texts.details.data(), texts.details.size());
  return record;
}

void EventStates::grow() {
  std::vector<Slot> old_slots = std::move(slots_);
  std::vector<uint32_t> old_hashes = std::move(hashes_);
  const size_t capacity = old_slots.empty() ? kFirst : old_slots.size() * 2, mask = capacity - 1;
  slots_.assign(capacity, {});
  hashes_.assign(capacity, 0);
  for (size_t i = 0; i < old_slots.size(); ++i) {
    if (!old_slots[i].record) continue;
    size_t at = old_hashes[i] & mask;
    while (slots_[at].record) at = (at + 1) & mask;
    slots_[at] = old_slots[i];
    hashes_[at] = old_hashes[i];
  }
}

void EventStates::clear() {
  for (Slot &slot : slots_) std::free(slot.record);
  slots_.clear();
  hashes_.clear();
  size_ = 0;
}

}  // namespace tick
