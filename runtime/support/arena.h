// arena.h - memory given back all at once: a bump allocator whose blocks are kept for the next round.
//
// Arrays of trivially destructible types only. Pointers are valid until reset() or the arena's end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tick {

class Arena {
 public:
  Arena() = default;
  Arena(Arena &&) = default;
  Arena &operator=(Arena &&) = default;

  void *allocate(size_t bytes, size_t align = 16) {
    size_t at = (used_ + align - 1) & ~(align - 1);
    if (chunk_ < chunks_.size() && at + bytes <= chunks_[chunk_].size) {
      used_ = at + bytes;
      return chunks_[chunk_].data.get() + at;
    }
    return grow(bytes);
  }
  template <class T>
  T *array(size_t n) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T *>(allocate(n * sizeof(T), alignof(T) < 16 ? 16 : alignof(T)));
  }
  std::string_view copy(std::string_view text) {
    char *data = static_cast<char *>(allocate(text.size() + 1, 1));
    if (!text.empty()) std::memcpy(data, text.data(), text.size());
    data[text.size()] = 0;
    return {data, text.size()};
  }
  // Forgets everything allocated; keeps the memory.
  void reset() {
    chunk_ = 0;
    used_ = 0;
  }
  size_t bytes() const {
    size_t total = 0;
    for (const Chunk &chunk : chunks_) total += chunk.size;
    return total;
  }

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    size_t size;
  };
  void *grow(size_t bytes) {
    while (++chunk_ < chunks_.size())
      if (chunks_[chunk_].size >= bytes) {
        used_ = bytes;
        return chunks_[chunk_].data.get();
      }
    size_t size = chunks_.empty() ? 4096 : chunks_.back().size * 2;
    if (size > (1u << 20)) size = 1u << 20;
    if (size < bytes) size = bytes;
    chunks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    chunk_ = chunks_.size() - 1;
    used_ = bytes;
    return chunks_.back().data.get();
  }
  std::vector<Chunk> chunks_;
  size_t chunk_ = 0, used_ = 0;
};

}  // namespace tick
