// state_node.cpp - `|stateCount(lambda)`, `|stateDuration(lambda)`: for how many points, or how long, a condition
// has been TRUE.
//
// In: points, or batches, each of which begins anew (the lambda's own state does not). Out: the same points with a
// field laid over: -1 while the condition is FALSE. A point it fails on is dropped and changes nothing.
#include <bit>

#include "runtime/data/column_builder.h"
#include "runtime/nodes/row_node.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

constexpr std::string_view kFailed = "error while evaluating expression";

struct TrueSince {
  int64_t count = 0;  // points in a row
  int64_t start = 0;  // time of the first of them
  void exchange(StateArchive &archive) {
    archive.number(count);
    archive.number(start);
  }
};
static_assert(sizeof(TrueSince) == StateSizeOf("stateCount") && sizeof(TrueSince) == StateSizeOf("stateDuration"));

class StateNode : public RowNodeWith<TrueSince> {
 public:
  StateNode(const tick_node &spec, Task &task, bool counts)
      : RowNodeWith(spec, task),
        counts_(counts),
        as_(Intern(string_property("as", counts ? "state_count" : "state_duration"))),
        unit_(int_property("unit", 1'000'000'000)) {}

 private:
  void begin_batch(Group *group) override { state_of(group) = {}; }

  // Ints of counts, or the bits of durations: 8 bytes a row either way.
  int64_t step(TrueSince &state, bool holds, int64_t time) const {
    if (!holds) state.count = 0;
    else if (state.count++ == 0) state.start = time;
    if (counts_) return holds ? state.count : -1;
    double duration = holds ? static_cast<double>(time - state.start) / static_cast<double>(unit_) : -1;
    return std::bit_cast<int64_t>(duration);
  }

  void pass(Frame &frame, Group *group) override {
    if (frame.rows.empty()) return;
    LambdaResult result = run(0, frame, group);
    Selection kept(task().arena(), frame.rows.size() + 1);
    auto *values = task().arena().array<int64_t>(RowBound(frame));
    for (uint32_t row : frame.rows) {
      if (result.failed(row)) {
        report(0, frame, row, group, kFailed);
      } else if (Type type = result.values.type_at(row); type != Type::Bool) {
        report(frame, row, kFailed, lambda(0).not_boolean(type));
      } else {
        values[row] = step(state_of(GroupOf(frame, row, group)), result.values.bools[row], frame.times[row]);
        kept.add(row);
      }
    }
    frame.rows = kept.rows();
    over_.base = frame.overlay;
    over_.columns.assign(1, {as_, UniformColumn(counts_ ? Type::Int : Type::Float, values)});
    frame.overlay = &over_;
  }

  bool counts_;
  Name as_;
  int64_t unit_;
  Overlay over_;
};

}  // namespace

NodeResult MakeStateCount(const tick_node &spec, Task &task) {
  return {std::make_unique<StateNode>(spec, task, true), ""};
}
NodeResult MakeStateDuration(const tick_node &spec, Task &task) {
  return {std::make_unique<StateNode>(spec, task, false), ""};
}

}  // namespace tick
