// series_writing.h - the time in which a writer may hold entries of series.
#pragma once

#include "runtime/engine/engine_state.h"

namespace tick {

class Engine::State::Writing {
 public:
  explicit Writing(State &state);
  ~Writing();
  Writing(const Writing &) = delete;
  uint32_t number() const { return number_; }

 private:
  State &state_;
  uint32_t number_;
};

}  // namespace tick
