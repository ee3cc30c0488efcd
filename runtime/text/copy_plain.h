// copy_plain.h - texts in which some bytes are written as something else, sixteen bytes at a time.
#pragma once

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tick {

// Appends `text`. others(bytes) gives a bit for each of sixteen bytes that may stand for something else; write(to, &at,
// end) writes what the character at `at` stands for, at most sixteen bytes, goes behind it and returns how many. Without
// a branch that depends on the text but these two: alerts' texts have an escape every few bytes, each guessed wrong.
template <class Others, class Write>
void AppendReplaced(std::string &out, std::string_view text, Others others, Write write) {
  constexpr size_t kMost = 32;  // bytes that one turn of the loop writes
  char piece[1024];
  size_t n = 0;
  auto make_room = [&] {
    if (n + kMost <= sizeof piece) return;
    out.append(piece, n);
    n = 0;
  };
  const char *at = text.data(), *end = at + text.size();
  while (end - at >= 16) {  // sixteen are copied, those before the first that may be replaced count
    make_room();
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(piece + n), bytes);
    auto kept = static_cast<size_t>(__builtin_ctz(others(bytes) | 1u << 16));
    n += kept;
    at += kept;
    if (kept < 16) n += write(piece + n, &at, end);
  }
  while (at < end) {
    make_room();
    n += write(piece + n, &at, end);
  }
  out.append(piece, n);
}

}  // namespace tick
