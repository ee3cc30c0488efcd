// join.cpp - `A|join(B, …).as(…)`: one point, or batch, of what several nodes have at one time.
//
// In: points or batches of each parent. Out: their fields side by side under prefixes, in the parents' common groups
// (or, with on(), in the groups with more dimensions). join_sets.h says what belongs together, join_match.h who meets
// whom with on(). A row that a filter above took out counts as seen, so that a parent which lets nothing through
// holds nothing back.
#include <algorithm>
#include <unordered_map>

#include "runtime/nodes/join_match.h"
#include "runtime/nodes/points_out.h"
#include "runtime/support/time_round.h"

namespace tick {

struct JoinGroup {
  JoinGroup(size_t sources, std::shared_ptr<KeptGroup> of) : sets(sources), group(std::move(of)) {}
  JoinSets sets;
  std::shared_ptr<KeptGroup> group;
  Name series_name = nullptr;  // of `series`: the joined points of this group
  const Series *series = nullptr;
};

namespace {

constexpr size_t kMostHeld = 100'000;  // sets a group, messages a key: past it a missing side is no longer waited for

enum class Fill : uint8_t { None, Null, Number };

class JoinNode final : public Node {
 public:
  JoinNode(const tick_node &spec, Task &task);
  std::string read_properties();

  void points(const Frame &frame, unsigned source) override;
  void batch(const Batch &batch, unsigned source) override;
  void barrier(Group *group, int64_t time, unsigned source) override;
  void delete_group(Group *group, unsigned source) override;
  bool wants_skipped() const override { return !task().old_dialect(); }
  void skipped(const Frame &frame, unsigned source) override;
  void finish() override;
  void adopt(Node &old) override;
  void exchange(StateArchive &archive) override;
  bool keeps_state() const override { return !joined_.empty() || !keys_.empty(); }
  std::map<std::string, int64_t> stats() const override {
    std::map<std::string, int64_t> stats = Node::stats();
    stats["working_cardinality"] = static_cast<int64_t>(joined_.size());
    if (forced_.get() > 0) stats["sets_not_waited_for"] = forced_.get();
    return stats;
  }

 private:
  // What the node knows of a group of its input.
  struct Known {
    std::shared_ptr<JoinGroup> group;  // without on(), or of specific messages
    MatchKey *key = nullptr;
    bool specific = false;
  };
  Known &known(Group *group);
  std::shared_ptr<JoinGroup> join_group(Group *group);

  void message(Known &of, unsigned source, int64_t time, HeldPtr held);
  void advance(Known &of, unsigned source, int64_t time);
  void meet();
  void list(MatchKey *key);
  void collect(JoinGroup &group, unsigned source, int64_t time, HeldPtr held);
  void emit_due(JoinGroup &group);
  void release();

  HeldPtr take_spare();
  void give_back(JoinSet &set);
  HeldPtr hold(const Frame &frame, uint32_t row);
  Name out_name(unsigned source, Name field);
  void learn(unsigned source, const Fields &fields);
  void emit_point(JoinGroup &group, const JoinSet &set);
  void emit_batch(JoinGroup &group, const JoinSet &set);
  bool fill_fields(unsigned source, const Fields &first, PointsOut &out);
  const Series *series_of(JoinGroup &group, Name name);
  Name name_of(const JoinSet &set) const;
  void flush();

  std::vector<std::string> as_;
  std::string delimiter_;
  Name stream_name_ = nullptr;
  int64_t tolerance_ = 0;
  Fill fill_ = Fill::None;
  Value fill_value_ = MakeMissing();
  std::vector<Name> on_;
  bool delete_all_ = false;
  bool old_ = false;

  OutGroups groups_;
  std::unordered_map<std::string, std::shared_ptr<JoinGroup>> joined_;  // by the id of the group
  std::unordered_map<std::string, std::unique_ptr<MatchKey>> keys_;
  std::vector<MatchKey *> lonely_;  // keys with messages waiting for a source that never sent one of theirs
  FlatMap<Group, Known> known_;
  uint64_t epoch_ = 0;
  std::vector<bool> reported_;
  std::vector<Mark> overall_;  // by source, with any key

