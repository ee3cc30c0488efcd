// transformation.cpp - InfluxQL's functions of a point and those before it: elapsed, difference, movingAverage,
// cumulativeSum (nodes.md 29).
//
// In: points, or batches, each of which begins anew. Out: for each point the function gives something for, a point
// with the group's tags, the point's time and the one field. A point without the field, or of another type than
// the first, is an error; as in Kapacitor all but difference then give their last result once more.
#include <bit>
#include <vector>

#include "runtime/engine/node.h"
#include "runtime/engine/state_archive.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

enum class Function { Elapsed, Difference, MovingAverage, CumulativeSum };

struct TransformationState {
  const Series *series = nullptr;
  Name name = nullptr;
  Type type = Type::Missing;
  bool any = false;              // a point has come
  Value last = MakeMissing();    // value of the point before
  int64_t last_time = 0;
  Value result = MakeMissing();  // given last; missing: none
  int64_t result_time = 0;
  Value sum = MakeMissing();
  std::vector<int64_t> window;   // movingAverage: a ring of the last n, ints or the floats' bits
  size_t at = 0;

  void restart() {
    type = Type::Missing;
    any = false;
    last = result = sum = MakeMissing();
    window.clear();
    at = 0;
  }
  void exchange(StateArchive &archive) {
    archive.series(series);
    archive.name(name);
    archive.number(type);
    archive.number(any);
    archive.number(last_time);
    archive.number(result_time);
    for (Value *value : {&last, &result, &sum}) {
      // Of a string nothing but its type matters (elapsed).
      if (TypeOf(*value) == Type::String) *value = MakeString("");
      archive.value(*value);
      if (TypeOf(*value) == Type::String) *value = MakeString("");
    }
    window.resize(archive.length(window.size()));
    for (int64_t &word : window) archive.number(word);
    auto place = static_cast<uint64_t>(at);
    archive.number(place);
    at = static_cast<size_t>(place);
    if (at > window.size()) archive.fail();
  }
};
static_assert(sizeof(TransformationState) == StateSizeOf("elapsed"));

class TransformationNode final : public Node {
 public:
  TransformationNode(const tick_node &spec, Task &task, Function function)
      : Node(spec, task), function_(function), groups_(*this, task) {}
  std::string read_args();

  void points(const Frame &frame, unsigned) override;
  void batch(const Batch &batch, unsigned) override;
  void init_state(void *at) override { new (at) TransformationState; }
  void drop_state(void *at) override { static_cast<TransformationState *>(at)->~TransformationState(); }
  bool exchange_state(void *at, Group *, StateArchive &archive) override {
    static_cast<TransformationState *>(at)->exchange(archive);
    return true;
  }
  void move_state(void *from, void *to) override {
    auto *old = static_cast<TransformationState *>(from);
    new (to) TransformationState(std::move(*old));
    old->~TransformationState();
  }

 private:
  TransformationState &begin(Group *group, Name name);
  bool takes(Type type) const;
  bool accept(TransformationState &state, Type got, const Frame &frame, uint32_t row, bool in_batch);
  void advance(TransformationState &state, const Value &value, int64_t time);
  void average(TransformationState &state, const Value &value, int64_t time);
  void transform(TransformationState &state, Group *group, const Frame &frame, uint32_t row, const Column &column,
                 bool in_batch);

  Function function_;
  Name field_ = nullptr, as_ = nullptr;
  int64_t argument_ = 1;  // unit, or length of the average
  OutGroups groups_;
  PointsOut out_;
};

std::string TransformationNode::read_args() {
  if (spec().n_args == 0 || spec().args[0].type != TICK_STRING) return "needs the name of a field";
  field_ = Intern(View(spec().args[0].as.s));
  as_ = Intern(string_property("as", spec().kind));
  if (spec().n_args > 1) argument_ = spec().args[1].as.i;
  if (function_ == Function::Elapsed && argument_ == 0) return "the unit of elapsed must not be zero";
  if (function_ == Function::MovingAverage && argument_ < 1) return "movingAverage needs at least one value";
  return "";
}

TransformationState &TransformationNode::begin(Group *group, Name name) {
  auto &state = state_as<TransformationState>(group);
  if (!state.series) {
    state.name = name;
    state.series = InternSeries(InternOrigin("", ""), name, group->tags);
  }
  return state;
}

bool TransformationNode::takes(Type type) const {
  if (type == Type::Int || type == Type::Float) return true;
  return function_ == Function::Elapsed && (type == Type::Bool || type == Type::String);
}

bool TransformationNode::accept(TransformationState &state, Type got, const Frame &frame, uint32_t row, bool in_batch) {
  if (got != Type::Missing && got == state.type) return true;
  if (state.type == Type::Missing) {
    if (takes(got)) {
      state.type = got;
      return true;
    }
    std::string kind(spec().kind);
    error("failed to realize reduce context from fields",
          got == Type::Missing ? "field \"" + *field_ + "\" missing from point"
                               : "invalid influxql func " + kind + " with field " + *field_ + ": cannot apply " + kind +
                                     " to " + std::string(GoTypeName(got)) + " field",
          &frame, row);
    return false;
  }
  error(in_batch ? "failed to aggregate batch point" : "failed to aggregate point",
        got == Type::Missing ? "field " + *field_ + " missing from point cannot aggregate"
                             : "field " + *field_ + " has wrong type: got " + std::string(GoTypeName(got)) + " exp " +
                                   std::string(GoTypeName(state.type)),
        &frame, row);
  return false;
}

