// hash.h - a fast hash of bytes for tables inside this process; its values are never stored.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tick {

inline uint64_t MixHash(uint64_t a, uint64_t b) {
  auto product = static_cast<unsigned __int128>(a ^ 0x2d358dccaa6c78a5u) * (b ^ 0x8bb84b93962eacc9u);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t HashBytes(const char *data, size_t size, uint64_t seed = 0x9e3779b97f4a7c15u) {
  auto word = [](const char *at) {
    uint64_t x;
    std::memcpy(&x, at, 8);
    return x;
  };
  uint64_t hash = seed ^ size;
  size_t at = 0;
  for (; at + 16 <= size; at += 16) hash = MixHash(hash ^ word(data + at), word(data + at + 8));
  if (size >= 16) return at == size ? hash : MixHash(hash ^ word(data + size - 16), word(data + size - 8));
  uint64_t a = 0, b = 0;
  if (size >= 8) {
    a = word(data);
    b = word(data + size - 8);
  } else if (size >= 4) {
    uint32_t low, high;
    std::memcpy(&low, data, 4);
    std::memcpy(&high, data + size - 4, 4);
    a = low, b = high;
  } else if (size > 0) {
    a = static_cast<uint8_t>(data[0]) | static_cast<uint64_t>(static_cast<uint8_t>(data[size / 2])) << 8 |
        static_cast<uint64_t>(static_cast<uint8_t>(data[size - 1])) << 16;
  }
  return MixHash(hash ^ a, b ^ 0xa0761d6478bd642fu);
}
inline uint64_t HashBytes(std::string_view text) { return HashBytes(text.data(), text.size()); }

}  // namespace tick
