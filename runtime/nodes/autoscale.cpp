// autoscale.cpp - `|k8sAutoscale()`, `|swarmAutoscale()`, `|ec2Autoscale()`: has as many replicas as a lambda says.
//
// In: points, or the points of batches. Out: a point for each change that was made, with the fields `old` and `new`.
// What there is now is asked once a resource and remembered. A resource has one call under way at a time; its points
// wait for the end of it in order, so each is decided by what the one before brought about, while other resources and
// the task's other nodes go on. Limits come before the cool-down; a change that failed is none.
#include <condition_variable>
#include <cstring>
#include <deque>
#include <limits>
#include <mutex>

#include "runtime/engine/scaler.h"
#include "runtime/engine/services.h"
#include "runtime/engine/state_archive.h"
#include "runtime/lambda/binding.h"
#include "runtime/nodes/points_out.h"
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

constexpr int64_t kNeverChanged = std::numeric_limits<int64_t>::min();
constexpr size_t kMostWaiting = 1000;  // points of a resource, while a call is under way
constexpr auto kLongestFinish = std::chrono::seconds(30);

// A point that waits, with what the lambda refers to.
struct WaitingPoint {
  int64_t time;
  const Series *series;
  std::shared_ptr<KeptGroup> group;
  std::vector<Value> refs;  // one a reference; strings are in `texts`
  std::deque<std::string> texts;
};

struct Resource {
  ScaledResource id;
  bool known = false, busy = false;
  int64_t current = 0, last_increase = kNeverChanged, last_decrease = kNeverChanged;
  std::deque<WaitingPoint> waiting;  // the first one's call is under way, while busy
  int64_t wanted = 0;                // by that call, where it is a change
};

// The ends of calls, told by other threads.
struct Inbox {
  struct End {
    Resource *resource;
    int64_t replicas;
    std::string error;
  };
  std::mutex mutex;
  std::condition_variable came;
  std::vector<End> ends;
  std::atomic<bool> any{false};
  std::shared_ptr<Waker> waker;

  void add(End end) {
    std::shared_ptr<Waker> of;
    {
      std::lock_guard lock(mutex);
      ends.push_back(std::move(end));
      any.store(true, std::memory_order_release);
      of = waker;
    }
    came.notify_all();
    if (of) of->wake();
  }
  std::vector<End> take() {
    std::lock_guard lock(mutex);
    any.store(false, std::memory_order_release);
    return std::exchange(ends, {});
  }
};

class AutoscaleNode final : public Node {
 public:
  AutoscaleNode(const tick_node &spec, Task &task) : Node(spec, task), groups_(*this, task) {}
  std::string read_properties();

  void points(const Frame &frame, unsigned) override {
    for (uint32_t row : frame.rows) take(frame, row, frame.groups[row]);
    flush();
  }
  void batch(const Batch &batch, unsigned) override {
    for (uint32_t row : batch.points.rows) take(batch.points, row, batch.group);
    flush();
  }
  void barrier(Group *group, int64_t time, unsigned) override { emit_barrier(groups_.same(group), time); }
  void delete_group(Group *group, unsigned source) override { Node::delete_group(groups_.same(group), source); }
  bool wants_skipped() const override { return false; }
  int64_t next_tick() const override { return inbox_->any.load(std::memory_order_acquire) ? 0 : kNever; }
  void tick(int64_t) override {
    settle();
    flush();
  }
  void finish() override;
  void adopt(Node &old) override;
  void exchange(StateArchive &archive) override;
  bool keeps_state() const override { return true; }
  void init_state(void *at) override { std::memset(at, 0, spec().state_size); }
  bool exchange_state(void *at, Group *, StateArchive &archive) override {
    archive.bytes(at, spec().state_size);
    return true;
  }
  std::map<std::string, int64_t> stats() const override;

 private:
  bool identify(const Series &series, ScaledResource *id) const;
  void take(const Frame &frame, uint32_t row, Group *group);
  bool refs_of(const Frame &frame, uint32_t row, WaitingPoint *point);
  void go_on(Resource &resource);
  bool decide(Resource &resource, WaitingPoint &point);
  bool wanted(const Resource &resource, WaitingPoint &point, int64_t *n);
  void settle();
  void end(const Inbox::End &end);
  void changed(Resource &resource);
  Scaler::Done done(Resource &resource) {
    return [inbox = inbox_, at = &resource](int64_t n, std::string error) { inbox->add({at, n, std::move(error)}); };
  }
  void flush() {
    if (out_.empty()) return;
    emit(out_.frame());
    out_.clear();
  }

  const Lambda *replicas_ = nullptr;
  Name current_field_ = nullptr;
  int64_t min_ = 1, max_ = 0, increase_cooldown_ = 0, decrease_cooldown_ = 0;
  std::string name_, space_, kind_;                  // of the resource; no name: by the tag
  Name name_tag_ = nullptr;
  Name out_name_ = nullptr, out_space_ = nullptr, out_kind_ = nullptr;  // tags of the output
  std::shared_ptr<Scaler> scaler_;
  std::map<ScaledResource, Resource> resources_;
  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  OutGroups groups_;
  PointsOut out_;
  Counter increases_, decreases_, cooldown_drops_;
};

