// alert_events.cpp - the alert node's other half: what it is made of, its events and where they go.
#include <algorithm>
#include <cstring>

#include "runtime/alert/alert_node.h"
#include "runtime/alert/event_json.h"
#include "runtime/alert/row.h"
#include "runtime/engine/task.h"

namespace tick {
namespace {

// Properties of the node itself; any other is the call of a handler.
constexpr std::string_view kOwnProperties[] = {
    "all",        "category", "crit",     "critReset",    "details",      "durationField", "flapping",
    "history",    "id",       "idField",  "idTag",        "info",         "infoReset",     "inhibit",
    "levelField", "levelTag", "message",  "messageField", "noRecoveries", "quiet",         "stateChangesOnly",
    "topic",      "warn",     "warnReset"};
bool IsOwn(std::string_view name) {
  for (std::string_view own : kOwnProperties)
    if (own == name) return true;
  return false;
}

// Kapacitor 0.2 calls its handlers in this order, whatever the script's.
constexpr std::string_view kOldOrder[] = {"post",      "email", "exec",    "log",     "victorOps",
                                          "pagerDuty", "slack", "hipChat", "opsGenie"};
size_t OldPlace(std::string_view name) {
  size_t place = 0;
  while (place < std::size(kOldOrder) && kOldOrder[place] != name) ++place;
  return place;
}

// Copies the strings of `fields` into memory of their own.
std::shared_ptr<const void> Own(Fields *fields) {
  size_t bytes = 0;
  for (const Field &field : *fields)
    if (TypeOf(field.value) == Type::String) bytes += field.value.as.s.size;
  if (!bytes) return nullptr;
  std::shared_ptr<char[]> memory(new char[bytes]);
  char *at = memory.get();
  for (Field &field : *fields) {
    if (TypeOf(field.value) != Type::String) continue;
    tick_string &text = field.value.as.s;
    if (text.size) std::memcpy(at, text.data, text.size);
    text.data = at;
    at += text.size;
  }
  return memory;
}

}  // namespace

NodeResult MakeAlert(const tick_node &spec, Task &task) { return AlertNode::Make(spec, task); }

NodeResult AlertNode::Make(const tick_node &spec, Task &task) {
  auto node = std::make_unique<AlertNode>(spec, task);
  std::string error = node->prepare();
  if (!error.empty()) return {nullptr, std::move(error)};
  return {std::move(node), ""};
}

// Reads the properties. An error text where they do not hold.
std::string AlertNode::prepare() {
  if (const tick_property *flapping = property("flapping"); flapping && flapping->n_args == 2) {
    rules_.flapping = true;
    rules_.low = flapping->args[0].as.f;
    rules_.high = flapping->args[1].as.f;
    if (rules_.low > 1 || rules_.high > 1) return "alert flap thresholds are percentages and should be between 0 and 1";
  }
  int64_t history = int_property("history", 21);
  rules_.history = static_cast<uint32_t>(std::clamp<int64_t>(history, 2, 1'000'000));
  rules_.changes_only = flag("stateChangesOnly");
  rules_.max_interval = int_property("stateChangesOnly", 0);
  rules_.no_recoveries = flag("noRecoveries");
  all_ = flag("all");
  category_ = string_property("category", "");
  topic_ = string_property("topic", "");
  own_topic_ = "main:" + task().id() + ":" + std::string(name());
  TextSources sources;
  sources.id = string_property("id", sources.id);
  sources.message = string_property("message", sources.message);
  sources.details = string_property("details", sources.details);
  std::string error;
  texts_ = EventTexts::Make(sources, task().old_dialect(), task().id(), task().services(), &error);
  if (!texts_) return error;
  return make_handlers();
}

// Calls of handlers that every alert node has, where the script does not call them itself.
std::vector<tick_property> AlertNode::global_handlers(const std::vector<const tick_property *> &calls) {
  bool changes_only = false;
  global_names_ = task().services().global_alert_handlers(task().old_dialect(), &changes_only);
  rules_.changes_only |= changes_only;
  std::vector<tick_property> added;
  for (const std::string &name : global_names_) {
    bool called = std::any_of(calls.begin(), calls.end(), [&](const tick_property *call) { return call->name == name; });
    if (!called) added.push_back({name.c_str(), nullptr, 0, nullptr, 0});
  }
  return added;
}

std::string AlertNode::make_handlers() {
  std::vector<const tick_property *> calls;
  for (uint32_t i = 0; i < spec().n_properties; ++i)
    if (!IsOwn(spec().properties[i].name)) calls.push_back(&spec().properties[i]);
  std::vector<tick_property> added = global_handlers(calls);
  for (const tick_property &call : added) calls.push_back(&call);
  if (task().old_dialect())
    std::stable_sort(calls.begin(), calls.end(), [](const tick_property *a, const tick_property *b) {
      return OldPlace(a->name) < OldPlace(b->name);
    });
  for (const tick_property *call : calls) {
    std::string error;
    std::unique_ptr<AlertHandler> handler = task().services().alert_handler(task().id(), name(), *call, &error);
    if (!handler) return error.empty() ? "the alert handler " + std::string(call->name) + " is not built in" : error;
    handlers_.push_back(std::move(handler));
  }
  return "";
}

std::map<std::string, int64_t> AlertNode::stats() const {
  std::map<std::string, int64_t> stats = Node::stats();
  stats["alerts_triggered"] = triggered_.get();
  stats["alerts_inhibited"] = inhibited_.get();
  constexpr const char *kKeys[] = {"oks_triggered", "infos_triggered", "warns_triggered", "crits_triggered"};
  for (size_t l = 0; l < 4; ++l) stats[kKeys[l]] = by_level_[l].get();
  return stats;
}

const Tags &AlertNode::tags_of(const Occasion &occasion) const {
  return occasion.series ? occasion.series->tags : occasion.group->tags;
}

namespace {
std::string_view GroupText(const Group &group) { return group.id.empty() ? std::string_view("nil") : group.id; }
}  // namespace

// The id, rendered again only where it may differ from last time. Null: the task failed.
const std::string *AlertNode::id_of(AlertState &state, const Occasion &occasion) {
  bool known =
      state.begun && !state.id.empty() &&
      (occasion.series == state.id_series || !occasion.series ||
       (!texts_->id_reads_tags() && state.id_series && occasion.series->measurement == state.id_series->measurement));
  if (known) return &state.id;
  static const Fields kNoFields;
  EventView view(occasion.name, GroupText(*occasion.group), tags_of(occasion), kNoFields);
  std::string error;
  state.id.clear();
  state.id_series = occasion.series;
  if (texts_->id(view, &state.id, &error)) return &state.id;
  task().fail(*this, error);
  return nullptr;
}

// The event of the group's newest level. False: a template failed, and with it the task.
bool AlertNode::make_event(AlertState &state, const Occasion &occasion, AlertEvent *event) {
  const std::string *id = id_of(state, occasion);
  if (!id) return false;
  occasion.frame->fields(occasion.row, fields_);
  const Tags &tags = tags_of(occasion);
  EventView view(occasion.name, GroupText(*occasion.group), tags, fields_);
  view.id = *id;
  view.level = state.level;
  view.time = occasion.time;
  view.duration = state.duration();
  std::string error;
  event->message.clear();
  event->details.clear();
  bool ok = texts_->message(view, &event->message, &error);
  view.message = event->message;
  if (!ok || !texts_->details(view, &event->details, &error)) {
    task().fail(*this, error);
    return false;
  }
  event->id = *id;
  event->time = occasion.time;
  event->duration = view.duration;
  event->level = state.level;
  event->recoverable = !rules_.no_recoveries;
  event->name = occasion.name;
  event->task_name = task().id();
  event->group = view.group;
  event->category = category_;
  event->tags = tags;
  event->dialect = task().descriptor().dialect;
  if (handlers_.empty() && topic_.empty()) return true;
  event->fields = fields_;
  event->memory = Own(&event->fields);
  event->data.resize(1);
  if (occasion.batch) event->data[0] = MakeRow(*occasion.batch);
  else FillRow(&event->data[0], *occasion.series, occasion.time, fields_);
  return true;
}

void AlertNode::send(AlertEvent &event) {
  if (Inhibitors::Process().silences(category_, event.tags)) return inhibited_.add(1);
  triggered_.add(1);
  by_level_[static_cast<size_t>(event.level)].add(1);
  Services &services = task().services();
  if (services.logs_debug()) log_event(event);
  if (!handlers_.empty()) {
    services.collect(own_topic_, event);
    for (const auto &handler : handlers_) handler->handle(event);
    handed_over_ = true;
  }
  if (!topic_.empty()) services.collect(topic_, event);
}

void AlertNode::log_event(const AlertEvent &event) {
  LogRecord record{.level = "debug", .task = task().id(), .node = name(), .message = "alert triggered"};
  record.fields.emplace_back("level", LevelName(event.level));
  record.fields.emplace_back("id", event.id);
  record.fields.emplace_back("event_message", event.message);
  std::string data;
  AppendEventData(&data, event);
  record.fields.emplace_back("data", std::move(data));
  task().services().log(record);
}

void AlertNode::flush() {
  if (!handed_over_) return;
  handed_over_ = false;
  for (const auto &handler : handlers_) handler->flush();
}

void AlertNode::add_values(Added *added, const AlertEvent &event) {
  Arena &arena = task().arena();
  *added = {event.level, {}, {}, event.duration};
  if (!augment_.needs_texts()) return;
  added->id = arena.copy(event.id);
  added->message = arena.copy(event.message);
}

}  // namespace tick
