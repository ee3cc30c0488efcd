// stats.cpp - `NODE|stats(interval)`: how many points NODE has emitted, for each group, in intervals of wall clock.
//
// In: what NODE puts on its edges, watched. Out: a point a group and interval, named `stats`, with the field `emitted`;
// before any group is known, one of the group without tags. Aligned points carry the multiple of the interval they
// are emitted at; Kapacitor gives its first one the time before it began to wait, which halves a deadman's first rate.
#include <algorithm>
#include <unordered_map>

#include "runtime/engine/state_archive.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/out_groups.h"
#include "runtime/support/time_round.h"

namespace tick {
namespace {

class StatsNode final : public Node, public EdgeWatch {
 public:
  StatsNode(const tick_node &spec, Task &task, int64_t interval, std::string_view measured)
      : Node(spec, task), interval_(interval), measured_(measured), align_(flag("align")), groups_(*this, task), emitted_name_(Intern("emitted")) {}

  std::optional<std::string> start() override;
  int64_t next_tick() const override { return next_; }
  void tick(int64_t now) override;
  void finish() override { next_ = kNever; }
  void adopt(Node &old) override;
  void exchange(StateArchive &archive) override;
  bool keeps_state() const override { return true; }

  void seen(const Frame &frame) override;
  void seen(const Batch &batch) override { count(batch.group).n += static_cast<int64_t>(batch.points.rows.size()); }
  void forgotten(Group *group) override;
  bool wants_skipped() const override { return false; }

 private:
  struct Counted {
    std::string id;
    std::shared_ptr<KeptGroup> group;
    int64_t n = 0;
  };
  Counted &count(Group *group);

  int64_t interval_;
  std::string measured_;  // name of the node that is watched
  bool align_;
  int64_t next_ = kNever;
  OutGroups groups_;
  Name emitted_name_;
  std::vector<std::unique_ptr<Counted>> counts_;  // in order of first appearance
  std::unordered_map<std::string, Counted *> by_id_;
  FlatMap<Group, Counted *> known_;
  uint64_t epoch_ = 0;
  PointsOut out_;
};

std::optional<std::string> StatsNode::start() {
  if (interval_ <= 0) return "stats node must have positive interval";
  Node *measured = task().node(measured_);
  if (!measured) return "stats cannot find the node " + measured_ + " to measure";
  measured->watch(this);
  if (next_ != kNever) return std::nullopt;  // goes on where the generation before was
  int64_t now = task().services().now();
  next_ = align_ ? TruncateTime(now, interval_) + interval_ : now + interval_;
  return std::nullopt;
}

StatsNode::Counted &StatsNode::count(Group *group) {
  if (uint64_t epoch = groups_.epoch(); epoch != epoch_) {
    known_.clear();
    epoch_ = epoch;
  }
  Counted *&known = known_[group];
  if (known) return *known;
  Counted *&found = by_id_[group->id];
  if (!found) {
    counts_.push_back(std::make_unique<Counted>(Counted{group->id, groups_.keep(group), 0}));
    found = counts_.back().get();
  }
  return *(known = found);
}

void StatsNode::seen(const Frame &frame) {
  Group *last = nullptr;
  Counted *of = nullptr;
  for (uint32_t row : frame.rows) {
    if (frame.groups[row] != last) {
      last = frame.groups[row];
      of = &count(last);
    }
    ++of->n;
  }
}

void StatsNode::forgotten(Group *group) {
  auto found = by_id_.find(group->id);
  if (found == by_id_.end()) return;
  std::erase_if(counts_, [&](const auto &counted) { return counted.get() == found->second; });
  by_id_.erase(found);
  known_.clear();
}

void StatsNode::tick(int64_t now) {
  int64_t time = align_ ? TruncateTime(now, interval_) : now;
  next_ = align_ ? time + interval_ : std::max(next_ + interval_, now + 1);
  static const Name kStats = Intern("stats");
  const Origin *nowhere = InternOrigin("", "");
  if (counts_.empty()) {
    out_.add(time, InternSeries(nowhere, kStats, {}), groups_.find(kStats, false, {}));
    out_.set(emitted_name_, MakeInt(0));
  }
  for (const auto &counted : counts_) {
    out_.add(time, InternSeries(nowhere, kStats, counted->group->tags), groups_.now(*counted->group));
    out_.set(emitted_name_, MakeInt(counted->n));
  }
  emit(out_.frame());
  out_.clear();
}

void StatsNode::adopt(Node &old) {
  auto *before = dynamic_cast<StatsNode *>(&old);
  if (!before) return;
  counts_ = std::move(before->counts_);
  by_id_ = std::move(before->by_id_);
  for (const auto &counted : counts_) counted->group->group = nullptr;
  if (before->interval_ == interval_ && before->align_ == align_) next_ = before->next_;
  before->known_.clear();
}

void StatsNode::exchange(StateArchive &archive) {
  size_t n = archive.length(counts_.size());
  for (size_t i = 0; i < n && archive.ok(); ++i) {
    std::shared_ptr<KeptGroup> group = archive.loading() ? nullptr : counts_[i]->group;
    int64_t counted = archive.loading() ? 0 : counts_[i]->n;
    Exchange(archive, group);
    archive.number(counted);
    if (archive.loading() && archive.ok() && group) count(groups_.now(*group)).n = counted;
  }
}

}  // namespace

NodeResult MakeStats(const tick_node &spec, Task &task) {
  if (spec.n_args != 2 || spec.args[0].type != TICK_DURATION || spec.args[1].type != TICK_STRING)
    return {nullptr, "stats needs an interval and the node to measure"};
  return {std::make_unique<StatsNode>(spec, task, spec.args[0].as.i, View(spec.args[1].as.s)), ""};
}

}  // namespace tick
