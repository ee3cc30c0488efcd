// inhibitors.cpp - the list of inhibitors.
#include "runtime/alert/inhibitors.h"

#include <algorithm>

namespace tick {

Inhibitors &Inhibitors::Process() {
  static Inhibitors inhibitors;
  return inhibitors;
}

std::shared_ptr<Inhibitor> Inhibitors::add(std::string category, Tags tags) {
  auto made = std::make_shared<Inhibitor>(Inhibitor{std::move(category), std::move(tags), false});
  std::lock_guard lock(mutex_);
  all_.push_back(made);
  return made;
}

void Inhibitors::remove(const std::shared_ptr<Inhibitor> &inhibitor) {
  std::lock_guard lock(mutex_);
  auto at = std::find(all_.begin(), all_.end(), inhibitor);
  if (at == all_.end()) return;
  if (inhibitor->active) active_.fetch_sub(1, std::memory_order_release);
  all_.erase(at);
}

void Inhibitors::set(Inhibitor &inhibitor, bool active) {
  std::lock_guard lock(mutex_);
  if (inhibitor.active == active) return;
  inhibitor.active = active;
  active_.fetch_add(active ? 1 : static_cast<size_t>(-1), std::memory_order_release);
}

bool Inhibitors::silences(std::string_view category, const Tags &tags) const {
  if (active_.load(std::memory_order_acquire) == 0) return false;
  std::lock_guard lock(mutex_);
  return std::any_of(all_.begin(), all_.end(), [&](const std::shared_ptr<Inhibitor> &each) {
    if (!each->active || each->category != category) return false;
    return std::all_of(each->tags.begin(), each->tags.end(), [&](const Tag &tag) {
      const std::string *value = FindTag(tags, tag.key);
      return (value ? std::string_view(*value) : std::string_view()) == tag.value;
    });
  });
}

}  // namespace tick
