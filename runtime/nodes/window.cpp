// window.cpp - `|window()`: collects the points of a group into batches, by time or by count (nodes.md 7).
//
// In: points. Out: a batch when the window's end is reached, in place: the buffer is the batch's block. Kept are
// the fields that somebody downstream reads. Where the only reader is a function that needs no points (count, sum,
// mean, spread) and windows do not overlap, no points are kept at all, only what the function would compute.
#include <algorithm>

#include "runtime/nodes/function_node.h"
#include "runtime/support/time_round.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

constexpr int64_t kMostAtOnce = 10'000;  // windows of a group that end with one point: a gap of years is no flood

struct WindowState {
  int64_t next = 0;        // time, or count, of the next batch
  int64_t seen = 0;        // points so far
  Name name = nullptr;     // of the group's first point
  std::unique_ptr<PointBuffer> points;
  Running running;
};
static_assert(sizeof(WindowState) == StateSizeOf("window"));

class WindowNode final : public Node {
 public:
  WindowNode(const tick_node &spec, Task &task);
  std::string refusal() const;

  std::optional<std::string> start() override;
  void points(const Frame &frame, unsigned) override;
  void barrier(Group *group, int64_t time, unsigned) override;
  int64_t next_tick() const override { return flush_after_ > 0 ? next_flush_ : kNever; }
  void tick(int64_t now) override;
  bool wants_skipped() const override { return false; }
  void skipped(const Frame &, unsigned) override {}
  void init_state(void *at) override { new (at) WindowState; }
  void drop_state(void *at) override { static_cast<WindowState *>(at)->~WindowState(); }
  // What a function had counted is of no use to another one, nor to one that wants the points.
  bool takes_state_of(const Node &old) const override {
    const FunctionNode *before = static_cast<const WindowNode &>(old).function_;
    return !before || (function_ && function_->counts_like(*before));
  }
  bool exchange_state(void *at, Group *, StateArchive &archive) override;
  void move_state(void *from, void *to) override {
    auto *old = static_cast<WindowState *>(from);
    new (to) WindowState(std::move(*old));
    old->~WindowState();
  }

 private:
  bool by_count() const { return period_count_ > 0; }
  bool tumbling() const;
  int64_t end_after(int64_t time) const;
  void close(WindowState &state, Group *group, int64_t time);
  void begin(WindowState &state, int64_t time, Name name);
  void by_time(WindowState &state, const Frame &frame, uint32_t row);
  void every_point(WindowState &state, const Frame &frame, uint32_t row);
  void counted(WindowState &state, const Frame &frame, uint32_t row);
  void make_buffer(WindowState &state);
  void fold(WindowState &state);
  void count_in(Running &running, const Column &value, uint32_t row);
  void keep(WindowState &state, const Frame &frame, uint32_t row);
  void purge(WindowState &state, int64_t before);
  void emit_window(WindowState &state, Group *group, int64_t time);

  int64_t period_, every_, period_count_, every_count_;
  bool align_, fill_, empty_;
  int64_t offset_;              // of the multiples that windows align to
  int64_t flush_after_;         // wall clock after a window's end
  int64_t next_flush_ = kNever;
  std::vector<Name> needs_;
  FunctionNode *function_ = nullptr;          // reads runnings instead of points
  std::vector<FunctionNode *> functions_;     // children whose results of one frame go out together
  std::vector<Column> columns_;               // of the frame under way
  Column value_;
  Group *group_ = nullptr;
};

WindowNode::WindowNode(const tick_node &spec, Task &task)
    : Node(spec, task),
      period_(int_property("period", 0)),
      every_(int_property("every", 0)),
      period_count_(int_property("periodCount", 0)),
      every_count_(int_property("everyCount", 0)),
      align_(flag("align")),
      fill_(flag("fillPeriod")),
      empty_(flag("emptyWindows")),
      offset_(int_property("alignOffset", 0)),
      flush_after_(int_property("flushAfter", 0)) {
  for (uint32_t i = 0; i < spec.n_needs; ++i) needs_.push_back(Intern(spec.needs[i]));
}

