// alert_node.h - `|alert()`: levels of points become events (nodes-alert.md 1 to 8, 10).
//
// In: points or batches. Out: events to the handlers and topics; downstream only what caused an event, with the
// added fields and tags. The state of a group is an AlertState in its record.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/alert/alert_state.h"
#include "runtime/alert/augment.h"
#include "runtime/alert/event_texts.h"
#include "runtime/alert/inhibitors.h"
#include "runtime/alert/level_rules.h"
#include "runtime/engine/node.h"

namespace tick {

class AlertNode final : public Node, private LevelRules::Errors {
 public:
  // Null node and an error text where a template does not parse or a handler refuses its arguments.
  static NodeResult Make(const tick_node &spec, Task &task);
  AlertNode(const tick_node &spec, Task &task);

  void points(const Frame &frame, unsigned source) override;
  void batch(const Batch &batch, unsigned source) override;
  void init_state(void *at) override;
  void drop_state(void *at) override;
  void move_state(void *from, void *to) override;
  bool exchange_state(void *at, Group *, StateArchive &archive) override;
  void exchange(StateArchive &archive) override { levels_.exchange(archive); }
  void adopt(Node &old) override;
  bool keeps_state() const override { return true; }
  std::map<std::string, int64_t> stats() const override;

 private:
  // What an event is about besides its group's state.
  struct Occasion {
    std::string_view name;
    const Group *group;
    const Series *series;  // whose tags the event has; null: the group's
    const Frame *frame;    // where the fields are
    uint32_t row;
    int64_t time;
    const Batch *batch;  // shown whole; null: the row is shown
  };

  std::string prepare();
  std::string make_handlers();
  std::vector<tick_property> global_handlers(const std::vector<const tick_property *> &calls);
  AlertState *begun_state(Group *group, const Occasion &occasion);
  bool begin(AlertState &state, const Occasion &occasion);
  void make_inhibitors(AlertState &state, const Group &group);
  void trigger(AlertState &state, int64_t time);

  bool due(const AlertState &state, bool batch) const;
  bool take_row(const Frame &frame, uint32_t row, AlertState &state, Level level, Added *added, bool *passes);
  bool take_batch(const Batch &batch, AlertState &state, Level level, int64_t time, uint32_t row);
  Level batch_level(const Batch &batch, Level current, int64_t *time, uint32_t *row);
  Level nested_batch_level(const Batch &batch, int64_t *time, uint32_t *row);

  const Tags &tags_of(const Occasion &occasion) const;
  const std::string *id_of(AlertState &state, const Occasion &occasion);
  bool make_event(AlertState &state, const Occasion &occasion, AlertEvent *event);
  void send(AlertEvent &event);
  void log_event(const AlertEvent &event);
  void add_values(Added *added, const AlertEvent &event);
  void flush();

  bool wants_cause() const override { return says_next_error(); }
  void failed(std::string_view message, std::string_view cause, const Frame &frame, uint32_t row,
              const Lambda &lambda) override {
    if (!says_next_error()) return errors.add(1);
    error(message, cause, &frame, row, &lambda);
  }

  AlertRules rules_;
  bool all_ = false;
  std::string category_, topic_, own_topic_;
  LevelRules levels_;
  Augment augment_;
  std::unique_ptr<EventTexts> texts_;
  std::vector<std::string> global_names_;  // of handlers that come from configuration
  std::vector<std::unique_ptr<AlertHandler>> handlers_;
  bool handed_over_ = false;  // handlers have events that were not flushed
  Fields fields_;             // of the row at hand; kept for its memory
  AlertEvent event_;          // the last of a row; kept for its memory
  Counter triggered_, inhibited_, by_level_[4];
};

}  // namespace tick
