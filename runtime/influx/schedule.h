// schedule.h - when a batch query runs: every so often, perhaps aligned, or by a cron expression.
//
// Pure: whoever asks brings the time, so that recordings and tests ask about any.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "runtime/influx/cron.h"

namespace tick {

class Schedule {
 public:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  // An error text where neither or both are given, or the cron expression does not parse.
  static std::string Make(int64_t every, bool align, std::string_view cron, Schedule *out);
  // The first stroke of a task that starts now.
  int64_t first(int64_t now) const;
  // The stroke after the one at `last`. Strokes that passed meanwhile are left out but the latest one: a query that
  // takes long does not make up for what it missed.
  int64_t after(int64_t last, int64_t now) const;
  // The next stroke of a recording's walk through the past.
  int64_t walk(int64_t from) const;

 private:
  int64_t every_ = 0;
  bool align_ = false, by_cron_ = false;
  Cron cron_;
};

}  // namespace tick
