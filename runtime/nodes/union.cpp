// union.cpp - `A|union(B, …)`: the data of several nodes in order of time.
//
// In: points, batches and barriers of each parent, in the order of the parents. Out: the same, each held back until
// every parent has come as far; of equal times the first parent's first. Rows that a filter above took out move
// their parent's mark, so that a branch that lets nothing through holds nothing back. In 0.2 all pass at once.
#include <algorithm>
#include <deque>

#include "runtime/nodes/kept_batch.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/rows.h"
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

struct Item {
  enum Kind : uint8_t { Point, Whole, Barrier, Skip };
  Kind kind = Point;
  int64_t time = 0;
  std::shared_ptr<KeptGroup> group;   // of points and barriers
  std::unique_ptr<KeptBatch> batch;
};

struct Source {
  std::deque<Item> items;
  PointBuffer points;  // one row an item of kind Point, in the same order
  bool begun = false;
  int64_t mark = 0;    // time of the front, or of the last that left
  int64_t front() const { return items.empty() ? mark : items.front().time; }
};

class UnionNode final : public Node {
 public:
  UnionNode(const tick_node &spec, Task &task);

  void points(const Frame &frame, unsigned source) override;
  void batch(const Batch &batch, unsigned source) override;
  void barrier(Group *group, int64_t time, unsigned source) override;
  void delete_group(Group *group, unsigned) override { emit_delete(groups_.same(group)); }
  bool wants_skipped() const override { return !task().old_dialect(); }
  void skipped(const Frame &frame, unsigned source) override;
  void finish() override;
  void adopt(Node &old) override;
  void exchange(StateArchive &archive) override;
  bool keeps_state() const override {
    return std::any_of(sources_.begin(), sources_.end(), [](const Source &source) { return !source.items.empty(); });
  }

 private:
  bool at_once(unsigned source, int64_t time) const;
  void add(unsigned source, Item item);
  void settle();
  void leave(Source &source);
  void flush();
  void emit_straight(const Frame &frame, std::span<const uint32_t> rows);
  void emit_batch(Batch batch);
  const Derived &renamed(const Series *series, Group *group);
  const std::vector<Name> *needs() const { return spec().needs_all ? nullptr : &needs_; }

  Name rename_ = nullptr;
  std::vector<Name> needs_;
  OutGroups groups_;
  SeriesMap renamed_;
  std::vector<Source> sources_;
  PointsOut out_;
};

UnionNode::UnionNode(const tick_node &spec, Task &task)
    : Node(spec, task), groups_(*this, task), renamed_(groups_), sources_(spec.n_parents) {
  std::string rename = string_property("rename", "");
  if (rename.empty() && task.old_dialect() && spec.n_parents > 0)
    rename = task.descriptor().nodes[spec.parents[spec.n_parents - 1]].name;
  if (!rename.empty()) rename_ = Intern(rename);
  for (uint32_t i = 0; i < spec.n_needs; ++i) needs_.push_back(Intern(spec.needs[i]));
  if (!spec.needs_all)
    for (Source &source : sources_) source.points.keep_only(needs_);
}

// --- in ------------------------------------------------------------------------------------------------

// Whether nothing is held back that would have to leave before this.
bool UnionNode::at_once(unsigned source, int64_t time) const {
  if (task().old_dialect()) return true;
  for (unsigned i = 0; i < sources_.size(); ++i) {
    if (!sources_[i].items.empty()) return false;
    if (i != source && (!sources_[i].begun || sources_[i].mark < time)) return false;
  }
  return true;
}

void UnionNode::points(const Frame &frame, unsigned source) {
  Source &from = sources_[source];
  Selection straight(task().arena(), frame.rows.size() + 1);
  for (uint32_t row : frame.rows) {
    if (at_once(source, frame.times[row])) {
      if (!out_.empty()) flush();
      straight.add(row);
      from.begun = true;
      from.mark = frame.times[row];
      continue;
    }
    if (straight.size() > 0) {
      emit_straight(frame, straight.rows());
      straight.clear();
    }
    from.points.append(frame, row);
    add(source, {Item::Point, frame.times[row], groups_.keep(frame.groups[row]), nullptr});
  }
  flush();
  emit_straight(frame, straight.rows());
}

void UnionNode::batch(const Batch &batch, unsigned source) {
  if (at_once(source, batch.tmax)) {
    sources_[source].begun = true;
    sources_[source].mark = batch.tmax;
    Batch out = batch;
    out.group = groups_.same(batch.group);
    return emit_batch(out);
  }
  add(source, {Item::Whole, batch.tmax, nullptr, KeptBatch::Of(batch, groups_, needs())});
  flush();
}