std::string WindowNode::refusal() const {
  if (period_ != 0 && period_count_ != 0) return "cannot specify both period and periodCount";
  if (align_ && period_count_ != 0) return "can only align windows based off time, not count";
  if (period_count_ != 0 && every_count_ <= 0) return "everyCount must be greater than zero";
  if (offset_ != 0 && !align_) return "alignOffset needs align";
  if ((empty_ || flush_after_ != 0) && (every_ <= 0 || period_count_ != 0))
    return "emptyWindows and flushAfter are for windows by time that have an every";
  if (flush_after_ < 0) return "flushAfter must be greater than zero";
  if (period_ == 0 && period_count_ == 0)
    return "window node must have either a non zero period or non zero period count";
  return "";
}

// Whether a batch never holds a point that an earlier one held: then nothing older than the last batch matters.
bool WindowNode::tumbling() const {
  if (task().old_dialect()) return false;
  if (by_count()) return period_count_ == every_count_;
  return period_ == every_ && every_ > 0 && !(fill_ && align_);
}

// The end of the window that begins with a point of this time or, after a window ended, goes on with it.
int64_t WindowNode::end_after(int64_t time) const {
  return align_ ? TruncateTime(time + every_ - offset_, every_) + offset_ : time + every_;
}

std::optional<std::string> WindowNode::start() {
  if (flush_after_ > 0) next_flush_ = task().services().now() + every_;
  for (const auto &[child, source] : children())
    if (auto *function = dynamic_cast<FunctionNode *>(child)) functions_.push_back(function);
  if (tumbling() && children().size() == 1 && functions_.size() == 1 && functions_[0]->running() && !watched())
    function_ = functions_[0];
  return std::nullopt;
}

bool WindowNode::exchange_state(void *at, Group *, StateArchive &archive) {
  auto &state = *static_cast<WindowState *>(at);
  archive.number(state.next);
  archive.number(state.seen);
  archive.name(state.name);
  Exchange(archive, state.points, [this] {
    auto points = std::make_unique<PointBuffer>();
    if (!spec().needs_all) points->keep_only(needs_);
    return points;
  });
  archive.bytes(&state.running, sizeof state.running);
  return true;
}

// --- points --------------------------------------------------------------------------------------------

void WindowNode::points(const Frame &frame, unsigned) {
  columns_.clear();
  if (function_) value_ = frame.column(function_->field());
  else if (!spec().needs_all)
    for (Name name : needs_) columns_.push_back(frame.column(name));
  for (FunctionNode *function : functions_) function->hold();
  Group *last = nullptr;
  WindowState *state = nullptr;
  for (uint32_t row : frame.rows) {
    group_ = frame.groups[row];
    if (group_ != last) {
      state = &state_as<WindowState>(group_);
      last = group_;
      if (function_ && state->points) fold(*state);
    }
    if (!state->name) begin(*state, frame.times[row], frame.series[row]->measurement);
    if (by_count()) counted(*state, frame, row);
    else if (every_ == 0) every_point(*state, frame, row);
    else by_time(*state, frame, row);
  }
  for (FunctionNode *function : functions_) function->release();
}

void WindowNode::make_buffer(WindowState &state) {
  state.points = std::make_unique<PointBuffer>();
  if (!spec().needs_all) state.points->keep_only(needs_);
}

// The other way round, where the window before a reload kept points and this one need not.
void WindowNode::fold(WindowState &state) {
  Frame kept = state.points->frame();
  Column value = kept.column(function_->field());
  for (uint32_t row : kept.rows) count_in(state.running, value, row);
  state.points.reset();
}

void WindowNode::begin(WindowState &state, int64_t time, Name name) {
  state.name = name;
  if (!function_) make_buffer(state);
  if (by_count()) {
    state.next = fill_ ? period_count_ : every_count_;
  } else if (!fill_) {
    state.next = end_after(time);
  } else {
    state.next = time + period_;
    if (align_) {
      state.next = TruncateTime(time + period_ - offset_, every_) + offset_;
      if (state.next <= time + period_) state.next += every_;
    }
  }
}

void WindowNode::by_time(WindowState &state, const Frame &frame, uint32_t row) {
  int64_t time = frame.times[row];
  if (time >= state.next) close(state, group_, time);
  keep(state, frame, row);
}

