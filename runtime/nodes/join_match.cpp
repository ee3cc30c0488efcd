// join_match.cpp - finding partners.
#include "runtime/nodes/join_match.h"

#include <algorithm>

namespace tick {

// Where every source of this key has come to; unset while one has sent nothing.
Mark MatchKey::low() const {
  Mark low;
  for (const Mark &mark : marks_) {
    if (!mark.set) return {};
    if (!low.set || mark.time < low.time) low = mark;
  }
  return low;
}

void MatchKey::go_alone(int64_t low, std::vector<Meeting> *out) {
  for (; !specifics_.empty() && specifics_.front().time < low; specifics_.pop_front())
    out->push_back({std::move(specifics_.front()), {}, low});
}

void MatchKey::specific(Waiting message, bool all, std::vector<Meeting> *out) {
  marks_[message.source].to(message.time);
  Mark low = all ? this->low() : Mark{};
  if (low.set) go_alone(low.time, out);
  bool met = false;
  size_t at = 0;
  for (; at < matches_.size(); ++at) {
    if (matches_[at].time == message.time) {
      out->push_back({message, matches_[at], message.time});
      met = true;
    }
    if (low.set && matches_[at].time >= low.time) break;
  }
  if (low.set) matches_.erase(matches_.begin(), matches_.begin() + static_cast<ptrdiff_t>(at));
  if (met) return;
  if (low.set && message.time < low.time) out->push_back({std::move(message), {}, low.time});
  else specifics_.push_back(std::move(message));
}

void MatchKey::match(Waiting message, bool all, std::vector<Meeting> *out) {
  marks_[message.source].to(message.time);
  if (Mark low = all ? this->low() : Mark{}; low.set) go_alone(low.time, out);
  for (; !specifics_.empty() && specifics_.front().time == message.time; specifics_.pop_front())
    out->push_back({std::move(specifics_.front()), message, message.time});
  matches_.push_back(std::move(message));
}

void MatchKey::advance(unsigned source, int64_t time, bool all, std::vector<Meeting> *out) {
  marks_[source].raise(time);
  if (Mark low = all ? this->low() : Mark{}; low.set) go_alone(low.time, out);
}

void MatchKey::release(const std::vector<Mark> &overall, std::vector<Meeting> *out) {
  Mark low;
  for (size_t i = 0; i < marks_.size(); ++i) {
    const Mark &mark = marks_[i].set ? marks_[i] : overall[i];
    if (!mark.set) return;
    if (!low.set || mark.time < low.time) low = mark;
  }
  if (low.set) go_alone(low.time, out);
}

size_t MatchKey::limit(size_t most, std::vector<Meeting> *out) {
  size_t over = 0;
  for (; specifics_.size() > most; ++over) {
    int64_t time = specifics_.front().time;
    out->push_back({std::move(specifics_.front()), {}, time});
    specifics_.pop_front();
  }
  for (; matches_.size() > most; ++over) matches_.pop_front();
  return over;
}

void MatchKey::drain(std::vector<Meeting> *out) {
  for (Waiting &waiting : specifics_) {
    int64_t time = waiting.time;
    out->push_back({std::move(waiting), {}, time});
  }
  specifics_.clear();
  matches_.clear();
}

void MatchKey::forget(const JoinGroup *group) {
  std::erase_if(specifics_, [&](const Waiting &waiting) { return waiting.group.get() == group; });
}

}  // namespace tick
