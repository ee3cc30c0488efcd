// topic_writer.cpp - the thread that writes topic states.
#include "runtime/daemon/topic_writer.h"

#include <algorithm>
#include <chrono>
#include <unordered_map>

namespace tick {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Clock::duration kLeastGather = std::chrono::milliseconds(20);  // states that come within it share a round
constexpr Clock::duration kMostGather = std::chrono::milliseconds(250);
constexpr auto kPairing = std::chrono::milliseconds(2);
constexpr int kRest = 10;                         // a round waits so many times as long as the last one took
constexpr auto kRetry = std::chrono::seconds(1);  // a store that fails is tried again after
constexpr size_t kMostKept = 4096;                // changes whose memory is kept for the next round

}  // namespace

TopicWriter::TopicWriter(Store &store, Log &log) : store_(store), log_(log), thread_([this] { write_all(); }) {}

TopicWriter::~TopicWriter() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  filled_.notify_all();
  thread_.join();
}

// The change of a state, the one of this round if it was noted in it. Under the lock.
TopicWriter::Change &TopicWriter::note(Kind kind, std::string_view topic, std::string_view id, NotePlace *place) {
  ++noted_;
  bool known = place && place->round == round_;
  size_t at = known ? place->at : open_.size++;
  if (at == open_.changes.size()) open_.changes.emplace_back();
  Change &change = open_.changes[at];
  change.kind = kind;
  if (known) return change;
  change.state.topic = topic;
  change.state.id = id;
  if (place) *place = {round_, static_cast<uint32_t>(at)};
  filled();
  return change;
}

// Wakes the thread for the first of a round. Under the lock.
void TopicWriter::filled() {
  if (std::exchange(awake_, true)) return;
  filled_.notify_one();
}

uint64_t TopicWriter::waits(const std::string &key, uint64_t number, std::string event) {
  std::lock_guard lock(mutex_);
  open_.waiting.push_back({key, number, std::move(event)});
  filled();
  return ++noted_;
}

void TopicWriter::done(const std::string &key, uint64_t number) {
  std::lock_guard lock(mutex_);
  ++noted_;
  uint64_t &last = open_.done[key];
  last = std::max(last, number);
  filled();
}

void TopicWriter::await(uint64_t noted, std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  written_.wait_for(lock, most, [&] { return done_ >= noted || ending_; });
}

void TopicWriter::save(std::string_view topic, std::string_view id, const EventView &state, NotePlace *place) {
  std::lock_guard lock(mutex_);
  Store::TopicState &to = note(Kind::Save, topic, id, place).state;
  to.message = state.message;
  to.details = state.details;
  to.level = static_cast<int>(state.level);
  to.time = state.time;
  to.duration = state.duration;
}

void TopicWriter::erase(std::string_view topic, std::string_view id, NotePlace *place) {
  std::lock_guard lock(mutex_);
  note(Kind::Erase, topic, id, place);
}

std::string TopicWriter::details(std::string_view topic, std::string_view id) {
  flush();
  return store_.topic_details(topic, id);
}

void TopicWriter::details_of(std::string_view topic, const std::function<void(std::string id, std::string details)> &each) {
  flush();
  store_.each_topic_details(topic, each);
}

void TopicWriter::erase_topic(std::string_view topic) {
  std::lock_guard lock(mutex_);
  note(Kind::EraseTopic, topic, "", nullptr);
}

void TopicWriter::flush() {
  std::unique_lock lock(mutex_);
  uint64_t wanted = noted_;
  ++hurried_;
  filled_.notify_one();
  written_.wait(lock, [&] { return done_ >= wanted || ending_; });
  --hurried_;
}

std::string TopicWriter::write(const Round &round) {
  return store_.transaction([&] {
    std::string problem;
    for (size_t i = 0; i < round.size && problem.empty(); ++i) {
      const auto &[kind, state] = round.changes[i];
      problem = kind == Kind::Save    ? store_.put_topic_state(state)
                : kind == Kind::Erase ? store_.erase_topic_state(state.topic, state.id)
                                      : store_.erase_topic(state.topic);
    }
    for (const auto &[key, number, event] : round.waiting)
      if (problem.empty()) problem = store_.put_delivery(key, number, event);
    for (const auto &[key, number] : round.done)
      if (problem.empty()) problem = store_.erase_deliveries(key, number);
    return problem;
  });
}

// Puts what could not be written before what came since; of each id only the newest. Under the lock.
void TopicWriter::keep(Round *failed) {
  std::unordered_map<std::string, size_t> newest;
  Round all;
  for (Round *part : {failed, &open_})
    for (size_t i = 0; i < part->size; ++i) {
      Change &change = part->changes[i];
      if (change.kind == Kind::EraseTopic) newest.clear();
      auto [at, added] = newest.try_emplace(change.state.topic + "\n" + change.state.id, all.changes.size());
      if (added) all.changes.push_back(std::move(change));
      else all.changes[at->second] = std::move(change);
    }
  all.size = all.changes.size();
  for (Round *part : {failed, &open_}) {
    std::move(part->waiting.begin(), part->waiting.end(), std::back_inserter(all.waiting));
    for (const auto &[key, number] : part->done) all.done[key] = std::max(all.done[key], number);
  }
  open_ = std::move(all);
  *failed = {};
  ++round_;
}

void TopicWriter::write_all() {
  std::unique_lock lock(mutex_);
  Round round;
  Clock::duration gather = kLeastGather;
  for (;;) {
    awake_ = !open_.empty();
    filled_.wait(lock, [&] { return ending_ || !open_.empty(); });
    if (open_.empty()) return;
    awake_ = true;
    filled_.wait_for(lock, gather, [&] { return ending_ || hurried_ > 0; });
    round.size = 0;
    round.waiting.clear();
    round.done.clear();
    if (round.changes.size() > kMostKept) round.changes = {};
    std::swap(round, open_);
    ++round_;
    uint64_t upto = noted_;
    lock.unlock();
    // An event is noted right after the state it tells of: one whose state is in this round goes with it.
    std::this_thread::sleep_for(kPairing);
    lock.lock();
    std::move(open_.waiting.begin(), open_.waiting.end(), std::back_inserter(round.waiting));
    open_.waiting.clear();
    lock.unlock();
    Clock::time_point begin = Clock::now();
    std::string error = write(round);
    gather = std::clamp((Clock::now() - begin) * kRest, kLeastGather, kMostGather);
    lock.lock();
    if (error.empty()) {
      done_ = upto;
      written_.notify_all();
      continue;
    }
    log_.error("failed to store alert states", {{"service", "alert"}, {"err", error}});
    keep(&round);
    if (ending_) return;
    filled_.wait_for(lock, kRetry, [&] { return ending_; });
  }
}

}  // namespace tick