// The window ends: a point or a barrier of `time`, or the clock, has passed its end.
void WindowNode::close(WindowState &state, Group *group, int64_t time) {
  int64_t ended = 0;
  do {
    purge(state, state.next - period_);
    emit_window(state, group, state.next);
    if (task().old_dialect() || (empty_ && ++ended < kMostAtOnce)) state.next += every_;
    else state.next = end_after(time);
  } while (empty_ && time >= state.next);
}

void WindowNode::every_point(WindowState &state, const Frame &frame, uint32_t row) {
  int64_t time = frame.times[row];
  if (task().old_dialect()) {
    // Nothing moves its end on: all points before this one, from a period before the first.
    purge(state, state.next - period_);
    emit_window(state, group_, state.next);
    keep(state, frame, row);
    return;
  }
  keep(state, frame, row);
  if (time < state.next) return;
  purge(state, time - period_ + 1);
  emit_window(state, group_, time);
  state.next = time;
}

void WindowNode::counted(WindowState &state, const Frame &frame, uint32_t row) {
  keep(state, frame, row);
  if (state.points && state.points->count() > static_cast<size_t>(period_count_)) state.points->pop_front(1);
  if (++state.seen != state.next) return;
  emit_window(state, group_, frame.times[row]);
  state.next += every_count_;
}

void WindowNode::keep(WindowState &state, const Frame &frame, uint32_t row) {
  if (!function_) {
    if (!state.points) {  // taken over from a window that kept none: what it had counted has no points
      make_buffer(state);
      state.running = {};
    }
    if (spec().needs_all) state.points->append(frame, row);
    else state.points->append(frame, row, columns_.data());
    return;
  }
  count_in(state.running, value_, row);
}

// One more point of a window that keeps none.
void WindowNode::count_in(Running &running, const Column &value, uint32_t row) {
  Type type = value.type_at(row);
  if (type != running.type || type == Type::Missing) {
    if (running.type != Type::Missing) {
      if (type == Type::Missing) {
        ++running.missing_later;
      } else {
        ++running.wrong;
        running.wrong_type = type;
      }
      return;
    }
    if (!function_->takes(type)) {
      if (type == Type::Missing) {
        ++running.missing_first;
      } else {
        ++running.refused;
        running.refused_type = type;
      }
      return;
    }
    running.type = type;
  }
  running.add(value, row);
}

// --- batches -------------------------------------------------------------------------------------------

// Cuts points older than `before` off the front, up to the first that is not.
void WindowNode::purge(WindowState &state, int64_t before) {
  if (!state.points) return;
  const std::vector<int64_t> &times = state.points->times;
  size_t first = state.points->first(), keep = first;
  while (keep < times.size() && times[keep] < before) ++keep;
  if (keep > first) state.points->pop_front(keep - first);
}

void WindowNode::emit_window(WindowState &state, Group *group, int64_t time) {
  if (!state.points) {
    RunningBlock kept(state.running);
    Frame frame;
    frame.block = &kept;
    emit(Batch{state.name, group, time, frame});
    state.running = {};
    return;
  }
  emit(Batch{state.name, group, time, state.points->frame()});
  // Windows that do not overlap: what was emitted would be cut at the next end.
  if (tumbling()) state.points->clear();
}

void WindowNode::barrier(Group *group, int64_t time, unsigned) {
  if (by_count()) return emit_barrier(group, time);
  auto &state = state_as<WindowState>(group);
  // No point has come: there is no end to reach.
  if (!state.name || time < state.next) return;
  if (every_ == 0) {
    purge(state, time - period_ + 1);
    emit_window(state, group, time);
    state.next = time;
    return;
  }
  close(state, group, time);
}

// By the wall clock, once an interval: windows whose end lies flush_after_ back, of groups that got no later point.
void WindowNode::tick(int64_t now) {
  next_flush_ = now + std::min(every_, flush_after_);
  task().groups(spec().domain).each([&](Group &group) {
    if (!has_state(&group)) return;
    auto &state = state_as<WindowState>(&group);
    if (!state.name || now - flush_after_ < state.next) return;
    bool any = state.points ? state.points->count() > 0 : state.running.n > 0;
    if (any || empty_) close(state, &group, now - flush_after_);
  });
}

}  // namespace

NodeResult MakeWindow(const tick_node &spec, Task &task) {
  auto node = std::make_unique<WindowNode>(spec, task);
  if (std::string error = node->refusal(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
