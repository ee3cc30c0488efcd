// eval.cpp - `|eval(lambda, …).as(…)`: fields, and tags, from expressions.
//
// In: points, or batches point by point. Out: the same rows with the results laid over their fields; rows on
// which any expression fails are dropped. Names in an expression follow the order of nodes.md 6: the point's own
// field or tag, else an earlier result; and where a later expression reads a name the point has, that value takes
// the place of the earlier result. In 0.2 an earlier result wins, and an error ends the task.
#include <algorithm>

#include "runtime/data/column_builder.h"
#include "runtime/nodes/row_node.h"
#include "runtime/nodes/series_change.h"

namespace tick {
namespace {

// Types a result may be kept as; a missing value, a time or a regex is an error of the point.
bool IsFieldType(Type type) { return type != Type::Missing && type != Type::Time && type != Type::Regex; }


constexpr std::string_view kFailed = "error evaluating expression";

class EvalNode final : public RowNode {
 public:
  EvalNode(const tick_node &spec, Task &task);
  // What is wrong with the script's properties; empty: nothing.
  std::string refusal() const;

 private:
  enum class Keep { Results, All, Listed };

  void pass(Frame &frame, Group *group) override;
  bool keeps_groups() const override { return writer_.names().empty(); }
  void run_lambda(size_t i, Frame &frame, Group *group);
  void read_name(Name name, const Frame &frame);
  void write_tags(Frame &frame, Group *group);
  void lay_over(Frame &frame);
  void say(const Frame &frame, uint32_t row, std::string_view cause);
  NamedColumn *result(Name name);
  void set_result(Name name, const Column &column);
  Column kept(Name name, const Frame &frame);
  bool referenced(Name name) const;

