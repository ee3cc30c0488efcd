// flatten.cpp - `|flatten().on('tag', …)`: the points of a group at one time become one point.
//
// In: points; or batches, point by point. Out: a point with the group's tags, its fields named after the values of
// the `on` tags. A stream's point leaves when one of another time comes, or a barrier past it. A later point that
// makes the same field name wins.
#include <map>

#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/rows.h"
#include "runtime/support/time_round.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

struct FlattenState {
  const Series *series = nullptr;        // of the results: name of the group's first point
  std::unique_ptr<PointBuffer> merged;   // one row: the fields so far
  int64_t time = 0;
  bool any = false;                      // merged has a field
  void exchange(StateArchive &archive) {
    archive.series(series);
    Exchange(archive, merged, [] { return std::make_unique<PointBuffer>(); });
    archive.number(time);
    archive.number(any);
  }
};
static_assert(sizeof(FlattenState) == StateSizeOf("flatten"));

class FlattenNode final : public Node {
 public:
  FlattenNode(const tick_node &spec, Task &task);

  void points(const Frame &frame, unsigned) override;
  void batch(const Batch &batch, unsigned) override;
  void barrier(Group *group, int64_t time, unsigned) override;
  void delete_group(Group *group, unsigned source) override { Node::delete_group(groups_.same(group), source); }
  bool wants_skipped() const override { return false; }
  void skipped(const Frame &, unsigned) override {}
  void init_state(void *at) override { new (at) FlattenState; }
  void drop_state(void *at) override { static_cast<FlattenState *>(at)->~FlattenState(); }
  bool exchange_state(void *at, Group *, StateArchive &archive) override {
    static_cast<FlattenState *>(at)->exchange(archive);
    return true;
  }
  void move_state(void *from, void *to) override {
    auto *old = static_cast<FlattenState *>(from);
    new (to) FlattenState(std::move(*old));
    old->~FlattenState();
  }

 private:
  FlattenState &begin(Group *group, Name name);
  bool prefix(const Series &series, std::string *out, Name *missing) const;
  void merge(FlattenState &state, const Frame &frame, uint32_t row);
  void take(FlattenState &state, Group *group, const Frame &frame, uint32_t row);
  void leave(FlattenState &state, Group *group);
  Name name_of(const std::string &prefix, Name field);

  std::vector<Name> on_;
  std::string delimiter_;
  int64_t tolerance_;
  bool drop_name_ = false;
  OutGroups groups_;
  PointsOut out_;
  Fields fields_;
  std::string prefix_, key_;
  const Series *last_ = nullptr;  // whose prefix is in prefix_
  bool last_good_ = false;
  Name last_missing_ = nullptr;
  std::map<std::string, Name, std::less<>> names_;
};

FlattenNode::FlattenNode(const tick_node &spec, Task &task)
    : Node(spec, task),
      delimiter_(string_property("delimiter", ".")),
      tolerance_(int_property("tolerance", 0)),
      groups_(*this, task) {
  if (const tick_property *on = property("on"))
    for (const std::string &name : string_list(on->args, on->n_args)) on_.push_back(Intern(name));
  if (const tick_property *drop = property("dropOriginalFieldName")) drop_name_ = drop->n_args == 0 || drop->args[0].as.b;
}

FlattenState &FlattenNode::begin(Group *group, Name name) {
  auto &state = state_as<FlattenState>(group);
  if (!state.series) {
    state.series = InternSeries(InternOrigin("", ""), name, group->tags);
    state.merged = std::make_unique<PointBuffer>();
  }
  return state;
}

bool FlattenNode::prefix(const Series &series, std::string *out, Name *missing) const {
  out->clear();
  for (Name name : on_) {
    const std::string *value = FindTag(series.tags, name);
    if (!value) {
      *missing = name;
      return false;
    }
    if (name != on_.front()) *out += delimiter_;
    *out += *value;
  }
  return true;
}

Name FlattenNode::name_of(const std::string &prefix, Name field) {
  key_ = prefix;
  if (!drop_name_) {
    if (!on_.empty()) key_ += delimiter_;
    key_ += *field;
  }
  auto known = names_.find(key_);
  if (known == names_.end()) known = names_.emplace(key_, Intern(key_)).first;
  return known->second;
}

void FlattenNode::merge(FlattenState &state, const Frame &frame, uint32_t row) {
  if (frame.series[row] != last_) {
    last_ = frame.series[row];
    last_good_ = prefix(*last_, &prefix_, &last_missing_);
  }
  if (!last_good_) {
    error("point missing tag for flatten operation", "tag " + *last_missing_ + " is missing from point", &frame, row);
    return;
  }
  frame.fields(row, fields_);
  for (const Field &field : fields_) {
    state.merged->set(name_of(prefix_, field.name), field.value);
    state.any = true;
  }
}

void FlattenNode::leave(FlattenState &state, Group *group) {
  if (state.any) {
    out_.add(state.time, state.series, group);
    out_.set_all(*state.merged, state.merged->first());
  }
  state.merged->clear();
  state.any = false;
}

void FlattenNode::take(FlattenState &state, Group *group, const Frame &frame, uint32_t row) {
  int64_t time = RoundTime(frame.times[row], tolerance_);
  if (!state.merged->empty() && time != state.time) leave(state, group);
  if (state.merged->empty()) state.merged->append(time, state.series);
  state.time = time;
  merge(state, frame, row);
}

void FlattenNode::points(const Frame &frame, unsigned) {
  for (uint32_t row : frame.rows) {
    Group *group = groups_.same(frame.groups[row]);
    take(begin(group, frame.series[row]->measurement), group, frame, row);
  }
  if (out_.empty()) return;
  emit(out_.frame());
  out_.clear();
}

void FlattenNode::batch(const Batch &batch, unsigned) {
  Group *group = groups_.same(batch.group);
  FlattenState &state = begin(group, batch.name);
  for (uint32_t row : batch.points.rows) take(state, group, batch.points, row);
  leave(state, group);
  emit(Batch{batch.name, group, batch.tmax, out_.frame()});
  out_.clear();
}

void FlattenNode::barrier(Group *of, int64_t time, unsigned) {
  Group *group = groups_.same(of);
  auto &state = state_as<FlattenState>(group);
  if (spec().wants == TICK_EDGE_STREAM && state.any && time > state.time) {
    leave(state, group);
    emit(out_.frame());
    out_.clear();
  }
  emit_barrier(group, time);
}

}  // namespace

NodeResult MakeFlatten(const tick_node &spec, Task &task) { return MakeAs<FlattenNode>(spec, task); }

}  // namespace tick
