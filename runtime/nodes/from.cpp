// from.cpp - selects points and gives them their group (nodes.md 3).
//
// In: points as they were written. Out: those of the wanted database, retention policy, measurement and condition,
// with times truncated and rounded, in the group of the wanted dimensions. What a series decides is decided once a
// series: its group, and a condition on tags alone.
#include <algorithm>

#include "runtime/engine/node.h"
#include "runtime/engine/state_archive.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/out_groups.h"
#include "runtime/support/flat_map.h"
#include "runtime/support/time_round.h"

namespace tick {
namespace {

constexpr std::string_view kWhereError = "failed to evaluate WHERE expression";

struct Condition {
  const Lambda *lambda;
  std::vector<uint64_t> state;  // one for all groups
  enum Verdict : uint8_t { Unknown, True, False, Fails };
  FlatMap<Series, uint8_t> verdicts;  // of series, where only tags decide
};

class FromNode final : public Node {
 public:
  FromNode(const tick_node &spec, Task &task);
  std::string read_properties();

  void points(const Frame &frame, unsigned source) override;
  void adopt(Node &old) override;
  void exchange(StateArchive &archive) override {
    for (Condition &condition : conditions_) archive.bytes(condition.state.data(), condition.state.size() * sizeof(uint64_t));
  }
  bool keeps_state() const override;

 private:
  using Rows = std::span<const uint32_t>;
  bool wants(const Origin &origin);
  Rows select(const Frame &frame);
  Rows where(const Frame &frame, Condition &condition);
  uint8_t verdict(const Frame &frame, uint32_t row, Condition &condition);
  Rows where_tags(const Frame &frame, Condition &condition);
  void report(const Frame &frame, uint32_t row, Condition &condition, const LambdaResult &result);
  const int64_t *shift_times(const Frame &frame);
  Group *const *find_groups(const Frame &frame, Rows rows, Group **groups);