  std::vector<Name> wanted_;   // fields of any source that somebody reads, without prefix
  std::vector<NamedColumn> columns_;  // of the frame under way
  std::vector<FlatMap<std::string, Name>> names_;  // by source: field to its name in the output
  std::vector<std::vector<Name>> own_;             // by source, with on(): fields it was seen to have, sorted
  std::vector<JoinSet> due_;
  std::vector<Meeting> meetings_;
  std::vector<HeldPtr> spare_;  // points whose memory waits for the next
  PointsOut out_;
  Fields fields_, first_;
  Counter forced_;
};

// --- properties ----------------------------------------------------------------------------------------

JoinNode::JoinNode(const tick_node &spec, Task &task)
    : Node(spec, task),
      delimiter_(string_property("delimiter", ".")),
      tolerance_(int_property("tolerance", 0)),
      old_(task.old_dialect()),
      groups_(*this, task),
      reported_(spec.n_parents),
      overall_(spec.n_parents),
      names_(spec.n_parents),
      own_(spec.n_parents) {
  if (const tick_property *as = property("as")) as_ = string_list(as->args, as->n_args);
  if (std::string name = string_property("streamName", ""); !name.empty()) stream_name_ = Intern(name);
  if (const tick_property *on = property("on"))
    for (const std::string &name : string_list(on->args, on->n_args)) on_.push_back(Intern(name));
  if (const tick_property *all = property("deleteAll")) delete_all_ = all->n_args == 0 || all->args[0].as.b;
  std::sort(on_.begin(), on_.end(), NameLess);
}

std::string JoinNode::read_properties() {
  if (as_.empty()) return "a call to join.as() is required to specify the output stream prefixes.";
  if (as_.size() != spec().n_parents)
    return "number of prefixes specified by join.as() must match the number of joined streams";
  if (const tick_property *fill = property("fill"); fill && fill->n_args > 0) {
    const tick_arg &arg = fill->args[0];
    if (arg.type == TICK_INT || arg.type == TICK_FLOAT) {
      fill_ = Fill::Number;
      fill_value_ = Value{arg.as, arg.type};
    } else if (arg.type == TICK_STRING && View(arg.as.s) == "null") {
      fill_ = Fill::Null;
    } else if (arg.type != TICK_STRING || View(arg.as.s) != "none") {
      return "unexpected fill option " + (arg.type == TICK_STRING ? std::string(View(arg.as.s)) : std::string());
    }
  }
  for (uint32_t i = 0; i < spec().n_needs && !spec().needs_all; ++i) {
    std::string_view need = spec().needs[i];
    for (const std::string &prefix : as_)
      if (need.starts_with(prefix + delimiter_)) wanted_.push_back(Intern(need.substr(prefix.size() + delimiter_.size())));
  }
  std::sort(wanted_.begin(), wanted_.end(), NameLess);
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  return "";
}

// --- groups --------------------------------------------------------------------------------------------

std::shared_ptr<JoinGroup> JoinNode::join_group(Group *group) {
  std::shared_ptr<JoinGroup> &found = joined_[group->id];
  if (!found) found = std::make_shared<JoinGroup>(spec().n_parents, groups_.keep(group));
  return found;
}

JoinNode::Known &JoinNode::known(Group *group) {
  if (uint64_t epoch = groups_.epoch(); epoch != epoch_) {
    known_.clear();
    epoch_ = epoch;
  }
  Known &of = known_[group];
  if (of.group || of.key) return of;
  of.specific = on_.empty() || group->tags.size() > on_.size();
  if (of.specific) of.group = join_group(group);
  if (on_.empty()) return of;
  Tags tags;
  for (Name name : on_) {
    const std::string *value = FindTag(group->tags, name);
    tags.push_back({name, value ? *value : std::string()});
  }
  std::unique_ptr<MatchKey> &key = keys_[GroupId(group->name, group->by_name, tags, false)];
  if (!key) key = std::make_unique<MatchKey>(spec().n_parents);
  of.key = key.get();
  return of;
}

// --- in ------------------------------------------------------------------------------------------------

HeldPtr JoinNode::take_spare() {
  if (spare_.empty()) return std::make_shared<Held>();
  HeldPtr held = std::move(spare_.back());
  spare_.pop_back();
  return held;
}

void JoinNode::give_back(JoinSet &set) {
  constexpr size_t kMostSpare = 1024;
  for (HeldPtr &held : set.slots)
    if (held && held.use_count() == 1 && !held->batch && spare_.size() < kMostSpare) {
      held->fields.clear();
      spare_.push_back(std::move(held));
    }
}

// A copy of a point, of the fields that somebody reads.
HeldPtr JoinNode::hold(const Frame &frame, uint32_t row) {
  HeldPtr held = take_spare();
  held->series = frame.series[row];
  held->name = held->series->measurement;
  if (spec().needs_all) {
    frame.fields(row, held->fields);
  } else {
    for (const NamedColumn &named : columns_)
      if (Value value = named.column.at(row); TypeOf(value) != Type::Missing) held->fields.push_back({named.name, value});
  }
  held->own();
  return held;
}

void JoinNode::points(const Frame &frame, unsigned source) {
  columns_.clear();
  if (!spec().needs_all)
    for (Name name : wanted_) columns_.push_back({name, frame.column(name)});
  for (uint32_t row : frame.rows) {
    HeldPtr held = hold(frame, row);
    learn(source, held->fields);
    message(known(frame.groups[row]), source, RoundTime(frame.times[row], tolerance_), std::move(held));
  }
  release();
  flush();
}

void JoinNode::batch(const Batch &batch, unsigned source) {
  auto held = std::make_shared<Held>();
  held->name = batch.name;
  held->batch = KeptBatch::Of(batch, groups_, spec().needs_all ? nullptr : &wanted_);
  if (!on_.empty() && !batch.points.rows.empty()) {
    batch.points.fields(batch.points.rows[0], fields_);
    learn(source, fields_);
  }
  message(known(batch.group), source, RoundTime(batch.tmax, tolerance_), std::move(held));
  release();
  flush();
}

// What a side that a group never has would have had: with on() such groups are the rule.
void JoinNode::learn(unsigned source, const Fields &fields) {
  if (on_.empty() || fill_ == Fill::None) return;
  std::vector<Name> &own = own_[source];
  for (const Field &field : fields) {
    auto at = std::lower_bound(own.begin(), own.end(), field.name, NameLess);
    if (at == own.end() || *at != field.name) own.insert(at, field.name);
  }
}

void JoinNode::message(Known &of, unsigned source, int64_t time, HeldPtr held) {
  if (on_.empty()) return collect(*of.group, source, time, std::move(held));
  reported_[source] = true;
  overall_[source].raise(time);
  bool all = std::all_of(reported_.begin(), reported_.end(), [](bool reported) { return reported; });
  Waiting waiting{source, time, std::move(held), of.group};
  if (of.specific) of.key->specific(std::move(waiting), all, &meetings_);
  else of.key->match(std::move(waiting), all, &meetings_);
  forced_.add(static_cast<int64_t>(of.key->limit(kMostHeld, &meetings_)));
  list(of.key);
  meet();
}

void JoinNode::list(MatchKey *key) {
  if (key->listed || !key->lonely()) return;
  key->listed = true;
  lonely_.push_back(key);
}

void JoinNode::meet() {
  for (Meeting &meeting : meetings_) {
    JoinGroup &group = *meeting.specific.group;
    if (meeting.match.held) {
      collect(group, meeting.specific.source, meeting.specific.time, meeting.specific.held);
      // Its tags are not shown: a set has those of its group.
      collect(group, meeting.match.source, meeting.match.time, meeting.match.held);
      continue;
    }
    // Nobody will come any more: the other sources count as past this time.
    for (unsigned i = 0; i < spec().n_parents; ++i)
      if (i != meeting.specific.source) group.sets.raise(i, meeting.low);
    collect(group, meeting.specific.source, meeting.specific.time, meeting.specific.held);
  }
  meetings_.clear();
}

// Messages of keys that one source never sends of.
void JoinNode::release() {
  if (on_.empty() || !std::all_of(reported_.begin(), reported_.end(), [](bool reported) { return reported; })) return;
  for (MatchKey *key : lonely_) key->release(overall_, &meetings_);
  std::erase_if(lonely_, [](MatchKey *key) { return !(key->listed = key->lonely()); });
  meet();
}

void JoinNode::advance(Known &of, unsigned source, int64_t time) {
  if (on_.empty()) {
    of.group->sets.advance(source, time, &due_);
    return emit_due(*of.group);
  }
  reported_[source] = true;
  overall_[source].raise(time);
  bool all = std::all_of(reported_.begin(), reported_.end(), [](bool reported) { return reported; });
  of.key->advance(source, time, all, &meetings_);
  meet();
}

void JoinNode::skipped(const Frame &frame, unsigned source) {
  for (uint32_t row : frame.rows) advance(known(frame.groups[row]), source, RoundTime(frame.times[row], tolerance_));
  release();
  flush();
}

void JoinNode::barrier(Group *group, int64_t time, unsigned source) {
  if (old_) return;
  advance(known(group), source, RoundTime(time, tolerance_));
  release();
  flush();
  emit_barrier(groups_.same(group), time);
}

void JoinNode::delete_group(Group *group, unsigned) {
  auto found = joined_.find(group->id);
  if (found != joined_.end()) {
    for (auto &[id, key] : keys_) key->forget(found->second.get());
    joined_.erase(found);
    known_.clear();
  }
  if (delete_all_)
    for (auto &[id, key] : keys_) key->forget_marks();
  emit_delete(groups_.same(group));
}

void JoinNode::finish() {
  for (auto &[id, key] : keys_) key->drain(&meetings_);
  meet();
  std::vector<std::pair<std::string_view, JoinGroup *>> groups;
  for (auto &[id, group] : joined_) groups.emplace_back(id, group.get());
  std::sort(groups.begin(), groups.end());
  for (auto &[id, group] : groups) {
    group->sets.drain(&due_);
    emit_due(*group);
  }
  flush();
}

void JoinNode::adopt(Node &old) {
  auto *before = dynamic_cast<JoinNode *>(&old);
  if (!before || before->spec().n_parents != spec().n_parents) return;
  joined_ = std::move(before->joined_);
  keys_ = std::move(before->keys_);
  reported_ = before->reported_;
  overall_ = before->overall_;
  lonely_ = std::move(before->lonely_);
  own_ = std::move(before->own_);
  for (auto &[id, group] : joined_) group->group->group = nullptr;
}

// What waits for a partner of other dimensions (on()) is not kept.
void JoinNode::exchange(StateArchive &archive) {
  if (!on_.empty()) return;
  auto at = joined_.begin();
  for (size_t n = archive.length(joined_.size()); n-- > 0 && archive.ok();) {
    std::shared_ptr<KeptGroup> group = archive.loading() ? nullptr : at->second->group;
    Exchange(archive, group);
    if (!archive.loading()) {
      (at++)->second->sets.exchange(archive);
      continue;
    }
    if (!group) return archive.fail();
    auto made = std::make_shared<JoinGroup>(spec().n_parents, group);
    made->sets.exchange(archive);
    std::string id = groups_.now(*group)->id;
    if (archive.ok()) joined_[std::move(id)] = std::move(made);
  }
}

// --- out -----------------------------------------------------------------------------------------------

void JoinNode::collect(JoinGroup &group, unsigned source, int64_t time, HeldPtr held) {
  group.sets.collect(source, time, std::move(held), old_, &due_);
  for (; group.sets.size() > kMostHeld; forced_.add(1)) group.sets.force(&due_);
  emit_due(group);
}

void JoinNode::emit_due(JoinGroup &group) {
  for (JoinSet &set : due_) {
    bool batches = std::any_of(set.slots.begin(), set.slots.end(), [](const HeldPtr &held) { return held && held->batch; });
    if (batches) emit_batch(group, set);
    else emit_point(group, set);
    give_back(set);
  }
  due_.clear();
}

// The name a source's field has in the output; null where nobody reads it.
Name JoinNode::out_name(unsigned source, Name field) {
  Name *known = names_[source].find(field);
  if (known) return *known;
  std::string name = as_[source] + delimiter_ + *field;
  bool needed = spec().needs_all != 0;
  for (uint32_t i = 0; i < spec().n_needs && !needed; ++i) needed = name == spec().needs[i];
  return names_[source][field] = needed ? Intern(name) : nullptr;
}

// Fields of a source that has nothing: the names of the first one present, and with on() those it has elsewhere.
// False where there is no output then.
bool JoinNode::fill_fields(unsigned source, const Fields &first, PointsOut &out) {
  if (fill_ == Fill::None) return false;
  auto fill = [&](Name field) {
    Name name = out_name(source, field);
    if (!name) return;
    if (fill_ == Fill::Null) out.set_null(name);
    else out.set(name, fill_value_);
  };
  for (const Field &field : first) fill(field.name);
  for (Name field : own_[source])
    if (!FindField(first, field)) fill(field);
  return true;
}

Name JoinNode::name_of(const JoinSet &set) const {
  if (stream_name_) return stream_name_;
  for (const HeldPtr &held : set.slots)
    if (held) return held->name;
  return nullptr;
}

const Series *JoinNode::series_of(JoinGroup &group, Name name) {
  if (group.series_name != name) {
    group.series_name = name;
    group.series = InternSeries(InternOrigin("", ""), name, group.group->tags);
  }
  return group.series;
}

void JoinNode::emit_point(JoinGroup &group, const JoinSet &set) {
  if (fill_ == Fill::None && set.present < set.slots.size()) return;
  const Held *first = nullptr;
  for (const HeldPtr &held : set.slots)
    if (held && !first) first = held.get();
  out_.add(set.time, series_of(group, name_of(set)), groups_.now(*group.group));
  for (unsigned source = 0; source < set.slots.size(); ++source) {
    if (!set.slots[source]) {
      fill_fields(source, first->fields, out_);
      continue;
    }
    for (const Field &field : set.slots[source]->fields)
      if (Name name = out_name(source, field.name)) out_.set(name, field.value);
  }
}

// Points of the batches side by side, by rounded time (nodes.md 13.3).
void JoinNode::emit_batch(JoinGroup &group, const JoinSet &set) {
  size_t n = set.slots.size();
  std::vector<Frame> frames(n);
  std::vector<size_t> at(n), taken(n);
  for (size_t i = 0; i < n; ++i)
    if (set.slots[i]) frames[i] = set.slots[i]->batch->points.frame();
  auto done = [&](size_t i) { return at[i] >= frames[i].rows.size(); };
  auto time_at = [&](size_t i) { return RoundTime(frames[i].times[frames[i].rows[at[i]]], tolerance_); };
  const Series *series = series_of(group, name_of(set));
  Group *to = groups_.now(*group.group);
  PointsOut points;
  bool have_first = false;
  for (;;) {
    // The earliest time of any source; all that have it are taken.
    bool any = false;
    int64_t time = 0;
    for (size_t i = 0; i < n; ++i)
      if (!done(i) && (!any || time_at(i) < time)) {
        time = time_at(i);
        any = true;
      }
    if (!any) break;
    size_t present = 0;
    for (size_t i = 0; i < n; ++i) {
      taken[i] = !done(i) && time_at(i) == time;
      present += taken[i];
      if (taken[i] && !have_first) {
        frames[i].fields(frames[i].rows[at[i]], first_);
        have_first = true;
      }
    }
    if (present == n || fill_ != Fill::None) {
      points.add(time, series, to);
      for (unsigned i = 0; i < n; ++i) {
        if (!taken[i]) {
          fill_fields(i, first_, points);
          continue;
        }
        frames[i].fields(frames[i].rows[at[i]], fields_);
        for (const Field &field : fields_)
          if (Name name = out_name(i, field.name)) points.set(name, field.value);
      }
    } else if (old_) {
      return;  // 0.2: one point without partner, and the whole batch is lost
    }
    for (size_t i = 0; i < n; ++i) at[i] += taken[i];
  }
  flush();
  emit(Batch{name_of(set), to, set.time, points.frame()});
}

void JoinNode::flush() {
  if (out_.empty()) return;
  emit(out_.frame());
  out_.clear();
}

}  // namespace

NodeResult MakeJoin(const tick_node &spec, Task &task) {
  auto node = std::make_unique<JoinNode>(spec, task);
  if (std::string error = node->read_properties(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