std::string AutoscaleNode::read_properties() {
  auto name_of = [&](std::string_view property, std::string_view otherwise) {
    std::string text = string_property(property, otherwise);
    return text.empty() ? nullptr : Intern(text);
  };
  std::string_view kind = spec().kind;
  std::string what = kind == "k8sAutoscale" ? "resource" : kind == "swarmAutoscale" ? "service" : "group";
  name_ = string_property(what + "Name", "");
  name_tag_ = name_of(what + "NameTag", "");
  if (kind == "k8sAutoscale") {
    space_ = string_property("namespace", "default");
    kind_ = string_property("kind", "deployments");
    out_name_ = name_of("resourceTag", "resource");
    out_space_ = name_of("namespaceTag", "namespace");
    out_kind_ = name_of("kindTag", "kind");
  } else {
    out_name_ = name_of(kind == "swarmAutoscale" ? "outputServiceNameTag" : "outputGroupNameTag", string_property(what + "NameTag", ""));
  }
  min_ = int_property("min", 1);
  max_ = int_property("max", 0);
  increase_cooldown_ = int_property("increaseCooldown", 0);
  decrease_cooldown_ = int_property("decreaseCooldown", 0);
  current_field_ = name_of("currentField", "");
  const tick_property *replicas = property("replicas");
  if (!replicas || replicas->n_args != 1 || replicas->args[0].type != TICK_LAMBDA) return "must provide a replicas lambda expression";
  if (name_.empty() == !name_tag_) return "must specify exactly one of " + what + "Name or " + what + "NameTag";
  replicas_ = &task().lambda(replicas->args[0].as.i);
  inbox_->waker = task().waker();
  std::string error;
  scaler_ = task().services().scaler(kind, string_property("cluster", ""), &error);
  return scaler_ ? "" : error;
}

bool AutoscaleNode::identify(const Series &series, ScaledResource *id) const {
  *id = {name_, space_, kind_};
  if (!name_tag_) return true;
  const std::string *tag = FindTag(series.tags, name_tag_);
  if (!tag || tag->empty()) return false;
  id->name = *tag;
  return true;
}

// False: a name is both a field and a tag, or the like; the point was reported.
bool AutoscaleNode::refs_of(const Frame &frame, uint32_t row, WaitingPoint *point) {
  for (Name name : replicas_->refs()) {
    Value value = MakeMissing();
    if (name == TimeName()) {
      value = MakeTime(frame.times[row]);
    } else if (name != current_field_ && !ReferenceValue(frame, row, name, &value)) {
      error("error handling point", "cannot have field and tags with same name \"" + *name + "\"", &frame, row);
      return false;
    }
    if (TypeOf(value) == Type::String) value = MakeString(point->texts.emplace_back(StringOf(value)));
    point->refs.push_back(value);
  }
  return true;
}

void AutoscaleNode::take(const Frame &frame, uint32_t row, Group *group) {
  ScaledResource id;
  if (!identify(*frame.series[row], &id))
    return error("error handling point", "could not determine the name of the resource", &frame, row);
  Resource &resource = resources_[id];
  resource.id = id;
  if (resource.waiting.size() >= kMostWaiting)
    return error("error handling point", "too many points wait for the answer about " + id.name, &frame, row);
  WaitingPoint point{frame.times[row], frame.series[row], groups_.keep(group), {}, {}};
  if (!refs_of(frame, row, &point)) return;
  resource.waiting.push_back(std::move(point));
  go_on(resource);
}

// Decides the points that wait until one of them needs a call.
void AutoscaleNode::go_on(Resource &resource) {
  while (!resource.busy && !resource.waiting.empty()) {
    if (!resource.known) {
      resource.busy = true;
      scaler_->ask(resource.id, done(resource));
    } else if (decide(resource, resource.waiting.front())) {
      resource.busy = true;
      scaler_->set(resource.id, resource.wanted, done(resource));
    } else {
      resource.waiting.pop_front();
    }
    // A scaler may have answered before it returned.
    if (inbox_->any.load(std::memory_order_acquire)) return settle();
  }
}

bool AutoscaleNode::wanted(const Resource &resource, WaitingPoint &point, int64_t *n) {
  const std::vector<Name> &refs = replicas_->refs();
  for (size_t i = 0; i < refs.size(); ++i)
    if (refs[i] == current_field_) point.refs[i] = MakeInt(resource.current);
  void *state = replicas_->stateful() ? this->state(groups_.now(*point.group)) : nullptr;
  Value value = MakeMissing();
  std::string cause;
  if (!replicas_->run_values(task().context(), point.refs.data(), state, &value)) cause = task().context().message;
  else if (TypeOf(value) != Type::Int) cause = "expression returned unexpected type " + std::string(GoTypeName(TypeOf(value))) + ", want int64";
  *n = value.as.i;
  if (!cause.empty()) error("error handling point", "failed to evaluate the replicas expression: " + cause);
  return cause.empty();
}