  std::string database_, retention_policy_;
  Name measurement_ = nullptr;
  int64_t truncate_, round_;
  Dimensions dimensions_;
  std::vector<Condition> conditions_;
  OutGroups out_groups_;
  std::optional<GroupTable::Lookup> groups_;
  const Origin *last_origin_ = nullptr;
  bool last_wanted_ = false;
};

FromNode::FromNode(const tick_node &spec, Task &task)
    : Node(spec, task),
      database_(string_property("database", "")),
      retention_policy_(string_property("retentionPolicy", "")),
      truncate_(int_property("truncate", 0)),
      round_(int_property("round", 0)),
      out_groups_(*this, task) {}

std::string FromNode::read_properties() {
  std::string measurement = string_property("measurement", "");
  if (!measurement.empty()) measurement_ = Intern(measurement);
  for (const tick_property *call : properties("where")) {
    if (call->n_args != 1 || call->args[0].type != TICK_LAMBDA) return "where needs a lambda";
    const Lambda &lambda = task().lambda(call->args[0].as.i);
    conditions_.push_back({&lambda, std::vector<uint64_t>((lambda.state_size() + 7) / 8), {}});
  }
  dimensions_.by_name = flag("groupByMeasurement");
  if (const tick_property *call = property("groupBy")) {
    for (uint32_t i = 0; i < call->n_args; ++i) {
      const tick_arg &arg = call->args[i];
      dimensions_.star |= arg.type == TICK_STAR;
      for (uint32_t k = 0; arg.type == TICK_LIST && k < arg.n_items; ++k)
        dimensions_.star |= arg.items[k].type == TICK_STAR;
    }
    for (const std::string &name : string_list(call->args, call->n_args)) {
      if (name.empty()) return "dimensions cannot not be the empty string";
      dimensions_.names.push_back(Intern(name));
    }
    if (dimensions_.star && !dimensions_.names.empty() && !task().old_dialect())
      return "cannot group by both '*' and named dimensions.";
    std::sort(dimensions_.names.begin(), dimensions_.names.end(), NameLess);
    dimensions_.names.erase(std::unique(dimensions_.names.begin(), dimensions_.names.end()), dimensions_.names.end());
  }
  return "";
}

void FromNode::adopt(Node &old) {
  auto *before = dynamic_cast<FromNode *>(&old);
  if (!before || before->conditions_.size() != conditions_.size()) return;
  for (size_t i = 0; i < conditions_.size(); ++i)
    if (before->conditions_[i].state.size() == conditions_[i].state.size())
      conditions_[i].state = before->conditions_[i].state;
}

bool FromNode::keeps_state() const {
  return std::any_of(conditions_.begin(), conditions_.end(), [](const Condition &c) { return !c.state.empty(); });
}

// --- selection ---------------------------------------------------------------------------------------

bool FromNode::wants(const Origin &origin) {
  if (&origin != last_origin_) {
    last_origin_ = &origin;
    last_wanted_ = (database_.empty() || origin.database == database_) &&
                   (retention_policy_.empty() || origin.retention_policy == retention_policy_);
  }
  return last_wanted_;
}

FromNode::Rows FromNode::select(const Frame &frame) {
  auto wanted = [&](uint32_t row) {
    const Series &series = *frame.series[row];
    return (!measurement_ || series.measurement == measurement_) && wants(*series.origin);
  };
  size_t same = 0;
  while (same < frame.rows.size() && wanted(frame.rows[same])) ++same;
  if (same == frame.rows.size()) return frame.rows;
  uint32_t *rows = task().arena().array<uint32_t>(frame.rows.size());
  std::copy_n(frame.rows.begin(), same, rows);
  size_t n = same;
  for (uint32_t row : frame.rows.subspan(same))
    if (wanted(row)) rows[n++] = row;
  return {rows, n};
}

void FromNode::report(const Frame &frame, uint32_t row, Condition &condition, const LambdaResult &result) {
  if (!says_next_error()) return errors.add(1);
  error(kWhereError,
        !result.failed(row) ? condition.lambda->not_boolean(result.values.type_at(row))
             : condition.lambda->message(task().context(), frame, row, condition.state.data()),
        &frame, row, condition.lambda, condition.state.data());
}

uint8_t FromNode::verdict(const Frame &frame, uint32_t row, Condition &condition) {
  uint8_t &known = condition.verdicts[frame.series[row]];
  if (known != Condition::Unknown) return known;
  Value value;
  bool good = condition.lambda->run_row(task().context(), frame, row, nullptr, &value);
  if (!good || TypeOf(value) != Type::Bool) return known = Condition::Fails;
  return known = value.as.b ? Condition::True : Condition::False;
}

// Rows whose series decides.
FromNode::Rows FromNode::where_tags(const Frame &frame, Condition &condition) {
  uint32_t *rows = task().arena().array<uint32_t>(frame.rows.size());
  size_t n = 0;
  for (uint32_t row : frame.rows) {
    uint8_t answer = verdict(frame, row, condition);
    if (answer == Condition::True) {
      rows[n++] = row;
    } else if (answer == Condition::Fails) {
      Frame one = frame;
      one.rows = {&row, 1};
      LambdaResult result = condition.lambda->run(task().context(), one, nullptr);
      report(frame, row, condition, result);
    }
  }
  return {rows, n};
}

FromNode::Rows FromNode::where(const Frame &frame, Condition &condition) {
  if (frame.rows.empty()) return frame.rows;
  if (condition.lambda->tags_only(frame)) return where_tags(frame, condition);
  Arena &arena = task().arena();
  void **states = nullptr;
  if (!condition.state.empty()) {
    states = arena.array<void *>(frame.block->size());
    for (uint32_t row : frame.rows) states[row] = condition.state.data();
  }
  LambdaResult result = condition.lambda->run(task().context(), frame, states);
  uint32_t *rows = arena.array<uint32_t>(frame.rows.size());
  size_t n = 0;
  const Column &values = result.values;
  if (!result.errors && !values.types && values.type == Type::Bool) {
    for (uint32_t row : frame.rows) {
      rows[n] = row;
      n += values.bools[row] != 0;
    }
    return {rows, n};
  }
  for (uint32_t row : frame.rows) {
    if (result.failed(row) || values.type_at(row) != Type::Bool) report(frame, row, condition, result);
    else if (values.bools[row]) rows[n++] = row;
  }
  return {rows, n};
}

// --- what leaves -------------------------------------------------------------------------------------

const int64_t *FromNode::shift_times(const Frame &frame) {
  if (truncate_ <= 0 && round_ <= 0) return frame.times;
  int64_t *times = task().arena().array<int64_t>(frame.block->size());
  for (uint32_t row : frame.rows) times[row] = RoundTime(TruncateTime(frame.times[row], truncate_), round_);
  return times;
}

Group *const *FromNode::find_groups(const Frame &frame, Rows rows, Group **groups) {
  if (!groups_) groups_ = out_groups_.table().lookup(dimensions_);
  for (uint32_t row : rows) groups[row] = groups_->find(*frame.series[row]);
  return groups;
}

void FromNode::points(const Frame &frame, unsigned) {
  Frame out = frame;
  out.rows = select(frame);
  Rows selected = out.rows;
  for (Condition &condition : conditions_) out.rows = where(out, condition);
  if (children().empty()) return;
  bool skips = out.rows.size() < selected.size() && wants_skipped();
  if (out.rows.empty() && !skips) return;

  Group **groups = task().arena().array<Group *>(frame.block->size());
  Rows passed = out.rows;
  out.rows = skips ? selected : passed;
  out.times = shift_times(out);
  out.groups = find_groups(frame, out.rows, groups);
  out.rows = passed;
  emit(out);
  if (!skips) return;
  uint32_t *rest = task().arena().array<uint32_t>(selected.size());
  out.rows = {rest, std::set_difference(selected.begin(), selected.end(), passed.begin(), passed.end(), rest)};
  emit_skipped(out);
}

}  // namespace

NodeResult MakeFrom(const tick_node &spec, Task &task) {
  auto node = std::make_unique<FromNode>(spec, task);
  std::string error = node->read_properties();
  if (!error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
