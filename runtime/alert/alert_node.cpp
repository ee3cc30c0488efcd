// alert_node.cpp - points and batches through levels and group state to events.
//
// A row costs the conditions (evaluated for the whole frame where they keep no state) and a look at its group's
// state; texts and rows are made only for events.
#include "runtime/alert/alert_node.h"

#include "runtime/engine/state_archive.h"
#include "runtime/engine/task.h"
#include "runtime/nodes/rows.h"
#include "runtime/nodes/state_size.h"

namespace tick {

static_assert(sizeof(AlertState) == StateSizeOf("alert"));

AlertNode::AlertNode(const tick_node &spec, Task &task)
    : Node(spec, task),
      levels_(spec, task, *this),
      augment_(*this, task, string_property("levelTag", ""), string_property("idTag", ""),
               string_property("levelField", ""), string_property("idField", ""), string_property("messageField", ""),
               string_property("durationField", "")) {}

// --- state -----------------------------------------------------------------------------------------

void AlertNode::init_state(void *at) { new (at) AlertState(); }

void AlertNode::drop_state(void *at) {
  auto *state = static_cast<AlertState *>(at);
  for (const auto &inhibitor : state->inhibitors) Inhibitors::Process().remove(inhibitor);
  state->~AlertState();
}

void AlertNode::move_state(void *from, void *to) {
  auto *state = static_cast<AlertState *>(from);
  auto *moved = new (to) AlertState(std::move(*state));
  state->~AlertState();
  // The template of the id may be another one now.
  moved->id_series = nullptr;
  moved->id.clear();
}

// What the topics remember of the id is newer than what was saved: begin() asks them once more.
bool AlertNode::exchange_state(void *at, Group *, StateArchive &archive) {
  auto &state = *static_cast<AlertState *>(at);
  archive.number(state.first_triggered);
  archive.number(state.last_triggered);
  archive.number(state.index);
  archive.number(state.level);
  archive.number(state.is_flapping);
  bool ring = state.ring != nullptr;
  archive.number(ring);
  if (archive.loading()) {
    state.previous = state.level;
    if (ring) state.ring = std::make_unique<uint8_t[]>(rules_.history);
    if (state.level > Level::Critical || (ring && state.index >= rules_.history)) archive.fail();
  }
  if (ring) archive.bytes(state.ring.get(), rules_.history);
  return true;
}

void AlertNode::adopt(Node &old) { levels_.adopt(static_cast<AlertNode &>(old).levels_); }

// The group's state; the first time it is begun from what the topics remember. Null: the task failed.
AlertState *AlertNode::begun_state(Group *group, const Occasion &occasion) {
  auto &state = state_as<AlertState>(group);
  if (!state.begun && !begin(state, occasion)) return nullptr;
  return &state;
}

bool AlertNode::begin(AlertState &state, const Occasion &occasion) {
  const std::string *id = id_of(state, occasion);
  if (!id) return false;
  state.begun = true;
  make_inhibitors(state, *occasion.group);
  Level level = Level::Ok;
  int64_t time = 0;
  Services &services = task().services();
  bool found = !handlers_.empty() && services.remembered(own_topic_, *id, &level, &time);
  if (!found) found = !topic_.empty() && services.remembered(topic_, *id, &level, &time);
  if (found && level != state.level) {
    state.add(rules_, occasion.time, level);
    trigger(state, time);
  } else if (state.level != Level::Ok) {  // as it was saved
    for (const auto &inhibitor : state.inhibitors) Inhibitors::Process().set(*inhibitor, true);
  }
  return true;
}

void AlertNode::make_inhibitors(AlertState &state, const Group &group) {
  for (const tick_property *property : properties("inhibit")) {
    Tags tags;
    for (const std::string &name : string_list(property->args + 1, property->n_args - 1)) {
      Name key = Intern(name);
      const std::string *value = FindTag(group.tags, key);
      tags.push_back({key, value ? *value : ""});
    }
    state.inhibitors.push_back(Inhibitors::Process().add(std::string(View(property->args[0].as.s)), std::move(tags)));
  }
}

void AlertNode::trigger(AlertState &state, int64_t time) {
  state.triggered(time);
  for (const auto &inhibitor : state.inhibitors) Inhibitors::Process().set(*inhibitor, state.level != Level::Ok);
}

// --- points ----------------------------------------------------------------------------------------

void AlertNode::points(const Frame &frame, unsigned) {
  levels_.begin(frame);
  bool passes_on = !children().empty() || watched();
  Selection passed(task().arena(), passes_on ? frame.rows.size() : 0);
  Added *added = passes_on && augment_.any() ? task().arena().array<Added>(frame.rows.size()) : nullptr;
  Group *last = nullptr;
  AlertState *state = nullptr;
  for (uint32_t row : frame.rows) {
    Group *group = frame.groups[row];
    if (group != last) {
      const Series *series = frame.series[row];
      state = begun_state(group, {*series->measurement, group, series, &frame, row, frame.times[row], nullptr});
      if (!state) return flush();
      last = group;
    }
    bool passes = false;
    Level level = levels_.level(row, state->level);
    state->add(rules_, frame.times[row], level);
    if (!due(*state, false)) continue;
    if (!take_row(frame, row, *state, level, added ? added + passed.size() : nullptr, &passes)) return flush();
    if (passes && passes_on) passed.add(row);
  }
  flush();
  if (!passes_on) return;
  Frame out = frame;
  Overlay overlay;
  out.rows = passed.rows();
  if (added && !out.rows.empty()) augment_.rows(&out, &overlay, added);
  emit(out);
  if (out.rows.size() < frame.rows.size() && wants_skipped()) {
    Frame rest = frame;
    rest.rows = Without(task().arena(), frame.rows, passed.rows());
    emit_skipped(rest);
  }
}

// Whether the newest level makes an event. A recovery of a batch is sent even while its group flaps.
bool AlertNode::due(const AlertState &state, bool batch) const {
  if (state.level == Level::Ok) return state.changed && (batch || !state.held_back(rules_));
  return !state.held_back(rules_);
}

// The event of a point. False: the task failed.
bool AlertNode::take_row(const Frame &frame, uint32_t row, AlertState &state, Level level, Added *added, bool *passes) {
  int64_t time = frame.times[row];
  trigger(state, time);
  if (rules_.no_recoveries && level == Level::Ok) return true;
  const Series *series = frame.series[row];
  AlertEvent &event = event_;
  if (!make_event(state, {*series->measurement, frame.groups[row], series, &frame, row, time, nullptr}, &event))
    return false;
  if (added) add_values(added, event);
  send(event);
  *passes = true;
  return true;
}

// --- batches ---------------------------------------------------------------------------------------

void AlertNode::batch(const Batch &batch, unsigned) {
  if (batch.points.rows.empty()) return;
  uint32_t first = batch.points.rows[0];
  AlertState *state = begun_state(
      batch.group, {*batch.name, batch.group, nullptr, &batch.points, first, batch.points.times[first], &batch});
  if (!state) return;
  levels_.begin(batch.points);
  int64_t time = batch.tmax;
  uint32_t row = first;
  Level level =
      task().old_dialect() ? nested_batch_level(batch, &time, &row) : batch_level(batch, state->level, &time, &row);
  state->add(rules_, time, level);
  if (due(*state, true)) take_batch(batch, *state, level, time, row);
  flush();
}

Level AlertNode::batch_level(const Batch &batch, Level current, int64_t *time, uint32_t *row) {
  Level lowest = Level::Critical, highest = Level::Ok;
  bool first = true;
  for (uint32_t at : batch.points.rows) {
    Level level = levels_.level(at, current);
    lowest = std::min(lowest, level);
    if (first || level > highest) {
      highest = level;
      *row = at;
    }
    first = false;
  }
  Level level = all_ ? lowest : highest;
  *time = all_ || level == Level::Ok ? batch.tmax : batch.points.times[*row];
  return level;
}

// Kapacitor 0.2: the first point above OK decides, the others are not looked at.
Level AlertNode::nested_batch_level(const Batch &batch, int64_t *time, uint32_t *row) {
  for (uint32_t at : batch.points.rows) {
    *row = at;
    Level level = levels_.level(at, Level::Ok);
    if (level == Level::Ok) continue;
    *time = batch.points.times[at];
    return level;
  }
  *time = batch.tmax;
  return Level::Ok;
}

bool AlertNode::take_batch(const Batch &batch, AlertState &state, Level level, int64_t time, uint32_t row) {
  trigger(state, time);
  if (rules_.no_recoveries && level == Level::Ok) return true;
  AlertEvent event;
  if (!make_event(state, {*batch.name, batch.group, nullptr, &batch.points, row, time, &batch}, &event)) return false;
  Added added;
  if (augment_.any()) add_values(&added, event);
  send(event);
  flush();
  if (children().empty() && !watched()) return true;
  Batch out = batch;
  Overlay overlay;
  if (augment_.any()) augment_.batch(&out, &overlay, added);
  emit(out);
  return true;
}

}  // namespace tick
