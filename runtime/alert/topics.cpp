// topics.cpp - the states of topics.
#include "runtime/alert/topics.h"

#include <algorithm>

#include "runtime/text/glob.h"

namespace tick {

std::shared_ptr<Topics::Topic> Topics::find(std::string_view topic) const {
  std::lock_guard lock(mutex_);
  auto at = topics_.find(topic);
  return at == topics_.end() ? nullptr : at->second;
}

std::shared_ptr<Topics::Topic> Topics::find_or_make(std::string_view topic) {
  std::lock_guard lock(mutex_);
  auto at = topics_.find(topic);
  if (at == topics_.end()) at = topics_.emplace(std::string(topic), std::make_shared<Topic>()).first;
  return at->second;
}

// Makes it the last state of the id. Under the topic's lock.
EventStates::Record *Topics::keep(Topic &topic, std::string_view id, const EventView &state) {
  const EventStates::Record *before = topic.states.find(id);
  if (before) --topic.at_level[static_cast<size_t>(before->level)];
  ++topic.at_level[static_cast<size_t>(state.level)];
  bool told = store_ && store_->tells_details() && state.level != Level::Ok;
  EventStates::Record *record = topic.states.put({id, state.message, told ? std::string_view() : state.details});
  record->details_kept = !told;
  record->time = state.time;
  record->duration = state.duration;
  record->level = state.level;
  return record;
}

void Topics::load(std::string_view topic, std::string_view id, const EventView &state) {
  std::shared_ptr<Topic> to = find_or_make(topic);
  std::lock_guard lock(to->mutex);
  to->listed = true;
  keep(*to, id, state);
}

Level Topics::collect(std::string_view name, AlertEvent &event, Level otherwise) {
  std::shared_ptr<Topic> topic = find_or_make(name);
  std::lock_guard lock(topic->mutex);
  topic->listed = true;
  ++topic->collected;
  const EventStates::Record *before = topic->states.find(event.id);
  Level previous = before ? before->level : otherwise;
  EventView state{event.message, event.details, event.time, event.duration, event.level};
  EventStates::Record *record = keep(*topic, event.id, state);
  if (store_) {
    if (event.level == Level::Ok) store_->erase(name, event.id, &record->note);
    else store_->save(name, event.id, state, &record->note);
  }
  event.previous_level = previous;
  for (const auto &[id, handler] : topic->handlers) handler->handle(event);
  for (const auto &[id, handler] : topic->handlers) handler->flush();
  return previous;
}

namespace {
EventState StateOf(const EventStates::Record &record) {
  return {std::string(record.message()), std::string(record.details()), record.time, record.duration, record.level};
}
}  // namespace

std::optional<EventState> Topics::state(std::string_view name, std::string_view id) const {
  std::shared_ptr<Topic> topic = find(name);
  if (!topic) return std::nullopt;
  EventState state;
  {
    std::lock_guard lock(topic->mutex);
    const EventStates::Record *record = topic->states.find(id);
    if (!record) return std::nullopt;
    state = StateOf(*record);
    if (record->details_kept) return state;
  }
  state.details = store_->details(name, id);
  return state;
}

bool Topics::remembered(std::string_view name, std::string_view id, Level *level, int64_t *time) const {
  std::shared_ptr<Topic> topic = find(name);
  if (!topic) return false;
  std::lock_guard lock(topic->mutex);
  const EventStates::Record *record = topic->states.find(id);
  if (!record) return false;
  *level = record->level;
  *time = record->time;
  return true;
}

void Topics::add_handler(std::string_view name, std::string_view id, std::shared_ptr<AlertHandler> handler) {
  std::shared_ptr<Topic> topic = find_or_make(name);
  std::lock_guard lock(topic->mutex);
  topic->handlers.emplace_back(std::string(id), std::move(handler));
}

void Topics::remove_handler(std::string_view name, std::string_view id) {
  std::shared_ptr<Topic> topic = find(name);
  if (!topic) return;
  std::shared_ptr<AlertHandler> gone;  // destroyed outside of the lock
  std::lock_guard lock(topic->mutex);
  auto at =
      std::find_if(topic->handlers.begin(), topic->handlers.end(), [&](const auto &each) { return each.first == id; });
  if (at == topic->handlers.end()) return;
  gone = std::move(at->second);
  topic->handlers.erase(at);
}

Level Topics::level_of(const Topic &topic) {
  for (size_t l = 3; l > 0; --l)
    if (topic.at_level[l] > 0) return static_cast<Level>(l);
  return Level::Ok;
}

Topics::Summary Topics::summarize(const std::string &id, const Topic &topic) {
  return {id, level_of(topic), topic.collected};
}

std::optional<Topics::Summary> Topics::summary(std::string_view name) const {
  std::shared_ptr<Topic> topic = find(name);
  if (!topic) return std::nullopt;
  std::lock_guard lock(topic->mutex);
  if (!topic->listed) return std::nullopt;
  return summarize(std::string(name), *topic);
}

std::vector<Topics::Summary> Topics::list(std::string_view pattern, Level least) const {
  std::vector<std::pair<std::string, std::shared_ptr<Topic>>> found;
  {
    std::lock_guard lock(mutex_);
    for (const auto &[id, topic] : topics_)
      if (MatchesGlob(pattern, id)) found.emplace_back(id, topic);
  }
  std::vector<Summary> list;
  for (const auto &[id, topic] : found) {
    std::lock_guard lock(topic->mutex);
    if (topic->listed && level_of(*topic) >= least) list.push_back(summarize(id, *topic));
  }
  return list;
}

std::optional<std::vector<std::pair<std::string, EventState>>> Topics::events(std::string_view name,
                                                                              Level least) const {
  std::shared_ptr<Topic> topic = find(name);
  if (!topic) return std::nullopt;
  std::vector<std::pair<std::string, EventState>> events;
  bool complete = true;
  {
    std::lock_guard lock(topic->mutex);
    if (!topic->listed) return std::nullopt;
    topic->states.each([&](const EventStates::Record &record) {
      if (record.level < least) return;
      events.emplace_back(record.id(), StateOf(record));
      complete &= record.details_kept;
    });
  }
  auto by_id = [](const auto &a, const auto &b) { return a.first < b.first; };
  std::sort(events.begin(), events.end(), by_id);
  if (complete) return events;
  store_->details_of(name, [&](std::string id, std::string details) {
    auto at = std::lower_bound(events.begin(), events.end(), std::pair(id, EventState()), by_id);
    if (at != events.end() && at->first == id && at->second.details.empty()) at->second.details = std::move(details);
  });
  return events;
}

void Topics::open(std::string_view name) {
  std::shared_ptr<Topic> topic = find_or_make(name);
  std::lock_guard lock(topic->mutex);
  topic->listed = true;
}

void Topics::remove(std::string_view name) {
  std::shared_ptr<Topic> topic = find(name);
  if (!topic) return;
  std::lock_guard lock(topic->mutex);
  topic->states.clear();
  std::fill(std::begin(topic->at_level), std::end(topic->at_level), 0);
  topic->collected = 0;
  topic->listed = false;
  if (store_) store_->erase_topic(name);
}

}  // namespace tick
