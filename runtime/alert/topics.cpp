// topics.cpp - the states of topics.
#include "runtime/alert/topics.h"

#include <algorithm>

namespace tick {

namespace {

// Whether the first element of the pattern, which is no `*`, takes `c`; `length`: of that element. An unclosed
// bracket takes nothing.
bool TakesOne(std::string_view pattern, unsigned char c, size_t *length) {
  if (pattern[0] == '\\' && pattern.size() > 1) {
    *length = 2;
    return static_cast<unsigned char>(pattern[1]) == c;
  }
  *length = 1;
  if (pattern[0] != '[') return pattern[0] == '?' || static_cast<unsigned char>(pattern[0]) == c;
  size_t i = 1;
  bool negated = i < pattern.size() && (pattern[i] == '^' || pattern[i] == '!');
  if (negated) ++i;
  bool found = false;
  for (size_t first = i; i < pattern.size() && (pattern[i] != ']' || i == first); ++i) {
    unsigned char low = static_cast<unsigned char>(pattern[i]), high = low;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      high = static_cast<unsigned char>(pattern[i + 2]);
      i += 2;
    }
    found = found || (low <= c && c <= high);
  }
  *length = i + 1;
  return i < pattern.size() && found != negated;
}

}  // namespace

// After a mismatch the last `*` takes one character more; earlier ones need not be tried again.
bool GlobMatch(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0, star = pattern.npos, taken = 0;
  while (t < text.size()) {
    size_t length = 0;
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      taken = t;
    } else if (p < pattern.size() && TakesOne(pattern.substr(p), static_cast<unsigned char>(text[t]), &length)) {
      p += length;
      ++t;
    } else if (star != pattern.npos) {
      p = star;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

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
      store_->erase(name, event.id);
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
      if (pattern.empty() || GlobMatch(pattern, id)) found.emplace_back(id, topic);
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
