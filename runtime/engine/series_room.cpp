// series_room.cpp - series that nobody writes any more make room for new ones.
//
// A flood of tags that is over must not lock out what comes after it. Entries are taken out of the tables at once and
// freed when no writer is under way that may have found one before. Where no task ever got a point of a series, the
// series goes as well; tasks' groups and windows hold the others until the process ends, so their number has a limit too.
#include <algorithm>

#include "runtime/data/series_table.h"
#include "runtime/engine/engine_state.h"
#include "runtime/engine/series_writing.h"

namespace tick {

Engine::State::Writing::Writing(State &state) : state_(state) {
  std::lock_guard lock(state.writing_mutex);
  number_ = ++state.writes;
  state.writing.push_back(number_);
}

Engine::State::Writing::~Writing() {
  std::vector<OriginTable::Retired> free;  // destroyed without the lock
  std::lock_guard lock(state_.writing_mutex);
  auto &writing = state_.writing;
  writing.erase(std::find(writing.begin(), writing.end(), number_));
  auto &retired = state_.retired;
  for (size_t i = 0; i < retired.size();) {
    bool held = std::any_of(writing.begin(), writing.end(), [&](uint32_t number) {
      return static_cast<int32_t>(number - retired[i].first) <= 0;
    });
    if (held) {
      ++i;
      continue;
    }
    free.push_back(std::move(retired[i].second));
    retired.erase(retired.begin() + static_cast<ptrdiff_t>(i));
  }
}

void Engine::State::make_room(uint32_t number) {
  size_t most = options.max_series;
  if (series() < most - most / 8) return;
  std::unique_lock alone(room_mutex, std::try_to_lock);
  if (!alone) return;
  std::shared_lock lock(origins_mutex);
  std::vector<uint32_t> ages;  // requests since an entry was used
  for (const auto &[origin, table] : origins)
    table->each_entry([&](const SeriesEntry &entry) {
      auto age = static_cast<int32_t>(number - entry.used.load(std::memory_order_relaxed));
      ages.push_back(static_cast<uint32_t>(std::max(age, 0)));  // a later request may be faster
    });
  size_t keep = most - std::max<size_t>(most / 4, 1);
  if (ages.size() <= keep) return;
  std::nth_element(ages.begin(), ages.begin() + static_cast<ptrdiff_t>(keep), ages.end());
  if (ages[keep] == 0) return;
  uint32_t before = number - ages[keep] + 1;
  OriginTable::Retired gone;
  size_t n = 0;
  for (const auto &[origin, table] : origins) n += table->retire(before, &gone);
  series_let_go.fetch_add(n, std::memory_order_relaxed);
  {
    std::lock_guard writing_lock(writing_mutex);
    retired.emplace_back(writes, std::move(gone));
  }
  if (n > 0 && !told_of_room.exchange(true))
    services.log({.level = "info", .task = {}, .node = {},
                  .message = "the limit of series is near; those not written for the longest time are let go", .cause = {},
                  .fields = {{"max_series", std::to_string(most)}, {"let_go", std::to_string(n)}}});
}

// How many entries the table may have.
size_t Engine::State::room(const OriginTable &table) const {
  constexpr size_t kMoreLive = 1'000'000;
  size_t most = options.max_series, others = series() - table.size();
  if (LiveSeries() >= 3 * most + kMoreLive) return table.size();
  return most > others ? most - others : 0;
}

}  // namespace tick