void TransformationNode::average(TransformationState &state, const Value &value, int64_t time) {
  auto n = static_cast<size_t>(argument_);
  bool ints = state.type == Type::Int;
  if (TypeOf(state.sum) == Type::Missing) state.sum = ints ? MakeInt(0) : MakeFloat(0);
  auto add = [&](uint64_t bits, int sign) {
    if (ints) state.sum.as.i = static_cast<int64_t>(static_cast<uint64_t>(state.sum.as.i) + (sign < 0 ? 0 - bits : bits));
    else state.sum.as.f += sign * std::bit_cast<double>(bits);
  };
  add(static_cast<uint64_t>(value.as.i), 1);
  if (state.window.size() < n) {
    state.window.push_back(value.as.i);
  } else {
    add(static_cast<uint64_t>(state.window[state.at]), -1);
    state.window[state.at] = value.as.i;
    state.at = (state.at + 1) % n;
  }
  if (state.window.size() < n) return;
  double sum = ints ? static_cast<double>(state.sum.as.i) : state.sum.as.f;
  state.result = MakeFloat(sum / static_cast<double>(n));
  state.result_time = time;
}

// Takes a value in; state.result is what comes out, if anything does.
void TransformationNode::advance(TransformationState &state, const Value &value, int64_t time) {
  bool ints = state.type == Type::Int;
  switch (function_) {
    case Function::Elapsed:
      if (state.any) state.result = MakeInt((time - state.last_time) / argument_);
      state.result_time = time;
      break;
    case Function::Difference:
      state.result = MakeMissing();
      if (state.any && time == state.last_time) return;
      if (state.any)
        state.result = ints ? MakeInt(static_cast<int64_t>(static_cast<uint64_t>(value.as.i) -
                                                           static_cast<uint64_t>(state.last.as.i)))
                            : MakeFloat(value.as.f - state.last.as.f);
      state.result_time = time;
      break;
    case Function::MovingAverage: average(state, value, time); break;
    case Function::CumulativeSum:
      if (!state.any) state.sum = ints ? MakeInt(0) : MakeFloat(0);
      if (ints) state.sum.as.i = static_cast<int64_t>(static_cast<uint64_t>(state.sum.as.i) + static_cast<uint64_t>(value.as.i));
      else state.sum.as.f += value.as.f;
      state.result = state.sum;
      state.result_time = time;
      break;
  }
  state.any = true;
  state.last = TypeOf(value) == Type::String ? MakeMissing() : value;
  state.last_time = time;
}

void TransformationNode::transform(TransformationState &state, Group *group, const Frame &frame, uint32_t row,
                                   const Column &column, bool in_batch) {
  if (accept(state, column.type_at(row), frame, row, in_batch)) advance(state, column.at(row), frame.times[row]);
  else if (state.type == Type::Missing || function_ == Function::Difference) return;
  if (TypeOf(state.result) == Type::Missing) return;
  out_.add(state.result_time, state.series, group);
  out_.set(as_, state.result);
}

void TransformationNode::points(const Frame &frame, unsigned) {
  Column column = frame.column(field_);
  for (uint32_t row : frame.rows) {
    Group *group = frame.groups[row];
    transform(begin(group, frame.series[row]->measurement), groups_.same(group), frame, row, column, false);
  }
  if (out_.empty()) return;
  emit(out_.frame());
  out_.clear();
}

void TransformationNode::batch(const Batch &batch, unsigned) {
  TransformationState &state = begin(batch.group, batch.name);
  state.restart();
  Group *group = groups_.same(batch.group);
  Column column = batch.points.column(field_);
  for (uint32_t row : batch.points.rows) transform(state, group, batch.points, row, column, true);
  emit(Batch{batch.name, group, batch.tmax, out_.frame()});
  out_.clear();
}

NodeResult MakeTransformation(const tick_node &spec, Task &task, Function function) {
  auto node = std::make_unique<TransformationNode>(spec, task, function);
  if (std::string error = node->read_args(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace

NodeResult MakeElapsed(const tick_node &spec, Task &task) { return MakeTransformation(spec, task, Function::Elapsed); }
NodeResult MakeDifference(const tick_node &spec, Task &task) {
  return MakeTransformation(spec, task, Function::Difference);
}
NodeResult MakeMovingAverage(const tick_node &spec, Task &task) {
  return MakeTransformation(spec, task, Function::MovingAverage);
}
NodeResult MakeCumulativeSum(const tick_node &spec, Task &task) {
  return MakeTransformation(spec, task, Function::CumulativeSum);
}

}  // namespace tick
