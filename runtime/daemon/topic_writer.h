// topic_writer.h - writes topic states to the store, many in one transaction.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "runtime/alert/topics.h"
#include "runtime/daemon/log.h"
#include "runtime/daemon/store.h"

namespace tick {

// Keeps the newest state of each id until it is written; a state is at most one flush old on disk.
class TopicWriter final : public TopicStore {
 public:
  TopicWriter(Store &store, Log &log);
  ~TopicWriter() override;
  void save(std::string_view topic, std::string_view id, const EventState &state) override;
  void erase(std::string_view topic, std::string_view id) override;
  void erase_topic(std::string_view topic) override;
  // Returns when everything noted so far is on disk.
  void flush();

 private:
  struct Change {
    std::string topic, id;
    bool erased = false, whole_topic = false;
    EventState state;
  };
  void note(Change change);
  void write_all();
  Store &store_;
  Log &log_;
  std::mutex mutex_;
  std::condition_variable filled_, written_;
  std::vector<Change> changes_;                         // in order
  std::unordered_map<std::string, size_t> newest_;      // "topic\nid" to its place in changes_
  uint64_t noted_ = 0, done_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tick
