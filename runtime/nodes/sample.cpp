// sample.cpp - `|sample(n)`, `|sample(duration)`: keeps every n-th point, or those at multiples of a duration.
//
// In 0.2 whole batches are kept or dropped.
#include "runtime/nodes/row_node.h"
#include "runtime/support/time_round.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

struct SampleState {
  int64_t count = 0;
  void exchange(StateArchive &archive) { archive.number(count); }
};
static_assert(sizeof(SampleState) == StateSizeOf("sample"));

class SampleNode final : public RowNodeWith<SampleState> {
 public:
  SampleNode(const tick_node &spec, Task &task, int64_t n, int64_t duration)
      : RowNodeWith(spec, task), n_(n), duration_(duration) {}

  void batch(const Batch &batch, unsigned source) override {
    if (!task().old_dialect()) return RowNode::batch(batch, source);
    if (keep(state_of(batch.group), batch.tmax)) emit(batch);
  }

 private:
  bool keep(SampleState &state, int64_t time) const {
    return duration_ ? SinceMultiple(time, duration_) == 0 : state.count++ % n_ == 0;
  }
  void begin_batch(Group *group) override { state_of(group).count = 0; }
  void pass(Frame &frame, Group *group) override {
    Selection kept(task().arena(), frame.rows.size() + 1);
    for (uint32_t row : frame.rows) kept.add_if(row, keep(state_of(GroupOf(frame, row, group)), frame.times[row]));
    frame.rows = kept.rows();
  }

  int64_t n_, duration_;
};

}  // namespace

NodeResult MakeSample(const tick_node &spec, Task &task) {
  if (spec.n_args != 1 || (spec.args[0].type != TICK_INT && spec.args[0].type != TICK_DURATION))
    return {nullptr, "must pass int64 or duration to new sample node"};
  int64_t rate = spec.args[0].as.i;
  if (rate <= 0) return {nullptr, "invalid sample rate: must be positive integer or duration"};
  bool counts = spec.args[0].type == TICK_INT;
  return {std::make_unique<SampleNode>(spec, task, counts ? rate : 0, counts ? 0 : rate), ""};
}

}  // namespace tick
