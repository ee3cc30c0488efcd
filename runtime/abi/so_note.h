// so_note.h - the ELF note by which a loader knows a compiled task before it maps it (docs/abi.md).
//
// Section .note.tick, owner "TICK", type 1. What it says must hold for every ABI version, so it is kept even
// when tick_abi.h changes.
#pragma once

#include <cstdint>

namespace tick {

inline constexpr char kNoteOwner[8] = "TICK";  // 5 bytes, padded to 8
inline constexpr uint32_t kNoteType = 1;

struct SoNote {
  uint32_t owner_size = 5, description_size = 12, type = kNoteType;  // as ELF lays them out
  char owner[8] = {'T', 'I', 'C', 'K'};
  uint32_t abi_version;
  uint32_t lowest_level;  // of x86-64, that some code in here needs at least
  uint32_t task_size;     // sizeof(tick_task)
};
static_assert(sizeof(SoNote) == 32);

}  // namespace tick
