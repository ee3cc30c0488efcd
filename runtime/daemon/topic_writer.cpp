// topic_writer.cpp - the thread that writes topic states.
#include "runtime/daemon/topic_writer.h"

namespace tick {
namespace {

constexpr auto kGather = std::chrono::milliseconds(20);  // states that come within it share a transaction
constexpr auto kRetry = std::chrono::seconds(1);         // a store that fails is tried again after

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

void TopicWriter::note(Change change) {
  std::lock_guard lock(mutex_);
  ++noted_;
  std::string key = change.topic + "\n" + change.id;
  auto [at, added] = newest_.try_emplace(key, changes_.size());
  if (added || change.whole_topic) {
    if (change.whole_topic) newest_.clear();
    changes_.push_back(std::move(change));
  } else {
    changes_[at->second] = std::move(change);
  }
  filled_.notify_one();
}

void TopicWriter::save(std::string_view topic, std::string_view id, const EventState &state) {
  note({std::string(topic), std::string(id), false, false, state});
}
void TopicWriter::erase(std::string_view topic, std::string_view id) { note({std::string(topic), std::string(id), true, false, {}}); }
void TopicWriter::erase_topic(std::string_view topic) { note({std::string(topic), "", true, true, {}}); }

void TopicWriter::flush() {
  std::unique_lock lock(mutex_);
  uint64_t wanted = noted_;
  filled_.notify_one();
  written_.wait(lock, [&] { return done_ >= wanted || ending_; });
}

void TopicWriter::write_all() {
  std::unique_lock lock(mutex_);
  for (;;) {
    filled_.wait(lock, [&] { return ending_ || !changes_.empty(); });
    if (changes_.empty()) return;
    if (!ending_) filled_.wait_for(lock, kGather, [&] { return ending_; });
    std::vector<Change> changes;
    changes.swap(changes_);
    newest_.clear();
    uint64_t upto = noted_;
    lock.unlock();
    std::string error = store_.transaction([&] {
      std::string problem;
      for (const Change &change : changes) {
        if (!problem.empty()) break;
        if (change.whole_topic) problem = store_.erase_topic(change.topic);
        else if (change.erased) problem = store_.erase_topic_state(change.topic, change.id);
        else
          problem = store_.put_topic_state({change.topic, change.id, change.state.message, change.state.details,
                                            static_cast<int>(change.state.level), change.state.time, change.state.duration});
      }
      return problem;
    });
    lock.lock();
    if (error.empty()) {
      done_ = upto;
      written_.notify_all();
      continue;
    }
    log_.error("failed to store alert states", {{"service", "alert"}, {"err", error}});
    changes.insert(changes.end(), std::make_move_iterator(changes_.begin()), std::make_move_iterator(changes_.end()));
    changes_.swap(changes);
    newest_.clear();
    if (ending_) return;
    filled_.wait_for(lock, kRetry, [&] { return ending_; });
  }
}

}  // namespace tick
