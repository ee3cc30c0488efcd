// name.cpp - interned names: one string a distinct text, for the life of the process.
//
// Sharded so that the parsers of several requests seldom wait for each other. Behind each string stands
// whether some series ever used it as a tag key, which lets a lambda skip the look for a tag of a field's name.
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "runtime/data/value.h"
#include "runtime/support/hash.h"

namespace tick {
namespace {

struct Interned {
  explicit Interned(std::string_view text) : text(text) {}
  const std::string text;  // first: a Name points here
  std::atomic<bool> tag_key{false};
};

struct Hash {
  size_t operator()(std::string_view text) const { return HashBytes(text); }
};
struct Shard {
  std::shared_mutex mutex;
  std::unordered_map<std::string_view, std::unique_ptr<Interned>, Hash> names;
};

Shard &ShardOf(std::string_view text) {
  // Never destroyed: names are used by threads and statics that may outlive main.
  static auto *shards = new std::array<Shard, 16>;
  return (*shards)[HashBytes(text) >> 60];
}

}  // namespace

Name Intern(std::string_view text) {
  if (Name found = FindName(text)) return found;
  Shard &shard = ShardOf(text);
  std::unique_lock lock(shard.mutex);
  if (auto it = shard.names.find(text); it != shard.names.end()) return &it->second->text;
  auto interned = std::make_unique<Interned>(text);
  Name name = &interned->text;
  shard.names.emplace(*name, std::move(interned));
  return name;
}

Name FindName(std::string_view text) {
  Shard &shard = ShardOf(text);
  std::shared_lock lock(shard.mutex);
  auto it = shard.names.find(text);
  return it == shard.names.end() ? nullptr : &it->second->text;
}

void MarkTagKey(Name name) {
  auto *interned = reinterpret_cast<Interned *>(const_cast<std::string *>(name));
  if (!interned->tag_key.load(std::memory_order_relaxed)) interned->tag_key.store(true, std::memory_order_release);
}

bool MayBeTag(Name name) {
  return reinterpret_cast<const Interned *>(name)->tag_key.load(std::memory_order_acquire);
}

}  // namespace tick
