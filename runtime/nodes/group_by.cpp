// group_by.cpp - `|groupBy(…)`: other groups for the same points.
//
// In: points, which pass at once in their new groups; or batches, whose points are gathered in their new groups until
// a batch of another time begins (nodes.md 8) and come out as one batch a group. Groups come out in the order of
// their first point; the last ones are held at the end of data, as Kapacitor holds them.
#include <algorithm>
#include <map>
#include <optional>

#include "runtime/nodes/out_groups.h"
#include "runtime/nodes/point_buffer.h"

namespace tick {
namespace {

class GroupByNode final : public Node {
 public:
  GroupByNode(const tick_node &spec, Task &task);

  void points(const Frame &frame, unsigned) override {
    if (frame.rows.empty()) return;
    emit(regrouped(frame));
  }
  void skipped(const Frame &frame, unsigned) override {
    if (wants_skipped()) emit_skipped(regrouped(frame));
  }
  void batch(const Batch &batch, unsigned) override;
  void barrier(Group *group, int64_t time, unsigned) override;
  void delete_group(Group *group, unsigned) override;
  std::map<std::string, int64_t> stats() const override;

 private:
  struct Gathered {
    Group *group;
    const Series *first;  // finds the group again
    bool by_name;
    Name name;
    PointBuffer points;
  };
  Frame regrouped(const Frame &frame);
  Group *group_of(const Series &series, const Group *from);
  void gather(const Batch &batch);
  void emit_gathered();
  Frame by_time(PointBuffer &points);
  void find_again();

