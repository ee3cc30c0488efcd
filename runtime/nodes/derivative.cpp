// derivative.cpp - `|derivative('field')`: rate of change from one point of a group to the next.
//
// In: points, or batches, each of which begins anew. Out: each point but the first with the rate laid over it. In 0.2
// (nodes.md 30.3) the point that leaves is the one before, and nothing is checked.
#include <algorithm>

#include "runtime/data/column_builder.h"
#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/row_node.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

constexpr std::string_view kFailed = "cannot perform derivative";

struct DerivativeState {
  bool any = false;
  double value = 0;
  int64_t time = 0;
  std::unique_ptr<PointBuffer> point;  // 0.2: the whole point before
  void exchange(StateArchive &archive) {
    archive.number(any);
    archive.number(value);
    archive.number(time);
    Exchange(archive, point, [] { return std::make_unique<PointBuffer>(); });
  }
};
static_assert(sizeof(DerivativeState) == StateSizeOf("derivative"));

class DerivativeNode final : public RowNodeWith<DerivativeState> {
 public:
  DerivativeNode(const tick_node &spec, Task &task, Name field)
      : RowNodeWith(spec, task),
        field_(field),
        as_(Intern(string_property("as", *field))),
        unit_(int_property("unit", 1'000'000'000)),
        non_negative_(flag("nonNegative")),
        groups_(*this, task) {
    for (uint32_t i = 0; i < spec.n_needs; ++i)
      if (Name need = Intern(spec.needs[i]); need != field_) needs_.push_back(need);
    needs_.push_back(field_);
    std::sort(needs_.begin(), needs_.end(), NameLess);
  }

  void points(const Frame &frame, unsigned source) override {
    if (!task().old_dialect()) return RowNode::points(frame, source);
    for (uint32_t row : frame.rows) old_point(frame, row, frame.groups[row]);
    if (!out_.empty()) emit(out_.frame());
    out_.clear();
  }
  void batch(const Batch &batch, unsigned source) override {
    if (!task().old_dialect()) return RowNode::batch(batch, source);
    state_of(batch.group).any = false;
    for (uint32_t row : batch.points.rows) old_point(batch.points, row, batch.group);
    emit(Batch{batch.name, groups_.same(batch.group), batch.tmax, out_.frame()});
    out_.clear();
  }

 private:
  static bool Number(const Value &value, double *out) {
    if (TypeOf(value) == Type::Float) *out = value.as.f;
    else if (TypeOf(value) == Type::Int) *out = static_cast<double>(value.as.i);
    else return false;
    return true;
  }
  double rate(const DerivativeState &before, double value, int64_t time) const {
    double elapsed = static_cast<double>(time - before.time) / static_cast<double>(unit_);
    return (value - before.value) / elapsed;
  }

  void begin_batch(Group *group) override { state_of(group).any = false; }
  void pass(Frame &frame, Group *group) override;
  bool step(DerivativeState &state, const Frame &frame, uint32_t row, const Value &value, double *out);
  void old_point(const Frame &frame, uint32_t row, Group *group);

  Name field_, as_;
  int64_t unit_;
  bool non_negative_;
  OutGroups groups_;
  std::vector<Name> needs_;
  Overlay over_;
  PointsOut out_;
  Fields fields_;
};

// Whether the point leaves, and with which rate.
bool DerivativeNode::step(DerivativeState &state, const Frame &frame, uint32_t row, const Value &value, double *out) {
  double now;
  if (!Number(value, &now)) {
    report(frame, row, kFailed, "field is the wrong type");
    return false;
  }
  DerivativeState before{state.any, state.value, state.time, nullptr};
  state.any = true;
  state.value = now;
  state.time = frame.times[row];
  if (!before.any) return false;
  if (state.time == before.time) {
    report(frame, row, kFailed, "elaspsed time was 0");
    return false;
  }
  *out = rate(before, now, state.time);
  // A late point's rate may be negative though the value rose; Kapacitor looks at the value alone and lets it out.
  return !(non_negative_ && (now - before.value < 0 || *out < 0));
}

void DerivativeNode::pass(Frame &frame, Group *group) {
  Column column = frame.column(field_);
  Selection kept(task().arena(), frame.rows.size() + 1);
  auto *rates = task().arena().array<double>(RowBound(frame));
  for (uint32_t row : frame.rows)
    kept.add_if(row, step(state_of(GroupOf(frame, row, group)), frame, row, column.at(row), &rates[row]));
  frame.rows = kept.rows();
  over_.base = frame.overlay;
  over_.columns.assign(1, {as_, UniformColumn(Type::Float, rates)});
  frame.overlay = &over_;
}

void DerivativeNode::old_point(const Frame &frame, uint32_t row, Group *group) {
  DerivativeState &state = state_of(group);
  double now = 0;
  Value value = frame.column(field_).at(row);
  bool good = Number(value, &now);
  if (state.any) {
    double before;
    if (!good || !Number(state.point->value(state.point->first(), field_), &before)) {
      report(frame, row, kFailed, "cannot apply derivative to type " + std::string(GoTypeName(TypeOf(value))));
    } else if (!non_negative_ || now - before >= 0) {
      size_t first = state.point->first();
      out_.add(state.time, state.point->series[first], groups_.same(group));
      Frame kept = state.point->frame();
      kept.fields(static_cast<uint32_t>(first), fields_);
      for (const Field &field : fields_) out_.set(field.name, field.value);
      out_.set(as_, MakeFloat(rate(state, now, frame.times[row])));
    }
  }
  if (!state.point) {
    state.point = std::make_unique<PointBuffer>();
    if (!spec().needs_all) state.point->keep_only(needs_);
  }
  state.point->clear();
  state.point->append(frame, row);
  state.any = true;
  state.value = now;
  state.time = frame.times[row];
}

}  // namespace

NodeResult MakeDerivative(const tick_node &spec, Task &task) {
  if (spec.n_args != 1 || spec.args[0].type != TICK_STRING) return {nullptr, "derivative needs the name of a field"};
  return {std::make_unique<DerivativeNode>(spec, task, Intern(View(spec.args[0].as.s))), ""};
}

}  // namespace tick
