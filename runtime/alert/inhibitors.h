// inhibitors.h - alerts that silence alerts of other nodes and tasks while they are not OK.
//
// One a group of an alert node and `inhibit` call. Thread-safe; asking is cheap while none is active.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/data/series.h"

namespace tick {

struct Inhibitor {
  std::string category;
  Tags tags;  // an alert is silenced whose tags have these values; a tag it lacks counts as ""
  bool active = false;
};

class Inhibitors {
 public:
  std::shared_ptr<Inhibitor> add(std::string category, Tags tags);
  void remove(const std::shared_ptr<Inhibitor> &inhibitor);
  void set(Inhibitor &inhibitor, bool active);
  // Whether an active inhibitor silences an event of this category with these tags.
  bool silences(std::string_view category, const Tags &tags) const;

  // Those of this process: inhibition works across tasks.
  static Inhibitors &Process();

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Inhibitor>> all_;
  std::atomic<size_t> active_{0};
};

}  // namespace tick