  Dimensions dimensions_, by_name_;  // the same, by_name_ with the measurement
  OutGroups groups_;
  std::optional<GroupTable::Lookup> lookup_, by_name_lookup_;  // of the two
  std::vector<std::unique_ptr<Gathered>> gathered_, spare_;
  FlatMap<Group, Gathered *> found_;
  uint64_t epoch_ = 0;
  PointBuffer sorted_;
  int64_t time_ = 0;
  std::vector<Name> needs_;
};

GroupByNode::GroupByNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task) {
  for (uint32_t i = 0; i < spec.n_args; ++i) {
    const tick_arg &arg = spec.args[i];
    if (arg.type == TICK_STAR) dimensions_.star = true;
    for (uint32_t k = 0; arg.type == TICK_LIST && k < arg.n_items; ++k)
      if (arg.items[k].type == TICK_STAR) dimensions_.star = true;
  }
  for (const std::string &name : string_list(spec.args, spec.n_args)) dimensions_.names.push_back(Intern(name));
  for (const tick_property *exclude : properties("exclude"))
    for (const std::string &name : string_list(exclude->args, exclude->n_args))
      dimensions_.exclude.push_back(Intern(name));
  if (dimensions_.star) dimensions_.names.clear();
  std::erase_if(dimensions_.names, [&](Name name) {
    return std::find(dimensions_.exclude.begin(), dimensions_.exclude.end(), name) != dimensions_.exclude.end();
  });
  std::sort(dimensions_.names.begin(), dimensions_.names.end(), NameLess);
  dimensions_.names.erase(std::unique(dimensions_.names.begin(), dimensions_.names.end()), dimensions_.names.end());
  dimensions_.by_name = flag("byMeasurement");
  by_name_ = dimensions_;
  by_name_.by_name = true;
  for (uint32_t i = 0; i < spec.n_needs; ++i) needs_.push_back(Intern(spec.needs[i]));
  if (!spec.needs_all) sorted_.keep_only(needs_);
}

Group *GroupByNode::group_of(const Series &series, const Group *from) {
  if (!lookup_) {
    lookup_ = groups_.table().lookup(dimensions_);
    by_name_lookup_ = groups_.table().lookup(by_name_);
  }
  return (from && from->by_name ? by_name_lookup_ : lookup_)->find(series);
}

Frame GroupByNode::regrouped(const Frame &frame) {
  auto **groups = task().arena().array<Group *>(RowBound(frame));
  const Series *last = nullptr;
  Group *group = nullptr, *from = nullptr;
  for (uint32_t row : frame.rows) {
    if (frame.series[row] != last || frame.groups[row] != from) {
      last = frame.series[row];
      from = frame.groups[row];
      group = group_of(*last, from);
    }
    groups[row] = group;
  }
  Frame out = frame;
  out.groups = groups;
  return out;
}

void GroupByNode::batch(const Batch &batch, unsigned) {
  if (task().old_dialect()) return task().fail(*this, "groupBy does not take batches");
  if (batch.tmax != time_) {
    emit_gathered();
    time_ = batch.tmax;
  }
  gather(batch);
}

// Groups may have been erased below: those of what is gathered are made anew.
void GroupByNode::find_again() {
  if (epoch_ == groups_.epoch()) return;
  epoch_ = groups_.epoch();
  found_.clear();
  for (const auto &gathered : gathered_) {
    gathered->group = groups_.find(*gathered->first, gathered->by_name ? by_name_ : dimensions_);
    found_[gathered->group] = gathered.get();
  }
}

void GroupByNode::gather(const Batch &batch) {
  find_again();
  const Series *last = nullptr;
  Gathered *into = nullptr;
  for (uint32_t row : batch.points.rows) {
    if (batch.points.series[row] != last) {
      last = batch.points.series[row];
      Group *group = group_of(*last, batch.group);
      Gathered *&found = found_[group];
      if (!found) {
        if (spare_.empty()) {
          spare_.push_back(std::make_unique<Gathered>());
          if (!spec().needs_all) spare_.back()->points.keep_only(needs_);
        }
        gathered_.push_back(std::move(spare_.back()));
        spare_.pop_back();
        found = gathered_.back().get();
        found->group = group;
        found->first = last;
        found->by_name = batch.group->by_name;
        found->name = batch.name;
        cardinality.set(static_cast<int64_t>(gathered_.size()));
      }
      into = found;
    }
    into->points.append(batch.points, row);
  }
}

Frame GroupByNode::by_time(PointBuffer &points) {
  Frame frame = points.frame();
  auto earlier = [&](uint32_t a, uint32_t b) { return frame.times[a] < frame.times[b]; };
  if (std::is_sorted(frame.rows.begin(), frame.rows.end(), earlier)) return frame;
  std::vector<uint32_t> rows(frame.rows.begin(), frame.rows.end());
  std::stable_sort(rows.begin(), rows.end(), earlier);
  sorted_.clear();
  for (uint32_t row : rows) sorted_.append(frame, row);
  return sorted_.frame();
}

void GroupByNode::emit_gathered() {
  find_again();
  for (const auto &gathered : gathered_) emit(Batch{gathered->name, gathered->group, time_, by_time(gathered->points)});
  for (auto &gathered : gathered_) {
    gathered->points.clear();
    if (spare_.size() < 64) spare_.push_back(std::move(gathered));
  }
  gathered_.clear();
  found_.clear();
  cardinality.set(0);
}

void GroupByNode::barrier(Group *group, int64_t time, unsigned) {
  if (spec().wants == TICK_EDGE_BATCH) {
    emit_gathered();
    time_ = time;
  }
  emit_barrier(groups_.same(group), time);
}

void GroupByNode::delete_group(Group *group, unsigned) {
  Group *out = groups_.same(group);
  if (found_.find(out)) {
    std::erase_if(gathered_, [&](const auto &gathered) { return gathered->group == out; });
    found_.clear();
    for (const auto &gathered : gathered_) found_[gathered->group] = gathered.get();
  }
  emit_delete(out);
}

std::map<std::string, int64_t> GroupByNode::stats() const {
  std::map<std::string, int64_t> stats = Node::stats();
  if (spec().wants == TICK_EDGE_STREAM)
    stats["working_cardinality"] = static_cast<int64_t>(task().groups(spec().domain).size());
  return stats;
}

}  // namespace

NodeResult MakeGroupBy(const tick_node &spec, Task &task) { return MakeAs<GroupByNode>(spec, task); }

}  // namespace tick