void UnionNode::barrier(Group *group, int64_t time, unsigned source) {
  if (task().old_dialect()) return;
  add(source, {Item::Barrier, time, groups_.keep(group), nullptr});
  flush();
}

void UnionNode::skipped(const Frame &frame, unsigned source) {
  int64_t time = frame.times[frame.rows[0]];
  for (uint32_t row : frame.rows) time = std::max(time, frame.times[row]);
  const Source &from = sources_[source];
  if (from.begun && time <= (from.items.empty() ? from.mark : from.items.back().time)) return;
  add(source, {Item::Skip, time, nullptr, nullptr});
  flush();
}

void UnionNode::add(unsigned source, Item item) {
  sources_[source].begun = true;
  sources_[source].items.push_back(std::move(item));
  settle();
}

// --- out -----------------------------------------------------------------------------------------------

// Lets go what every parent has reached.
void UnionNode::settle() {
  for (bool more = true; more;) {
    more = false;
    int64_t mark = std::numeric_limits<int64_t>::max();
    for (Source &source : sources_) {
      if (!source.begun) return;
      source.mark = source.front();
      mark = std::min(mark, source.mark);
    }
    for (Source &source : sources_)
      for (; !source.items.empty() && source.items.front().time <= mark; more = true) leave(source);
  }
}

void UnionNode::leave(Source &source) {
  Item item = std::move(source.items.front());
  source.items.pop_front();
  source.mark = item.time;
  if (item.kind == Item::Point) {
    size_t row = source.points.first();
    const Derived &as = renamed(source.points.series[row], groups_.now(*item.group));
    out_.add(item.time, as.series, as.group);
    out_.set_all(source.points, row);
    source.points.pop_front(1);
  } else if (item.kind == Item::Whole) {
    flush();
    emit_batch(item.batch->batch(groups_));
  } else if (item.kind == Item::Barrier) {
    flush();
    emit_barrier(groups_.now(*item.group), item.time);
  }
}

void UnionNode::flush() {
  if (out_.empty()) return;
  emit(out_.frame());
  out_.clear();
}

const Derived &UnionNode::renamed(const Series *series, Group *group) {
  return renamed_.get(series, group, [&](const Series &of, Group *in) {
    if (!rename_) return Derived{&of, in};
    Group *out = in->by_name ? groups_.find(rename_, true, in->tags) : in;
    return Derived{InternSeries(of.origin, rename_, of.tags), out};
  });
}

void UnionNode::emit_straight(const Frame &frame, std::span<const uint32_t> rows) {
  if (rows.empty()) return;
  Frame out = frame;
  out.rows = rows;
  Arena &arena = task().arena();
  auto **series = arena.array<const Series *>(rows.back() + 1);
  auto **groups = arena.array<Group *>(rows.back() + 1);
  for (uint32_t row : rows) {
    const Derived &as = renamed(frame.series[row], groups_.same(frame.groups[row]));
    series[row] = as.series;
    groups[row] = as.group;
  }
  out.series = series;
  out.groups = groups;
  emit(out);
}

void UnionNode::emit_batch(Batch batch) {
  if (rename_) {
    batch.name = rename_;
    if (batch.group->by_name) batch.group = groups_.find(rename_, true, batch.group->tags);
  }
  emit(batch);
}

// What is left, smallest first, without waiting for anyone.
void UnionNode::finish() {
  for (;;) {
    Source *next = nullptr;
    for (Source &source : sources_)
      if (!source.items.empty() && (!next || source.front() < next->front())) next = &source;
    if (!next) break;
    leave(*next);
  }
  flush();
}

void UnionNode::adopt(Node &old) {
  auto *before = dynamic_cast<UnionNode *>(&old);
  if (!before || before->sources_.size() != sources_.size()) return;
  sources_ = std::move(before->sources_);
  for (Source &source : sources_)
    for (Item &item : source.items) {
      if (item.group) item.group->group = nullptr;
      if (item.batch) item.batch->group->group = nullptr;
    }
}

void UnionNode::exchange(StateArchive &archive) {
  if (archive.length(sources_.size()) != sources_.size()) return archive.fail();
  for (Source &source : sources_) {
    source.items.resize(archive.length(source.items.size()));
    for (Item &item : source.items) {
      archive.number(item.kind);
      archive.number(item.time);
      Exchange(archive, item.group);
      Exchange(archive, item.batch);
    }
    source.points.exchange(archive);
    archive.number(source.begun);
    archive.number(source.mark);
  }
  if (archive.loading() && !archive.ok()) sources_ = std::vector<Source>(sources_.size());
}

}  // namespace

NodeResult MakeUnion(const tick_node &spec, Task &task) { return MakeAs<UnionNode>(spec, task); }

}  // namespace tick
