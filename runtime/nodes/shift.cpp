// shift.cpp - `|shift(duration)`: moves the times of points and batches; barriers stay where they are.
#include "runtime/engine/node.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/rows.h"

namespace tick {
namespace {

class ShiftNode final : public Node {
 public:
  ShiftNode(const tick_node &spec, Task &task, int64_t by) : Node(spec, task), by_(by) {}

  void points(const Frame &frame, unsigned) override { emit(shifted(frame)); }
  void skipped(const Frame &frame, unsigned) override {
    if (wants_skipped()) emit_skipped(shifted(frame));
  }
  void batch(const Batch &batch, unsigned) override {
    emit(Batch{batch.name, batch.group, batch.tmax + by_, shifted(batch.points)});
  }

 private:
  Frame shifted(const Frame &frame) {
    auto *times = task().arena().array<int64_t>(RowBound(frame));
    for (uint32_t row : frame.rows) times[row] = frame.times[row] + by_;
    Frame out = frame;
    out.times = times;
    return out;
  }

  int64_t by_;
};

}  // namespace

NodeResult MakeShift(const tick_node &spec, Task &task) {
  if (spec.n_args != 1 || spec.args[0].type != TICK_DURATION || spec.args[0].as.i == 0)
    return {nullptr, "invalid shift value: must be non zero duration"};
  return {std::make_unique<ShiftNode>(spec, task, spec.args[0].as.i), ""};
}

}  // namespace tick
