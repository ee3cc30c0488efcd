// hash.h - the hash behind CodeHash and identities: FNV-1a over fields that say where they end.
#pragma once

#include <cstdint>
#include <string_view>

namespace tick::ir {

// Equal sequences of adds give equal hashes on every machine, so that a .so and a JIT agree.
class Hash {
 public:
  Hash &add(uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) byte(static_cast<uint8_t>(number >> shift));
    return *this;
  }
  Hash &add(std::string_view text) {
    add(text.size());
    for (char c : text) byte(static_cast<uint8_t>(c));
    return *this;
  }
  uint64_t value() const { return value_; }

 private:
  void byte(uint8_t b) { value_ = (value_ ^ b) * 0x100000001b3ull; }
  uint64_t value_ = 0xcbf29ce484222325ull;
};

}  // namespace tick::ir
