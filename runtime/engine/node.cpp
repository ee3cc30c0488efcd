// node.cpp - what every kind of node shares: edges, counters, state of groups, errors.
//
// In: calls of the nodes above. Out: calls of the nodes below. A node's state of a group lies in the group's
// record; the byte at the node's index, at the front of the record, says whether it was begun.
#include "runtime/engine/node.h"

#include <algorithm>
#include <cstring>

#include "runtime/engine/task.h"
#include "runtime/lambda/blame.h"

namespace tick {

// --- edges -----------------------------------------------------------------------------------------

void Node::link(Node *child, unsigned source_of_child) {
  children_.emplace_back(child, source_of_child);
  child_collected = std::vector<Counter>(children_.size());  // counters do not move; none has counted yet
}

// Tasks of Kapacitor 0.2 tell what goes over their edges where the log keeps such lines.
void Node::tell_edge(size_t child, std::string_view what, int64_t count) const {
  if (!task_.old_dialect() || !task_.services().logs_edges()) return;
  task_.services().log_edge(task_.id(), name(), children_[child].first->name(), what, count, child_collected[child].get());
}

void Node::emit(const Frame &frame) {
  if (frame.rows.empty() || task_.failed()) return;
  auto n = static_cast<int64_t>(frame.rows.size());
  for (size_t i = 0; i < children_.size(); ++i) {
    auto [child, source] = children_[i];
    tell_edge(i, "point", n);
    emitted.add(n);
    child_collected[i].add(n);
    child->collected.add(n);
    Task::Stay stay(task_, *child, n);
    child->points(frame, source);
  }
  for (EdgeWatch *watch : watches_) watch->seen(frame);
}

void Node::emit(const Batch &batch) {
  if (task_.failed()) return;
  for (size_t i = 0; i < children_.size(); ++i) {
    auto [child, source] = children_[i];
    tell_edge(i, "batch", 1);
    emitted.add(1);
    child_collected[i].add(1);
    child->collected.add(1);
    Task::Stay stay(task_, *child, 1);
    child->batch(batch, source);
  }
  for (EdgeWatch *watch : watches_) watch->seen(batch);
}

void Node::emit_barrier(Group *group, int64_t time) {
  for (auto [child, source] : children_) child->barrier(group, time, source);
}

void Node::emit_delete(Group *group) {
  for (auto [child, source] : children_) child->delete_group(group, source);
  for (EdgeWatch *watch : watches_) watch->forgotten(group);
  task_.release(group);
}

void Node::points(const Frame &, unsigned) { task_.fail(*this, std::string(spec_.kind) + " does not take points"); }

void Node::batch(const Batch &, unsigned) { task_.fail(*this, std::string(spec_.kind) + " does not take batches"); }

void Node::barrier(Group *group, int64_t time, unsigned) { emit_barrier(group, time); }

void Node::delete_group(Group *group, unsigned) {
  if (spec_.state_size > 0) {
    if (!has_state(group)) return;  // a group this node never saw ends here (nodes.md 1.6)
    forget(group);
  }
  emit_delete(group);
}

// --- state -----------------------------------------------------------------------------------------

void *Node::begin_state(Group *group) {
  if (group->domain != spec_.domain || group->erased) group = own_group(group);
  std::byte *record = group->record.get();
  void *at = record + spec_.state_offset;
  if (record[index_] == std::byte{0}) {
    record[index_] = std::byte{1};
    init_state(at);
    cardinality.add(1);
  }
  return at;
}

bool Node::has_state(const Group *group) const {
  if (spec_.state_size == 0 || group->erased) return false;
  if (group->domain != spec_.domain) group = own_group(const_cast<Group *>(group));
  return group->record[index_] != std::byte{0};
}

void Node::forget(Group *group) {
  if (!has_state(group)) return;
  if (group->domain != spec_.domain) group = own_group(group);
  std::byte *record = group->record.get();
  drop_state(record + spec_.state_offset);
  std::memset(record + spec_.state_offset, 0, spec_.state_size);
  record[index_] = std::byte{0};
  cardinality.add(-1);
}

// The group of the same tags in this node's domain.
Group *Node::own_group(Group *group) const {
  return task_.groups(spec_.domain).find(group->name, group->by_name, group->tags);
}

void Node::move_state(void *from, void *to) { std::memcpy(to, from, spec_.state_size); }

void ExecTime::sample() {
  constexpr int64_t kSamples = 1000;  // how many the average reaches back
  if (count_ > 0) {
    samples_ = std::min(samples_ + 1, kSamples);
    average_ += (static_cast<double>(ns_) / static_cast<double>(count_) - average_) / static_cast<double>(samples_);
    largest_.set(std::max(largest_.get(), static_cast<int64_t>(average_)));
  }
  ns_ = count_ = 0;
}

std::map<std::string, int64_t> Node::stats() const {
  return {{"collected", collected.get()},
          {"emitted", emitted.get()},
          {"errors", errors.get()},
          {"working_cardinality", cardinality.get()},
          {"avg_exec_time_ns", exec_time.largest()}};
}

// --- errors ----------------------------------------------------------------------------------------

namespace {

// Every error is looked at until there are so many; then one of some, and the round numbers: a task that always errs
// must not spend its time on finding out why.
constexpr int64_t kLookedAt = 1000, kOneOf = 64;

// 10, 100, 1000 …: when errors that were said before are counted in the log.
bool IsRound(int64_t count) {
  if (count < 10) return false;
  while (count % 10 == 0) count /= 10;
  return count == 1;
}

void AppendValue(std::string &out, const Value &value) {
  char number[40];
  switch (TypeOf(value)) {
    case Type::Missing: out += "null"; break;
    case Type::Bool: out += value.as.b ? "true" : "false"; break;
    case Type::Float: std::snprintf(number, sizeof number, "%.17g", value.as.f); out += number; break;
    case Type::String:
      out += '"';
      out += StringOf(value).substr(0, 64);
      out += '"';
      break;
    case Type::Int: out += std::to_string(value.as.i) + "i"; break;
    default: out += std::to_string(value.as.i); break;
  }
}

std::string PointText(const Frame &frame, uint32_t row) {
  constexpr size_t kMostFields = 20;
  Fields fields;
  frame.fields(row, fields);
  std::string text;
  for (size_t i = 0; i < fields.size() && i < kMostFields; ++i) {
    if (i > 0) text += ',';
    text += *fields[i].name + "=";
    AppendValue(text, fields[i].value);
  }
  if (fields.size() > kMostFields) text += ",…";
  return text;
}

}  // namespace

bool Node::says_next_error() const {
  int64_t next = errors.get() + 1;
  return (next <= kLookedAt || next % kOneOf == 0 || IsRound(next)) && !flag("quiet");
}

void Node::error(std::string_view message, std::string_view cause, const Frame *frame, uint32_t row,
                 const Lambda *lambda, const void *state) {
  errors.add(1);
  if (flag("quiet")) return;
  int64_t count = errors.get();
  // Those that nobody looked at since count as this one.
  bool first = ledger_.add(message, cause, count - errors_in_ledger_);
  errors_in_ledger_ = count;
  if (!first && !IsRound(count)) return;
  LogRecord record{.level = "error", .task = task_.id(), .node = spec_.name, .message = message, .cause = cause};
  if (lambda) record.fields.emplace_back("lambda", lambda->spec().text);
  if (lambda && frame) {
    Blame blame = BlameFor(*lambda, task_.context(), *frame, row, state, cause);
    if (!blame.field.empty()) record.fields.emplace_back("field", std::move(blame.field));
    if (!blame.wanted.empty()) record.fields.emplace_back("wanted", std::move(blame.wanted));
    if (!blame.found.empty()) record.fields.emplace_back("found", std::move(blame.found));
  }
  if (frame && frame->block) {
    record.fields.emplace_back("series", SeriesKey(*frame->series[row]));
    record.fields.emplace_back("fields", PointText(*frame, row));
  }
  if (count > 1) record.fields.emplace_back("errors_so_far", std::to_string(count));
  task_.services().log(record);
}

// --- arguments and properties ----------------------------------------------------------------------

const tick_property *Node::property(std::string_view name) const {
  for (uint32_t i = spec_.n_properties; i-- > 0;)
    if (spec_.properties[i].name == name) return &spec_.properties[i];
  return nullptr;
}

std::vector<const tick_property *> Node::properties(std::string_view name) const {
  std::vector<const tick_property *> found;
  for (uint32_t i = 0; i < spec_.n_properties; ++i)
    if (spec_.properties[i].name == name) found.push_back(&spec_.properties[i]);
  return found;
}

int64_t Node::int_property(std::string_view name, int64_t otherwise) const {
  const tick_property *found = property(name);
  return found && found->n_args > 0 ? found->args[0].as.i : otherwise;
}

std::string Node::string_property(std::string_view name, std::string_view otherwise) const {
  const tick_property *found = property(name);
  return std::string(found && found->n_args > 0 ? View(found->args[0].as.s) : otherwise);
}

std::vector<std::string> Node::string_list(const tick_arg *args, uint32_t n) const {
  std::vector<std::string> list;
  for (uint32_t i = 0; i < n; ++i) {
    if (args[i].type == TICK_STRING) {
      list.emplace_back(View(args[i].as.s));
    } else if (args[i].type == TICK_LIST) {
      for (std::string &item : string_list(args[i].items, args[i].n_items)) list.push_back(std::move(item));
    }
  }
  return list;
}

}  // namespace tick
