// function_node.cpp - sets in, results out.
#include "runtime/nodes/function_node.h"

#include <algorithm>
#include <map>

#include "runtime/nodes/state_size.h"

namespace tick {

#define TICK_SET_FUNCTION(method, shape, types, empty_ok, running, body) \
  static_assert(sizeof(FunctionState) == StateSizeOf(method));
#include "runtime/nodes/influxql.def"
#undef TICK_SET_FUNCTION
static_assert(sizeof(FunctionState) == StateSizeOf("reduce"));

namespace {

const Origin *Nowhere() {
  static const Origin *origin = InternOrigin("", "");
  return origin;
}

bool Contiguous(std::span<const uint32_t> rows) { return rows.back() - rows.front() + 1 == rows.size(); }

}  // namespace

// --- arguments ---------------------------------------------------------------------------------------

NodeResult FunctionNode::Make(const tick_node &spec, Task &task, std::string_view function, const tick_arg *args,
                              uint32_t n_args) {
  const SetFunction *row = FindSetFunction(function);
  if (!row) return {nullptr, "there is no function " + std::string(function)};
  std::unique_ptr<FunctionNode> node(new FunctionNode(spec, task, row));
  std::string error = node->read_args(args, n_args);
  if (!error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

std::string FunctionNode::read_args(const tick_arg *args, uint32_t n_args) {
  std::string_view name = function_->name;
  bool ranked = name == "top" || name == "bottom";
  uint32_t at = ranked ? 1 : 0;
  if (n_args <= at || args[at].type != TICK_STRING) return "needs the name of a field";
  field_ = Intern(View(args[at].as.s));
  if (ranked) {
    args_.n = args[0].as.i;
    for (const std::string &text : string_list(args + 2, n_args - 2)) names_.push_back(Intern(text));
  } else if (name == "percentile") {
    if (n_args != 2 || args[1].type != TICK_FLOAT) return "percentile needs a field and a float";
    args_.percentile = args[1].as.f;
  } else if (name.starts_with("holtWinters")) {
    if (n_args != 4) return "holtWinters needs a field, the number of forecasts, the season and the interval";
    args_.n = args[1].as.i;
    args_.season = args[2].as.i;
    args_.interval = args[3].as.i;
    args_.with_fit = name == "holtWintersWithFit";
  }
  args_.old_dialect = task().old_dialect();
  std::string default_name(name == "holtWintersWithFit" ? "holtWinters" : name);
  as_ = Intern(string_property("as", default_name));
  point_times_ = flag("usePointTimes") || name.starts_with("holtWinters");
  for (uint32_t i = 0; i < spec().n_needs; ++i) {
    Name need = Intern(spec().needs[i]);
    if (need != as_ && need != field_) needs_.push_back(need);
  }
  keep_ = names_;
  if (selects()) keep_.insert(keep_.end(), needs_.begin(), needs_.end());
  keep_.push_back(field_);
  std::sort(keep_.begin(), keep_.end(), NameLess);
  keep_.erase(std::unique(keep_.begin(), keep_.end()), keep_.end());
  return "";
}

void FunctionNode::move_state(void *from, void *to) {
  auto *old = static_cast<FunctionState *>(from);
  new (to) FunctionState(std::move(*old));
  old->~FunctionState();
}

std::unique_ptr<PointBuffer> FunctionNode::make_set() const {
  auto set = std::make_unique<PointBuffer>();
  if (!selects() || !spec().needs_all) set->keep_only(keep_);
  return set;
}

bool FunctionNode::exchange_state(void *at, Group *, StateArchive &archive) {
  auto &state = *static_cast<FunctionState *>(at);
  archive.series(state.series);
  archive.name(state.name);
  archive.number(state.time);
  archive.number(state.type);
  Exchange(archive, state.set, [this] { return make_set(); });
  bool counts = state.running != nullptr;
  archive.number(counts);
  if (archive.loading() && counts) state.running = std::make_unique<Running>();
  if (state.running) archive.bytes(state.running.get(), sizeof(Running));
  return true;
}

FunctionState &FunctionNode::begin(Group *group, Name name) {
  FunctionState &state = state_as<FunctionState>(group);
  if (!state.name) {
    state.name = name;
    state.series = InternSeries(Nowhere(), name, group->tags);
  }
  return state;
}

// --- sets --------------------------------------------------------------------------------------------

// A point whose type the function does not take, as the first of a set.
void FunctionNode::refuse(Type got, const Frame *frame, uint32_t row) {
  constexpr std::string_view kMessage = "failed to realize reduce context from fields";
  if (got == Type::Missing) {
    error(kMessage, "field \"" + *field_ + "\" missing from point", frame, row);
    return;
  }
  bool again = tried_ == got && has_worked_;
  tried_ = got;
  if (again) return;
  error(kMessage,
        says_next_error() ? "invalid influxql func " + std::string(function_->name) + " with field " + *field_ +
                                ": cannot apply " + std::string(function_->name) + " to " +
                                std::string(GoTypeName(got)) + " field"
                          : std::string(),
        frame, row);
}

// Whether a point belongs to the set; the first one that does decides the set's type.
bool FunctionNode::accept(Type got, Type *type, const Frame &frame, uint32_t row, bool of_stream) {
  if (got == *type && got != Type::Missing) return true;
  if (*type == Type::Missing) {
    if (!takes(got)) {
      refuse(got, &frame, row);
      return false;
    }
    *type = tried_ = got;
    has_worked_ = true;
    return true;
  }
  std::string_view message = of_stream ? "failed to aggregate point" : "failed to aggregate point in batch";
  if (!says_next_error()) errors.add(1);
  else if (got == Type::Missing) error(message, "field " + *field_ + " missing from point cannot aggregate", &frame, row);
  else
    error(message,
          "field " + *field_ + " has wrong type: got " + std::string(GoTypeName(got)) + " exp " +
              std::string(GoTypeName(*type)),
          &frame, row);
  return false;
}

// The usable values of a batch, side by side.
void FunctionNode::gather(const Frame &frame, ValueSet *set, std::vector<uint32_t> *rows) {
  Column column = frame.column(field_);
  std::span<const uint32_t> all = frame.rows;
  if (!all.empty() && !column.types && takes(column.type) && Contiguous(all)) {
    // Where they lie.
    set->type = tried_ = column.type;
    has_worked_ = true;
    uint32_t first = all.front();
    set->n = all.size();
    set->times = frame.times + first;
    const void *array = column.array(column.type);
    size_t width = column.type == Type::Bool ? 1 : column.type == Type::String ? sizeof(tick_string) : 8;
    set->values = static_cast<const char *>(array) + first * width;
    rows->assign(all.begin(), all.end());
    return;
  }
  rows->clear();
  for (uint32_t row : all)
    if (accept(column.type_at(row), &set->type, frame, row, false)) rows->push_back(row);
  size_t n = set->n = rows->size();
  if (n == 0) return;
  Arena &arena = task().arena();
  auto *times = arena.array<int64_t>(n);
  for (size_t i = 0; i < n; ++i) times[i] = frame.times[(*rows)[i]];
  set->times = times;
  auto copy = [&]<class T>(const T *from) {
    T *values = arena.array<T>(n);
    for (size_t i = 0; i < n; ++i) values[i] = from[(*rows)[i]];
    set->values = values;
  };
  if (set->type == Type::Bool) copy(column.bools);
  else if (set->type == Type::String) copy(column.strings);
  else copy(static_cast<const int64_t *>(column.words));
}

void FunctionNode::batch(const Batch &batch, unsigned) {
  FunctionState &state = begin(batch.group, batch.name);
  if (auto *kept = dynamic_cast<const RunningBlock *>(batch.points.block))
    return emit_running(state, batch, kept->running());
  emit_set(state, batch.group, batch.tmax, batch.points);
}

void FunctionNode::points(const Frame &frame, unsigned) {
  ++held_;
  Column column = frame.column(field_);
  for (uint32_t row : frame.rows) {
    Group *group = frame.groups[row];
    FunctionState &state = begin(group, frame.series[row]->measurement);
    if (running()) {
      running_point(state, group, frame, row, column);
      continue;
    }
    if (!state.set) state.set = make_set();
    if (!state.set->empty() && frame.times[row] != state.time) {
      emit_set(state, group, state.time, state.set->frame());
      state.set->clear();
    }
    if (state.set->empty()) state.type = Type::Missing;
    state.time = frame.times[row];
    if (accept(column.type_at(row), &state.type, frame, row, true)) state.set->append(frame, row);
  }
  --held_;
  flush();
}

// The same for a function that needs no points.
void FunctionNode::running_point(FunctionState &state, Group *group, const Frame &frame, uint32_t row, const Column &column) {
  if (!state.running) state.running = std::make_unique<Running>();
  Running &running = *state.running;
  if (running.n > 0 && frame.times[row] != state.time) {
    out_.add(state.time, state.series, groups_.same(group));
    out_.set(as_, running.result(function_->running));
    running = {};
  }
  state.time = frame.times[row];
  if (accept(column.type_at(row), &running.type, frame, row, true)) running.add(column, row);
}

// --- results -----------------------------------------------------------------------------------------

// Numbers the combinations of the names' values, for top and bottom.
void FunctionNode::combinations(const Frame &frame, const uint32_t *rows, size_t n) {
  args_.combination = nullptr;
  if (names_.empty() || args_.old_dialect) return;
  combination_.resize(n);
  std::map<std::string, uint32_t> known;
  std::string key;
  for (size_t i = 0; i < n; ++i) {
    key.clear();
    for (Name name : names_) {
      Value value = frame.column(name).at(rows[i]);
      const std::string *tag = FindTag(frame.series[rows[i]]->tags, name);
      if (TypeOf(value) == Type::String) key += StringOf(value);
      else if (TypeOf(value) != Type::Missing) key += std::to_string(value.as.i);
      else if (tag) key += *tag;
      key += '\0';
    }
    combination_[i] = known.emplace(key, static_cast<uint32_t>(known.size())).first->second;
  }
  args_.combination = combination_.data();
}

void FunctionNode::emit_set(FunctionState &state, Group *group, int64_t time, const Frame &frame) {
  ValueSet set;
  gather(frame, &set, &rows_);
  results_.clear();
  if (set.n == 0) {
    if (!function_->empty_ok || task().old_dialect()) return;
    bool counts = function_->name == "count";
    results_.push_back({counts ? MakeInt(0) : MakeFloat(0), 0, false, Chosen::kNone});
    tried_ = Type::Float;  // what is assumed of no points
    has_worked_ = true;
  } else {
    combinations(frame, rows_.data(), set.n);
    function_->bodies[ValueIndex(set.type)](set, args_, results_);
  }
  emit_results(state, group, time, frame, rows_.data());
}

const Series *FunctionNode::series_of(const FunctionState &state, const Series *selected, Group *group) {
  return selected_
      .get(selected, group,
           [&](const Series &series, Group *) {
             Tags tags = group->tags;
             for (const Tag &tag : series.tags) SetTag(tags, tag.key, tag.value);
             return Derived{InternSeries(Nowhere(), state.name, std::move(tags)), group};
           })
      .series;
}

// The other fields of a selected point.
void FunctionNode::select_fields(const Frame &frame, uint32_t row, const Value &value) {
  if (spec().needs_all) {
    frame.fields(row, fields_);
    for (const Field &field : fields_)
      if (field.name != field_ && field.name != as_) out_.set(field.name, field.value);
  } else {
    for (Name name : needs_)
      if (Value field = frame.column(name).at(row); TypeOf(field) != Type::Missing) out_.set(name, field);
  }
  out_.set(as_, value);
}

void FunctionNode::emit_results(FunctionState &state, Group *group, int64_t time, const Frame &frame,
                                const uint32_t *rows) {
  Group *to = groups_.same(group);
  auto time_of = [&](const Chosen &chosen) {
    if (!point_times_ || !chosen.has_time) return time;
    // 0.2 cuts the times of points to whole seconds.
    return task().old_dialect() ? chosen.time - chosen.time % 1'000'000'000 : chosen.time;
  };
  if (function_->shape != SetShape::Several) {
    for (const Chosen &chosen : results_) {
      bool selected = selects() && chosen.at != Chosen::kNone;
      out_.add(time_of(chosen), selected ? series_of(state, frame.series[rows[chosen.at]], group) : state.series, to);
      if (selected) select_fields(frame, rows[chosen.at], chosen.value);
      else out_.set(as_, chosen.value);
    }
    flush();
    return;
  }
  PointsOut points;
  int64_t tmax = time;
  for (const Chosen &chosen : results_) {
    int64_t at = time_of(chosen);
    tmax = std::max(tmax, at);
    points.add(at, chosen.at == Chosen::kNone ? state.series : series_of(state, frame.series[rows[chosen.at]], group), to);
    points.set(as_, chosen.value);
  }
  emit(Batch{state.name, to, tmax, points.frame()});
}

void FunctionNode::emit_running(FunctionState &state, const Batch &batch, const Running &running) {
  auto say = [&](uint32_t n, std::string_view message, auto &&cause) {
    for (uint32_t i = 0; i < n; ++i) {
      if (says_next_error()) error(message, cause());
      else errors.add(1);
    }
  };
  for (uint32_t i = 0; i < running.missing_first; ++i) refuse(Type::Missing, nullptr, 0);
  for (uint32_t i = 0; i < running.refused; ++i) refuse(running.refused_type, nullptr, 0);
  say(running.missing_later, "failed to aggregate point in batch",
      [&] { return "field " + *field_ + " missing from point cannot aggregate"; });
  say(running.wrong, "failed to aggregate point in batch", [&] {
    return "field " + *field_ + " has wrong type: got " + std::string(GoTypeName(running.wrong_type)) + " exp " +
           std::string(GoTypeName(running.type));
  });
  if (running.n == 0 && !function_->empty_ok) return;
  Value value = running.n ? running.result(function_->running)
                          : function_->name == "count" ? MakeInt(0) : MakeFloat(0);
  tried_ = running.n ? running.type : Type::Float;
  has_worked_ = true;
  out_.add(batch.tmax, state.series, groups_.same(batch.group));
  out_.set(as_, value);
  flush();
}

// --- order of what leaves ------------------------------------------------------------------------------

void FunctionNode::flush() {
  if (held_ > 0 || out_.empty()) return;
  emit(out_.frame());
  out_.clear();
}

void FunctionNode::release() {
  if (--held_ == 0) flush();
}

void FunctionNode::barrier(Group *group, int64_t time, unsigned) {
  unsigned held = std::exchange(held_, 0);
  flush();
  held_ = held;
  emit_barrier(groups_.same(group), time);
}

void FunctionNode::delete_group(Group *group, unsigned source) {
  unsigned held = std::exchange(held_, 0);
  flush();
  held_ = held;
  Node::delete_group(group, source);
}

NodeResult MakeFunction(const tick_node &spec, Task &task) {
  return FunctionNode::Make(spec, task, spec.kind, spec.args, spec.n_args);
}

// 0.2: `reduce` has the function's name and its arguments.
NodeResult MakeReduce(const tick_node &spec, Task &task) {
  if (spec.n_args == 0 || spec.args[0].type != TICK_STRING) return {nullptr, "reduce needs the name of a function"};
  return FunctionNode::Make(spec, task, View(spec.args[0].as.s), spec.args + 1, spec.n_args - 1);
}

}  // namespace tick
