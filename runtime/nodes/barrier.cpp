// barrier.cpp - `|barrier().idle(d)`, `.period(d)`: tells the nodes below that no older data of a group will come.
//
// In: points or batches, which pass unless they are older than their group's last barrier. Out: the same, and barriers
// by the wall clock: idle after so long without data, of the time the data would have come to; period at every stroke,
// of the time it is. With delete(TRUE) each barrier is followed by the deletion of its group.
#include <algorithm>
#include <list>

#include "runtime/engine/node.h"
#include "runtime/engine/state_archive.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/rows.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

struct Timer {
  Group *group;           // has this node's state, so it stays
  int64_t strikes = 0;    // wall clock
  int64_t last = 0;       // time of the last data taken, or of the barrier after it
  bool begun = false;     // `barrier` is set
  int64_t barrier = 0;
};

struct BarrierState {
  bool listed = false;
  std::list<Timer>::iterator timer;
};
static_assert(sizeof(BarrierState) == StateSizeOf("barrier"));

class BarrierNode final : public Node {
 public:
  BarrierNode(const tick_node &spec, Task &task)
      : Node(spec, task), idle_(int_property("idle", 0)), period_(int_property("period", 0)) {
    if (const tick_property *call = property("delete")) delete_ = call->n_args == 0 || call->args[0].as.b;
  }
  std::string refusal() const {
    if (idle_ != 0 && period_ != 0) return "cannot specify both idle and period";
    if (period_ < 0) return "period must be greater than zero";
    if (period_ == 0 && idle_ <= 0) return "idle must be greater than zero";
    return "";
  }

  void points(const Frame &frame, unsigned) override {
    Frame out = frame;
    out.rows = taken(frame, nullptr);
    emit(out);
  }
  void batch(const Batch &batch, unsigned) override {
    Batch out = batch;
    timer(batch.group, task().services().now());
    out.points.rows = taken(batch.points, batch.group);
    emit(out);
  }
  void barrier(Group *group, int64_t time, unsigned) override {
    int64_t now = task().services().now();
    Timer &of = timer(group, now);
    if (of.begun && time < of.barrier) return;
    of.last = time;
    restart(of, now);
    emit_barrier(group, time);
  }

  int64_t next_tick() const override { return timers_.empty() ? kNever : timers_.front().strikes; }
  void tick(int64_t now) override;
  void stop() override {}

  void init_state(void *at) override { new (at) BarrierState; }
  void drop_state(void *at) override {
    auto *state = static_cast<BarrierState *>(at);
    if (state->listed) timers_.erase(state->timer);
  }
  // The clock begins anew: what came while nobody listened may be on its way.
  bool exchange_state(void *, Group *group, StateArchive &archive) override {
    Timer &of = timer(group, task().services().now());
    archive.number(of.last);
    archive.number(of.begun);
    archive.number(of.barrier);
    return true;
  }
  void adopt(Node &old) override {
    auto *before = dynamic_cast<BarrierNode *>(&old);
    if (!before) return;
    for (Timer &timer : before->timers_)
      timer.group = task().groups(spec().domain).find(timer.group->name, timer.group->by_name, timer.group->tags);
    timers_.splice(timers_.end(), before->timers_);
  }

 private:
  Timer &timer(Group *group, int64_t now) {
    auto &state = state_as<BarrierState>(group);
    if (!state.listed) {
      timers_.push_back({group, now + interval(), 0, false, 0});
      state.timer = std::prev(timers_.end());
      state.listed = true;
    }
    return *state.timer;
  }
  int64_t interval() const { return idle_ ? idle_ : period_; }
  // All wait equally long: the list is in the order they strike.
  void restart(Timer &of, int64_t now) {
    if (!idle_) return;
    of.strikes = now + idle_;
    timers_.splice(timers_.end(), timers_, state_as<BarrierState>(of.group).timer);
  }
  std::span<const uint32_t> taken(const Frame &frame, Group *group);

  int64_t idle_, period_;
  bool delete_ = false;
  std::list<Timer> timers_;
};

std::span<const uint32_t> BarrierNode::taken(const Frame &frame, Group *group) {
  int64_t now = task().services().now();
  Selection kept(task().arena(), frame.rows.size() + 1);
  Group *last = nullptr;
  Timer *of = nullptr;
  for (uint32_t row : frame.rows) {
    Group *row_group = group ? group : frame.groups[row];
    if (row_group != last) {
      last = row_group;
      of = &timer(last, now);
    }
    int64_t time = frame.times[row];
    if (of->begun && time < of->barrier) continue;
    kept.add(row);
    of->last = time;
    if (of->strikes != now + idle_) restart(*of, now);
  }
  return kept.rows();
}

void BarrierNode::tick(int64_t now) {
  while (!timers_.empty() && timers_.front().strikes <= now) {
    Timer &of = timers_.front();
    int64_t time = idle_ ? of.last + idle_ : now;
    of.last = of.barrier = time;
    of.begun = true;
    of.strikes = idle_ ? now + idle_ : std::max(of.strikes + period_, now + 1);
    Group *group = of.group;
    timers_.splice(timers_.end(), timers_, timers_.begin());
    emit_barrier(group, time);
    if (!delete_) continue;
    forget(group);
    emit_delete(group);
  }
}

}  // namespace

NodeResult MakeBarrier(const tick_node &spec, Task &task) {
  auto node = std::make_unique<BarrierNode>(spec, task);
  if (std::string error = node->refusal(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
