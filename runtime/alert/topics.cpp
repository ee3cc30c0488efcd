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

void Topics::load(std::string_view topic, std::string id, EventState state) {
  std::shared_ptr<Topic> to = find_or_make(topic);
  std::lock_guard lock(to->mutex);
  to->listed = true;
  auto [at, fresh] = to->states.try_emplace(std::move(id));
  if (!fresh) --to->at_level[static_cast<size_t>(at->second.level)];
  ++to->at_level[static_cast<size_t>(state.level)];
  at->second = std::move(state);
}

Level Topics::collect(std::string_view name, AlertEvent &event) {
  std::shared_ptr<Topic> topic = find_or_make(name);
  std::lock_guard lock(topic->mutex);
  topic->listed = true;
  ++topic->collected;
  auto [at, fresh] = topic->states.try_emplace(event.id);
  EventState &state = at->second;
  Level previous = state.level;
  if (!fresh) --topic->at_level[static_cast<size_t>(previous)];
  ++topic->at_level[static_cast<size_t>(event.level)];
  state.message = event.message;
  state.details = event.details;
  state.time = event.time;
  state.duration = event.duration;
  state.level = event.level;
  if (store_) {
    if (event.level == Level::Ok)
      store_->erase(name, event.id, state);
    else
      store_->save(name, event.id, state);
  }
  event.previous_level = previous;
  for (const auto &[id, handler] : topic->handlers) handler->handle(event);
  for (const auto &[id, handler] : topic->handlers) handler->flush();
  return previous;
}

std::optional<EventState> Topics::state(std::string_view name, std::string_view id) const {
  std::shared_ptr<Topic> topic = find(name);
  if (!topic) return std::nullopt;
  std::lock_guard lock(topic->mutex);
  auto at = topic->states.find(std::string(id));
  if (at == topic->states.end()) return std::nullopt;
  return at->second;
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
  {
    std::lock_guard lock(topic->mutex);
    if (!topic->listed) return std::nullopt;
    for (const auto &[id, state] : topic->states)
      if (state.level >= least) events.emplace_back(id, state);
  }
  std::sort(events.begin(), events.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
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
