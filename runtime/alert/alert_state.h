// alert_state.h - what an alert node remembers of a group: levels, flapping, times (nodes-alert.md 3).
//
// Pure bookkeeping: levels and times in, what to do out. The order of calls for a point or batch is add, then
// triggered where an event results.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "runtime/data/series.h"
#include "runtime/engine/services.h"

namespace tick {

struct Inhibitor;

// The properties of a node the bookkeeping depends on.
struct AlertRules {
  bool flapping = false;
  double low = 0, high = 0;
  uint32_t history = 21;
  bool changes_only = false;
  int64_t max_interval = 0;  // 0: none
  bool no_recoveries = false;
};

struct AlertState {
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::min();

  int64_t first_triggered = kNever, last_triggered = kNever;
  uint32_t index = 0;  // of the newest level in `ring`
  Level level = Level::Ok, previous = Level::Ok;
  bool is_flapping = false, changed = false, expired = false;
  bool begun = false;               // the id was rendered once, remembered state taken over
  std::unique_ptr<uint8_t[]> ring;  // levels, with flapping only
  std::string id;                   // as rendered for `id_series`
  const Series *id_series = nullptr;
  std::vector<std::shared_ptr<Inhibitor>> inhibitors;

  void add(const AlertRules &rules, int64_t time, Level now);
  // An event of this time takes place.
  void triggered(int64_t time);
  int64_t duration() const;
  // Whether the newest level is held back: it flaps, or nothing changed and only changes are sent.
  bool held_back(const AlertRules &rules) const {
    return (rules.flapping && is_flapping) || (rules.changes_only && !changed && !expired);
  }

 private:
  double percent_change(uint32_t n) const;
};

}  // namespace tick