  std::vector<Name> as_, list_;
  Keep keep_ = Keep::Results;
  bool quiet_;
  OutGroups groups_;
  TagWriter writer_;
  std::vector<NamedColumn> results_;  // of the frame under way: the scope of nodes.md 6
  Overlay scope_, out_;
};

std::vector<Name> Names(const std::vector<std::string> &texts) {
  std::vector<Name> names;
  for (const std::string &text : texts) names.push_back(Intern(text));
  return names;
}

EvalNode::EvalNode(const tick_node &spec, Task &task)
    : RowNode(spec, task), quiet_(flag("quiet")), groups_(*this, task), writer_(groups_, [this] {
        const tick_property *tags = property("tags");
        return tags ? Names(string_list(tags->args, tags->n_args)) : std::vector<Name>();
      }()) {
  if (const tick_property *as = property("as")) as_ = Names(string_list(as->args, as->n_args));
  if (const tick_property *keep = property("keep")) {
    list_ = Names(string_list(keep->args, keep->n_args));
    keep_ = list_.empty() ? Keep::All : Keep::Listed;
  }
  if (task.old_dialect()) share_state();
}

std::string EvalNode::refusal() const {
  if (as_.size() != lambda_count())
    return "must specify same number of expressions and .as() names: got " + std::to_string(as_.size()) +
           " as names, and " + std::to_string(lambda_count()) + " expressions.";
  for (Name name : writer_.names())
    if (std::find(as_.begin(), as_.end(), name) == as_.end())
      return "invalid tag name \"" + *name + "\", name is not present is .as() names";
  return "";
}

void EvalNode::say(const Frame &frame, uint32_t row, std::string_view cause) {
  if (task().old_dialect()) task().fail(*this, cause);
  else if (!quiet_) report(frame, row, kFailed, cause);
}

NamedColumn *EvalNode::result(Name name) {
  for (NamedColumn &known : results_)
    if (known.name == name) return &known;
  return nullptr;
}

void EvalNode::set_result(Name name, const Column &column) {
  if (NamedColumn *known = result(name)) known->column = column;
  else results_.push_back({name, column});
}

// An expression reads a name an earlier one has given a result: lays over the frame what it sees, and puts the
// point's own value, where there is one, in place of the result.
void EvalNode::read_name(Name name, const Frame &frame) {
  NamedColumn *known = result(name);
  if (!known) return;
  Column raw = frame.column(name);
  if (task().old_dialect() || (raw.absent() && !MayBeTag(name))) {
    scope_.columns.push_back(*known);
    return;
  }
  if (!raw.types && raw.type != Type::Missing) {
    known->column = raw;
    return;
  }
  auto n = static_cast<uint32_t>(RowBound(frame)), wanted = static_cast<uint32_t>(frame.rows.size());
  ColumnBuilder seen(task().arena(), n, wanted), left(task().arena(), n, wanted);
  for (uint32_t row : frame.rows) {
    Value value = raw.at(row);
    const std::string *tag = FindTag(frame.series[row]->tags, name);
    if (TypeOf(value) == Type::Missing) value = tag ? MakeString(*tag) : known->column.at(row);
    left.set(row, value);
    // A tag must not show as a field too, or the names would clash.
    if (!tag || TypeOf(raw.at(row)) != Type::Missing) seen.set(row, value);
  }
  known->column = left.finish();
  scope_.columns.push_back({name, seen.finish()});
}

void EvalNode::run_lambda(size_t i, Frame &frame, Group *group) {
  Frame input = frame;
  scope_.columns.clear();
  scope_.base = frame.overlay;
  if (!results_.empty())
    for (Name name : lambda(i).refs()) read_name(name, frame);
  if (!scope_.columns.empty()) input.overlay = &scope_;
  LambdaResult out = run(i, input, group);
  bool numbers = task().old_dialect();
  if (out.errors || numbers || out.values.types || !IsFieldType(out.values.type)) {
    Selection passed(task().arena(), frame.rows.size() + 1);
    for (uint32_t row : frame.rows) {
      Type type = out.values.type_at(row);
      if (!out.failed(row) && (numbers ? type == Type::Int || type == Type::Float : IsFieldType(type))) {
        passed.add(row);
      } else if (!out.failed(row) && type == Type::Missing) {
        say(input, row, "missing value: " + std::string(lambda(i).spec().text));
      } else if (!out.failed(row)) {
        say(input, row, "expression returned unexpected type " + std::string(GoTypeName(type)));
      } else if (numbers) {
        task().fail(*this, lambda(i).message(task().context(), input, row, nullptr));
      } else if (!quiet_) {
        LambdaNode::report(i, input, row, group, kFailed);
      }
    }
    frame.rows = passed.rows();
  }
  set_result(as_[i], out.values);
}

bool EvalNode::referenced(Name name) const {
  for (size_t i = 0; i < lambda_count(); ++i)
    if (std::find(lambda(i).refs().begin(), lambda(i).refs().end(), name) != lambda(i).refs().end()) return true;
  return false;
}

// The column of a name that keep() lists; drops the rows that have none.
Column EvalNode::kept(Name name, const Frame &frame) {
  if (NamedColumn *known = result(name)) return known->column;
  Column raw = frame.column(name);
  if (!MayBeTag(name) || (!raw.types && raw.type != Type::Missing) || !referenced(name)) return raw;
  ColumnBuilder column(task().arena(), static_cast<uint32_t>(RowBound(frame)), static_cast<uint32_t>(frame.rows.size()));
  for (uint32_t row : frame.rows) {
    Value value = raw.at(row);
    if (const std::string *tag = FindTag(frame.series[row]->tags, name); tag && TypeOf(value) == Type::Missing)
      value = MakeString(*tag);
    if (TypeOf(value) != Type::Missing) column.set(row, value);
  }
  return column.finish();
}

void EvalNode::write_tags(Frame &frame, Group *group) {
  size_t n = writer_.names().size();
  std::vector<Column> columns;
  for (Name name : writer_.names()) columns.push_back(result(name)->column);
  std::vector<std::string_view> values(n);
  Arena &arena = task().arena();
  auto **series = arena.array<const Series *>(RowBound(frame));
  auto **groups = arena.array<Group *>(RowBound(frame));
  Selection passed(arena, frame.rows.size() + 1);
  for (uint32_t row : frame.rows) {
    Type wrong = Type::String;
    for (size_t i = 0; i < n; ++i) {
      Value value = columns[i].at(row);
      if (TypeOf(value) == Type::String) values[i] = StringOf(value);
      else wrong = TypeOf(value);
    }
    if (wrong != Type::String) {
      say(frame, row, "result of a tag expression must be of type string, got " + std::string(GoTypeName(wrong)));
      continue;
    }
    const Derived &out = writer_.get(frame.series[row], group ? nullptr : frame.groups[row], values.data());
    series[row] = out.series;
    groups[row] = out.group;
    passed.add(row);
  }
  frame.rows = passed.rows();
  frame.series = series;
  if (!group) frame.groups = groups;
}

void EvalNode::lay_over(Frame &frame) {
  out_.columns.clear();
  out_.base = frame.overlay;
  out_.closed = keep_ != Keep::All;
  if (keep_ == Keep::Listed) {
    for (Name name : list_) {
      Column column = kept(name, frame);
      if (column.types || column.absent()) {
        Selection passed(task().arena(), frame.rows.size() + 1);
        for (uint32_t row : frame.rows) {
          if (column.type_at(row) != Type::Missing) passed.add(row);
          else say(frame, row, "cannot keep field \"" + *name + "\", field does not exist");
        }
        frame.rows = passed.rows();
      }
      out_.columns.push_back({name, column});
    }
  } else {
    const std::vector<Name> &tags = writer_.names();
    for (const NamedColumn &known : results_)
      if (keep_ == Keep::All || std::find(tags.begin(), tags.end(), known.name) == tags.end())
        out_.columns.push_back(known);
  }
  frame.overlay = &out_;
}

void EvalNode::pass(Frame &frame, Group *group) {
  results_.clear();
  for (size_t i = 0; i < lambda_count() && !frame.rows.empty(); ++i) run_lambda(i, frame, group);
  if (frame.rows.empty()) return;
  lay_over(frame);  // before the tags change: keep() may name one
  if (!writer_.names().empty()) write_tags(frame, group);
}

}  // namespace

NodeResult MakeEval(const tick_node &spec, Task &task) {
  auto node = std::make_unique<EvalNode>(spec, task);
  if (std::string error = node->refusal(); !error.empty()) return {nullptr, error};
  return {std::move(node), ""};
}

}  // namespace tick
