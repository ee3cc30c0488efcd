// route_spec.cpp - reading from nodes as conditions on series.
//
// A condition is tried with the series' tags, everything else missing. If that gives FALSE without an error, no
// value it lacked was looked at, so it is FALSE for every point of the series: operands of AND and OR are evaluated
// only where they decide, and any use of a missing value is an error. Only isPresent sees a missing value without
// failing; conditions that call it are left to the node.
#include "runtime/engine/route_spec.h"

#include <algorithm>
#include <string_view>

#include "runtime/lambda/binding.h"

namespace tick {
namespace {

std::string_view StringProperty(const tick_node &node, std::string_view name) {
  for (uint32_t i = node.n_properties; i-- > 0;)
    if (node.properties[i].name == name && node.properties[i].n_args > 0) return View(node.properties[i].args[0].as.s);
  return "";
}

Name MeasurementOf(const tick_node &node) {
  std::string_view measurement = StringProperty(node, "measurement");
  return measurement.empty() ? nullptr : Intern(measurement);
}

// `"tag" == 'value'` at the front of a condition whose other parts only narrow it further.
std::unique_ptr<Tag> RequiredTag(std::string_view text) {
  if (text.size() < 2 || text[0] != '"') return nullptr;
  size_t close = text.find('"', 1);
  std::string_view rest = text.substr(std::min(close, text.size() - 1) + 1);
  constexpr std::string_view kEquals = " == '";
  if (close == std::string_view::npos || !rest.starts_with(kEquals)) return nullptr;
  rest.remove_prefix(kEquals.size());
  size_t end = rest.find_first_of("'\\");
  if (end == std::string_view::npos || rest[end] == '\\') return nullptr;
  std::string_view name = text.substr(1, close - 1);
  std::string_view after = rest.substr(end + 1);
  bool narrowed = after.starts_with(" AND ") && after.find(" OR ") == std::string_view::npos;
  if (name.find('\\') != std::string_view::npos || name == "time" || !(after.empty() || narrowed)) return nullptr;
  return std::make_unique<Tag>(Tag{Intern(name), std::string(rest.substr(0, end))});
}

}  // namespace

RouteSpec::RouteSpec(std::shared_ptr<const Code> code, bool prune) : code_(std::move(code)), prune_(prune) {
  const tick_task &task = code_->task();
  for (uint32_t i = 0; i < task.n_nodes; ++i)
    if (task.nodes[i].kind == std::string_view("from")) measurements_.push_back(MeasurementOf(task.nodes[i]));
  // 0.2 knows no measurements here: the source is itself a from node, and points come by database alone.
  if (old_dialect()) measurements_ = {nullptr};
  std::sort(measurements_.begin(), measurements_.end());
  measurements_.erase(std::unique(measurements_.begin(), measurements_.end()), measurements_.end());
  if (task.n_nodes == 0) return;
  const tick_node &source = task.nodes[0];
  if (old_dialect()) {
    froms_.push_back(read_from(source));
    return;
  }
  for (uint32_t i = 0; i < source.n_children; ++i) {
    const tick_node &child = task.nodes[source.children[i]];
    if (child.kind == std::string_view("from")) froms_.push_back(read_from(child));
    else takes_all_ = true;
  }
}

RouteSpec::From RouteSpec::read_from(const tick_node &node) const {
  const tick_task &task = code_->task();
  From from;
  from.database = StringProperty(node, "database");
  from.retention_policy = StringProperty(node, "retentionPolicy");
  from.measurement = MeasurementOf(node);
  for (uint32_t i = 0; i < node.n_properties && prune_; ++i) {
    const tick_property &call = node.properties[i];
    if (call.name != std::string_view("where") || call.n_args != 1 || call.args[0].type != TICK_LAMBDA) continue;
    auto index = static_cast<size_t>(call.args[0].as.i);
    const tick_lambda &spec = task.lambdas[index];
    std::string error;
    Condition condition{std::make_unique<Lambda>(spec, code_->best(), index, &error), false};
    condition.decides_by_tags = error.empty() && (spec.flags & (TICK_LAMBDA_STATEFUL | TICK_LAMBDA_VOLATILE)) == 0 &&
                                std::string_view(spec.text).find("isPresent(") == std::string_view::npos;
    if (condition.decides_by_tags && !from.required) from.required = RequiredTag(spec.text);
    // A later condition is not tried where an earlier one fails: then the point goes to the node.
    if (!condition.decides_by_tags) break;
    from.where.push_back(std::move(condition));
  }
  return from;
}

bool RouteSpec::refused_by_tags(const Condition &condition, const Series &series) const {
  thread_local Arena arena;
  thread_local LambdaContext context;
  context.arena = &arena;
  std::vector<Value> values;
  for (Name name : condition.lambda->refs()) {
    const std::string *tag = name == TimeName() ? nullptr : FindTag(series.tags, name);
    values.push_back(tag ? MakeString(*tag) : MakeMissing());
  }
  Value result = MakeMissing();
  bool good = condition.lambda->run_values(context, values.data(), nullptr, &result);
  arena.reset();
  return good && TypeOf(result) == Type::Bool && !result.as.b;
}

bool RouteSpec::passes(const From &from, const Series &series) const {
  return (from.database.empty() || from.database == series.origin->database) &&
         (from.retention_policy.empty() || from.retention_policy == series.origin->retention_policy) &&
         (!from.measurement || from.measurement == series.measurement);
}

bool RouteSpec::accepts(const Series &series, bool full) const {
  if (takes_all_) return true;
  for (const From &from : froms_) {
    if (!passes(from, series)) continue;
    bool refused = !full && std::any_of(from.where.begin(), from.where.end(),
                                        [&](const Condition &c) { return refused_by_tags(c, series); });
    if (!refused) return true;
  }
  return false;
}

const Tag *RouteSpec::required(Name measurement) const {
  if (takes_all_ || old_dialect()) return nullptr;
  const Tag *required = nullptr;
  for (const From &from : froms_) {
    if (from.measurement && measurement && from.measurement != measurement) continue;
    if (!from.required || (required && !(*required == *from.required))) return nullptr;
    required = from.required.get();
  }
  return required;
}

bool RouteSpec::covered_by(const ReadSet &reads) const {
  const tick_task &task = code_->task();
  for (uint32_t i = 0; i < task.n_reads; ++i) {
    const tick_measurement_fields &fields = task.reads[i];
    Name measurement = *fields.measurement ? Intern(fields.measurement) : nullptr;
    for (uint32_t k = 0; k < fields.n_fields; ++k)
      if (!reads.covers(measurement, Intern(fields.fields[k]))) return false;
  }
  return true;
}

void RouteSpec::declare(ReadSet &reads) const {
  const tick_task &task = code_->task();
  for (uint32_t i = 0; i < task.n_reads; ++i) {
    const tick_measurement_fields &fields = task.reads[i];
    Name measurement = *fields.measurement ? Intern(fields.measurement) : nullptr;
    for (uint32_t k = 0; k < fields.n_fields; ++k) reads.add(measurement, Intern(fields.fields[k]));
  }
  for (const From &from : froms_)
    for (const Condition &condition : from.where)
      for (Name name : condition.lambda->refs()) {
        if (name == TimeName()) continue;
        reads.add(from.measurement, name);
        reads.guard(name);
      }
}

}  // namespace tick
