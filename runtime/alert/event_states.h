// event_states.h - the last event of each id of a topic, packed: there may be millions.
//
// One piece of memory an id, with its texts behind the numbers, and a table that finds it by a hash. A record that is
// put again keeps its memory where the texts fit: in steady state nothing is allocated.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/engine/services.h"

namespace tick {

// Of a TopicStore: where it noted a state last, so that it finds the note again without a search.
struct NotePlace {
  uint64_t round = 0;
  uint32_t at = 0;
};

class EventStates {
 public:
  struct Record {
    int64_t time, duration;
    NotePlace note;
    uint32_t id_size, message_size, details_size;
    uint32_t room;         // bytes behind this
    Level level;
    bool details_kept;     // false: they are where the store has them
    std::string_view id() const { return {text(), id_size}; }
    std::string_view message() const { return {text() + id_size, message_size}; }
    std::string_view details() const { return {text() + id_size + message_size, details_size}; }

   private:
    friend class EventStates;
    const char *text() const { return reinterpret_cast<const char *>(this + 1); }
    char *text() { return reinterpret_cast<char *>(this + 1); }
  };
  struct Texts {
    std::string_view id, message, details;
  };

  EventStates() = default;
  ~EventStates() { clear(); }
  EventStates(const EventStates &) = delete;
  EventStates &operator=(const EventStates &) = delete;

  const Record *find(std::string_view id) const;
  // The record of the id with these texts, made or changed; the numbers of a fresh one are zero. The pointer holds
  // until the next put of the id.
  Record *put(const Texts &texts);
  void clear();
  size_t size() const { return size_; }
  template <class F>
  void each(F &&f) const {
    for (const Slot &slot : slots_)
      if (slot.record) f(*slot.record);
  }

 private:
  struct Slot {
    Record *record = nullptr;
  };
  size_t place(std::string_view id, uint32_t hash) const;  // of the id, or the free one where it goes
  void grow();
  static Record *make(const Texts &texts, size_t room);

  std::vector<Slot> slots_;        // a power of two, at most four fifths full
  std::vector<uint32_t> hashes_;   // beside them: most records that are not the wanted one are not touched
  size_t size_ = 0;
};

}  // namespace tick
