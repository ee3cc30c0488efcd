// topics.h - topics: what was last said about each id, and who is told (nodes-alert.md 8, 12).
//
// In: events, from any thread. Out: the previous level of their ids; the events to the topic's handlers, in the
// order they were collected. States are kept in memory and, through a TopicStore, beyond the process; an id whose
// last event is OK is forgotten.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/alert/event_states.h"
#include "runtime/engine/services.h"

namespace tick {

struct EventState {
  std::string message, details;
  int64_t time = 0, duration = 0;
  Level level = Level::Ok;
};

// The same, of texts that somebody else owns.
struct EventView {
  std::string_view message, details;
  int64_t time = 0, duration = 0;
  Level level = Level::Ok;
};

// Where states outlive the process. Calls come in the order of the events of a topic, under its lock: they must
// only note what is to be done.
class TopicStore {
 public:
  virtual ~TopicStore() = default;
  virtual void save(std::string_view topic, std::string_view id, const EventView &state, NotePlace *note) = 0;
  virtual void erase(std::string_view topic, std::string_view id, NotePlace *note) = 0;
  virtual void erase_topic(std::string_view topic) = 0;
  // Whether it tells the details of what was saved, so that nobody else has to keep them. Called under no lock.
  virtual bool tells_details() const { return false; }
  virtual std::string details(std::string_view /*topic*/, std::string_view /*id*/) { return ""; }
  virtual void details_of(std::string_view /*topic*/, const std::function<void(std::string id, std::string details)> & /*each*/) {}
};

class Topics {
 public:
  // Without a store nothing outlives the process.
  explicit Topics(TopicStore *store = nullptr) : store_(store) {}

  // Puts back what a store had, before the first event. The store tells the details, if it does.
  void load(std::string_view topic, std::string_view id, const EventView &state);

  // Sets the event's previous level, stores its state, tells the topic's handlers. Makes the topic if need be.
  // `otherwise` is the previous level where the topic knows none of the id.
  Level collect(std::string_view topic, AlertEvent &event, Level otherwise = Level::Ok);
  // The state of an id; nothing where the topic knows none.
  std::optional<EventState> state(std::string_view topic, std::string_view id) const;
  // Its level and time; false where the topic knows none.
  bool remembered(std::string_view topic, std::string_view id, Level *level, int64_t *time) const;

  // Handlers are called in the order they were added, under the topic's lock: they must not wait.
  void add_handler(std::string_view topic, std::string_view id, std::shared_ptr<AlertHandler> handler);
  void remove_handler(std::string_view topic, std::string_view id);

  struct Summary {
    std::string id;
    Level level;        // the highest of its ids
    int64_t collected;  // events so far
  };
  std::optional<Summary> summary(std::string_view topic) const;
  // Topics whose id matches the pattern ("" and `*` match all) and whose level is at least `least`, by id.
  std::vector<Summary> list(std::string_view pattern, Level least) const;
  // Ids and states of at least this level, by id; nothing where there is no such topic.
  std::optional<std::vector<std::pair<std::string, EventState>>> events(std::string_view topic, Level least) const;

  // Makes the topic if there is none. Forgets a topic with its states; its handlers stay for its next event.
  void open(std::string_view topic);
  void remove(std::string_view topic);

 private:
  struct Topic {
    mutable std::mutex mutex;
    EventStates states;
    std::vector<std::pair<std::string, std::shared_ptr<AlertHandler>>> handlers;
    int64_t at_level[4] = {0, 0, 0, 0};
    int64_t collected = 0;
    bool listed = false;  // collected from, loaded or opened, and not removed since
  };
  std::shared_ptr<Topic> find(std::string_view topic) const;
  std::shared_ptr<Topic> find_or_make(std::string_view topic);
  EventStates::Record *keep(Topic &topic, std::string_view id, const EventView &state);
  static Level level_of(const Topic &topic);
  static Summary summarize(const std::string &id, const Topic &topic);

  TopicStore *store_;
  mutable std::mutex mutex_;  // of the map, not of the topics
  std::map<std::string, std::shared_ptr<Topic>, std::less<>> topics_;
};

}  // namespace tick