// Whether the point wants a change that may be made now; resource.wanted is set then.
bool AutoscaleNode::decide(Resource &resource, WaitingPoint &point) {
  int64_t n = 0;
  if (!wanted(resource, point, &n)) return false;
  if (max_ > 0 && n > max_) n = max_;
  if (n < min_) n = min_;
  if (n == resource.current) return false;
  bool more = n > resource.current;
  int64_t last = more ? resource.last_increase : resource.last_decrease, until = 0;
  if (last != kNeverChanged && !__builtin_add_overflow(last, more ? increase_cooldown_ : decrease_cooldown_, &until) && point.time < until) {
    cooldown_drops_.add(1);
    return false;
  }
  resource.wanted = n;
  return true;
}

void AutoscaleNode::settle() {
  while (inbox_->any.load(std::memory_order_acquire))
    for (const Inbox::End &end : inbox_->take()) this->end(end);
}

void AutoscaleNode::end(const Inbox::End &end) {
  Resource &resource = *end.resource;
  resource.busy = false;
  if (!resource.known) {
    if (end.error.empty()) {
      resource.known = true;
      resource.current = end.replicas;
    } else {
      // The next point that comes asks again.
      for (size_t i = 0; i < resource.waiting.size(); ++i)
        error("error handling point", "could not determine initial scale of " + resource.id.name + ": " + end.error);
      resource.waiting.clear();
    }
  } else {
    if (end.error.empty()) changed(resource);
    else error("error handling point", "failed to apply scaling event to " + resource.id.name + ": " + end.error);
    if (!resource.waiting.empty()) resource.waiting.pop_front();
  }
  go_on(resource);
}

void AutoscaleNode::changed(Resource &resource) {
  if (resource.waiting.empty()) return;  // was given up by a reload
  const WaitingPoint &point = resource.waiting.front();
  bool more = resource.wanted > resource.current;
  (more ? increases_ : decreases_).add(1);
  (more ? resource.last_increase : resource.last_decrease) = point.time;
  Tags tags = point.group->tags;
  if (out_space_) SetTag(tags, out_space_, resource.id.space);
  if (out_kind_) SetTag(tags, out_kind_, resource.id.kind);
  if (out_name_) SetTag(tags, out_name_, resource.id.name);
  const Series *series = InternSeries(InternOrigin("", ""), point.series->measurement, std::move(tags));
  out_.add(point.time, series, Regroup(groups_, *series, groups_.now(*point.group)));
  out_.set(Intern("new"), MakeInt(resource.wanted));
  out_.set(Intern("old"), MakeInt(resource.current));
  resource.current = resource.wanted;
}

void AutoscaleNode::finish() {
  auto until = std::chrono::steady_clock::now() + kLongestFinish;
  auto busy = [&] {
    for (const auto &[id, resource] : resources_)
      if (resource.busy) return true;
    return false;
  };
  settle();
  while (busy()) {
    std::unique_lock lock(inbox_->mutex);
    if (!inbox_->came.wait_until(lock, until, [&] { return !inbox_->ends.empty(); })) break;
    lock.unlock();
    settle();
  }
  flush();
}

void AutoscaleNode::adopt(Node &old) {
  auto *before = dynamic_cast<AutoscaleNode *>(&old);
  if (!before) return;
  resources_ = std::move(before->resources_);
  inbox_ = before->inbox_;  // calls under way end here
  before->inbox_ = std::make_shared<Inbox>();
  before->resources_.clear();
  {
    std::lock_guard lock(inbox_->mutex);
    inbox_->waker = task().waker();
  }
  bool same = before->replicas_->refs() == replicas_->refs();
  for (auto &[id, resource] : resources_) {
    if (!same) resource.waiting.clear();
    for (WaitingPoint &point : resource.waiting) point.group->group = nullptr;
  }
}

// How many there are is asked again after a restart; when they changed last is not known to anybody else.
void AutoscaleNode::exchange(StateArchive &archive) {
  size_t n = archive.length(resources_.size());
  auto at = resources_.begin();
  for (size_t i = 0; i < n && archive.ok(); ++i) {
    Resource resource;
    if (!archive.loading()) {
      resource.id = at->second.id;
      resource.last_increase = at->second.last_increase;
      resource.last_decrease = at->second.last_decrease;
      ++at;
    }
    archive.text(resource.id.name);
    archive.text(resource.id.space);
    archive.text(resource.id.kind);
    archive.number(resource.last_increase);
    archive.number(resource.last_decrease);
    if (archive.loading() && archive.ok()) resources_[resource.id] = std::move(resource);
  }
}

std::map<std::string, int64_t> AutoscaleNode::stats() const {
  std::map<std::string, int64_t> stats = Node::stats();
  if (spec().state_size == 0) stats["working_cardinality"] = static_cast<int64_t>(task().groups(spec().domain).size());
  stats["increase_events"] = increases_.get();
  stats["decrease_events"] = decreases_.get();
  stats["cooldown_drops"] = cooldown_drops_.get();
  return stats;
}

}  // namespace

NodeResult MakeAutoscale(const tick_node &spec, Task &task) {
  auto node = std::make_unique<AutoscaleNode>(spec, task);
  if (std::string error = node->read_properties(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
