// point_tap.h - who listens to all points an engine takes in (recordings of streams).
//
// Called by writers, any number at a time, after the points went to the tasks; must not write points itself.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/data/block.h"

namespace tick {

struct WriteRequest;

class PointTap {
 public:
  virtual ~PointTap() = default;
  // The lines of a request; those that are refused stand among them.
  virtual void lines(const WriteRequest &request, std::string_view body) = 0;
  virtual void point(const Series &series, int64_t time, const Fields &fields) = 0;
};

}  // namespace tick
