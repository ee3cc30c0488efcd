// points_out.h - points a node makes, gathered until it emits them as one frame.
#pragma once

#include <vector>

#include "runtime/nodes/point_buffer.h"

namespace tick {

class PointsOut {
 public:
  void add(int64_t time, const Series *series, Group *group) {
    points_.append(time, series);
    groups_.push_back(group);
  }
  // A field of the point added last.
  void set(Name name, const Value &value) { points_.set(name, value); }
  void set_all(const PointBuffer &from, size_t row) { points_.set_all(from, row); }
  void set_null(Name name) { points_.set_null(name); }
  bool empty() const { return points_.empty(); }
  // Valid until the next add or clear.
  Frame frame() {
    Frame frame = points_.frame();
    frame.groups = groups_.data();
    return frame;
  }
  void clear() {
    points_.clear();
    groups_.clear();
  }

 private:
  PointBuffer points_;
  std::vector<Group *> groups_;
};

}  // namespace tick
