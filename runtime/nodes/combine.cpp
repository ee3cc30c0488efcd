// combine.cpp - `|combine(lambda, …).as(…)`: every choice of points of a group and time that the lambdas match.
//
// In: points, or the points of batches. Out: a point for each set of as many points as there are lambdas, in order
// of their places, in which each lambda in turn finds one that it matches. The points of the last time of a stream
// are held back until one of another time comes.
#include <algorithm>

#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/row_node.h"
#include "runtime/nodes/series_change.h"
#include "runtime/support/time_round.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

struct CombineState {
  std::unique_ptr<PointBuffer> points;  // of one time
  int64_t time = 0;
  Name name = nullptr;                  // of the group's first point
  void exchange(StateArchive &archive) {
    Exchange(archive, points, [] { return std::make_unique<PointBuffer>(); });
    archive.number(time);
    archive.name(name);
  }
};
static_assert(sizeof(CombineState) == StateSizeOf("combine"));

class CombineNode final : public RowNodeWith<CombineState> {
 public:
  CombineNode(const tick_node &spec, Task &task);
  std::string refusal() const;

  void points(const Frame &frame, unsigned) override {
    for (uint32_t row : frame.rows) take(frame, row, groups_.same(frame.groups[row]));
    flush();
  }
  void batch(const Batch &batch, unsigned) override {
    Group *group = groups_.same(batch.group);
    for (uint32_t row : batch.points.rows) take(batch.points, row, group);
    if (CombineState &state = state_of(group); state.points) combine(state, group);
    flush();
  }
  void barrier(Group *group, int64_t time, unsigned) override { emit_barrier(groups_.same(group), time); }
  void delete_group(Group *group, unsigned source) override { Node::delete_group(groups_.same(group), source); }
  bool wants_skipped() const override { return false; }
  void skipped(const Frame &, unsigned) override {}

 private:
  void pass(Frame &, Group *) override {}
  void take(const Frame &frame, uint32_t row, Group *group);
  void combine(CombineState &state, Group *group);
  void choose(const Frame &frame, Group *group, Name name, int64_t time);
  bool assign(const std::vector<uint32_t> &choice, std::vector<uint32_t> *assigned) const;
  void emit_choice(const Frame &frame, const std::vector<uint32_t> &assigned, Group *group, Name name, int64_t time);
  void flush() {
    if (out_.empty()) return;
    emit(out_.frame());
    out_.clear();
  }

  std::vector<std::string> as_;
  std::string delimiter_;
  int64_t tolerance_, max_;
  OutGroups groups_;
  PointsOut out_;
  std::vector<std::vector<bool>> matches_;  // by lambda and place
  Fields fields_;
};

CombineNode::CombineNode(const tick_node &spec, Task &task)
    : RowNodeWith(spec, task),
      delimiter_(string_property("delimiter", ".")),
      tolerance_(int_property("tolerance", 0)),
      max_(int_property("max", 1'000'000)),
      groups_(*this, task) {
  if (const tick_property *as = property("as")) as_ = string_list(as->args, as->n_args);
}

std::string CombineNode::refusal() const {
  if (as_.empty()) return "a call to combine.as() is required to specify the output stream prefixes.";
  if (as_.size() != lambda_count())
    return "number of prefixes specified by combine.as() must match the number of combine expressions";
  return "";
}

void CombineNode::take(const Frame &frame, uint32_t row, Group *group) {
  CombineState &state = state_of(group);
  if (!state.points) {
    state.points = std::make_unique<PointBuffer>();
    state.name = frame.series[row]->measurement;
  }
  int64_t time = RoundTime(frame.times[row], tolerance_);
  if (!state.points->empty() && time != state.time) combine(state, group);
  state.time = time;
  state.points->append(frame, row);
}

// C(n, k), or anything above `most` if it is more than that.
int64_t Choices(int64_t n, int64_t k, int64_t most) {
  __int128 choices = 1;
  for (int64_t i = 1; i <= k; ++i) {
    choices = choices * (n - k + i) / i;
    if (choices > most * static_cast<__int128>(1000)) return static_cast<int64_t>(std::min<__int128>(choices, INT64_MAX));
  }
  return static_cast<int64_t>(choices);
}

void CombineNode::combine(CombineState &state, Group *group) {
  Frame frame = state.points->frame();
  auto n = static_cast<int64_t>(frame.rows.size()), k = static_cast<int64_t>(lambda_count());
  if (n >= k && n > 0) {
    if (int64_t choices = Choices(n, k, max_); choices > max_)
      return task().fail(*this, "refusing to perform combination as total combinations " + std::to_string(choices) +
                                    " exceeds max combinations " + std::to_string(max_));
    // The lambdas see the time that the points share.
    auto *times = task().arena().array<int64_t>(RowBound(frame));
    for (uint32_t row : frame.rows) times[row] = state.time;
    frame.times = times;
    matches_.assign(lambda_count(), std::vector<bool>(frame.rows.size()));
    for (size_t i = 0; i < lambda_count(); ++i) {
      Selection passed = where(i, frame, group, "error evaluating lambda expression");
      for (uint32_t row : passed.rows()) matches_[i][row - frame.rows[0]] = true;
    }
    choose(frame, group, state.name, state.time);
  }
  state.points->clear();
}

// All sets of k places, in lexicographic order.
void CombineNode::choose(const Frame &frame, Group *group, Name name, int64_t time) {
  auto n = static_cast<uint32_t>(frame.rows.size()), k = static_cast<uint32_t>(lambda_count());
  std::vector<uint32_t> choice(k), assigned(k);
  for (uint32_t i = 0; i < k; ++i) choice[i] = i;
  for (;;) {
    if (assign(choice, &assigned)) emit_choice(frame, assigned, group, name, time);
    uint32_t at = k;
    while (at > 0 && choice[at - 1] == n - k + at - 1) --at;
    if (at == 0) return;
    ++choice[at - 1];
    for (uint32_t i = at; i < k; ++i) choice[i] = choice[i - 1] + 1;
  }
}

// Each lambda takes the first place left that it matches.
bool CombineNode::assign(const std::vector<uint32_t> &choice, std::vector<uint32_t> *assigned) const {
  std::vector<uint32_t> left = choice;
  for (size_t i = 0; i < matches_.size(); ++i) {
    auto at = std::find_if(left.begin(), left.end(), [&](uint32_t place) { return matches_[i][place]; });
    if (at == left.end()) return false;
    (*assigned)[i] = *at;
    left.erase(at);
  }
  return true;
}

void CombineNode::emit_choice(const Frame &frame, const std::vector<uint32_t> &assigned, Group *group, Name name,
                              int64_t time) {
  Tags tags = group->tags;
  for (size_t i = 0; i < assigned.size(); ++i)
    for (const Tag &tag : frame.series[frame.rows[assigned[i]]]->tags)
      if (!FindTag(group->tags, tag.key)) SetTag(tags, Intern(as_[i] + delimiter_ + *tag.key), tag.value);
  out_.add(time, InternSeries(InternOrigin("", ""), name, std::move(tags)), group);
  for (size_t i = 0; i < assigned.size(); ++i) {
    frame.fields(frame.rows[assigned[i]], fields_);
    for (const Field &field : fields_) out_.set(Intern(as_[i] + delimiter_ + *field.name), field.value);
  }
}

}  // namespace

NodeResult MakeCombine(const tick_node &spec, Task &task) {
  auto node = std::make_unique<CombineNode>(spec, task);
  if (std::string error = node->refusal(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
