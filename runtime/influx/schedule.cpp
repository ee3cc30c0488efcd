// schedule.cpp - strokes of batch queries (nodes.md 4.2).
#include "runtime/influx/schedule.h"

#include <algorithm>

#include "runtime/support/time_round.h"

namespace tick {

std::string Schedule::Make(int64_t every, bool align, std::string_view cron, Schedule *out) {
  *out = {};
  if (every != 0 && !cron.empty()) return "must not set both 'every' and 'cron' properties";
  if (every == 0 && cron.empty()) return "must define one of 'every' or 'cron'";
  if (every < 0) return "'every' duration must must non-negative";
  out->every_ = every;
  out->align_ = align;
  out->by_cron_ = !cron.empty();
  return cron.empty() ? "" : Cron::Parse(cron, &out->cron_);
}

int64_t Schedule::first(int64_t now) const {
  if (by_cron_) return cron_.next(now).value_or(kNever);
  return align_ ? TruncateTime(now, every_) + every_ : now + every_;
}

int64_t Schedule::after(int64_t last, int64_t now) const {
  if (by_cron_) return cron_.next(std::max(last, now)).value_or(kNever);
  int64_t next = last + every_;
  return next >= now ? next : next + (now - next) / every_ * every_;
}

int64_t Schedule::walk(int64_t from) const {
  if (by_cron_) return cron_.next(from).value_or(kNever);
  return align_ ? RoundTime(from + every_, every_) : from + every_;
}

}  // namespace tick
