// ids.cpp - ids of definitions, and the clock they are dated by.
#include <chrono>

#include "runtime/daemon/tasks.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

// Unicode letters, by what case mapping and printing know of them: ASCII exactly, others if they print and are
// no space, digit or punctuation of Latin-1.
bool IsIdLetter(char32_t rune) {
  if (rune < 0x80) return (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
  if (rune < 0xC0) return rune == 0xAA || rune == 0xB5 || rune == 0xBA;
  return rune != 0xD7 && rune != 0xF7 && rune != kRuneError && !(rune >= 0x2000 && rune <= 0x2BFF) && IsPrintRune(rune);
}

}  // namespace

bool ValidId(std::string_view id) {
  if (id.empty()) return false;
  while (!id.empty()) {
    Rune rune = DecodeRune(id);
    id.remove_prefix(rune.width);
    char32_t c = rune.value;
    if (c != '-' && c != '.' && c != '_' && !(c >= '0' && c <= '9') && !IsIdLetter(c)) return false;
  }
  return true;
}

int64_t WallClock() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace tick
