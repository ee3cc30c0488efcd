// topic_writer.h - writes topic states, and the events that wait for handlers, to the store: many in one transaction.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/alert/topics.h"
#include "runtime/daemon/delivery.h"
#include "runtime/daemon/log.h"
#include "runtime/daemon/store.h"

namespace tick {

// Keeps the newest state of each id until it is written. Under load rounds become rarer: writing takes a tenth of a core
// at most, and a state on disk is a quarter of a second old at most.
class TopicWriter final : public TopicStore, public DeliveryJournal {
 public:
  TopicWriter(Store &store, Log &log);
  ~TopicWriter() override;
  void save(std::string_view topic, std::string_view id, const EventView &state, NotePlace *note) override;
  void erase(std::string_view topic, std::string_view id, NotePlace *note) override;
  void erase_topic(std::string_view topic) override;
  bool tells_details() const override { return true; }
  std::string details(std::string_view topic, std::string_view id) override;
  void details_of(std::string_view topic, const std::function<void(std::string id, std::string details)> &each) override;
  uint64_t waits(const std::string &key, uint64_t number, std::string event) override;
  void done(const std::string &key, uint64_t number) override;
  void await(uint64_t noted, std::chrono::milliseconds most) override;
  // Returns when everything noted so far is on disk.
  void flush();

 private:
  enum class Kind : uint8_t { Save, Erase, EraseTopic };
  struct Change {
    Kind kind;
    Store::TopicState state;
  };
  struct Waiting {
    std::string key;
    uint64_t number;
    std::string event;
  };
  // Changes in order, the first `size` of the vector; the others are kept for their memory.
  struct Round {
    std::vector<Change> changes;
    size_t size = 0;
    std::vector<Waiting> waiting;
    std::map<std::string, uint64_t> done;  // by handler, the last number
    bool empty() const { return size == 0 && waiting.empty() && done.empty(); }
  };
  Change &note(Kind kind, std::string_view topic, std::string_view id, NotePlace *place);
  void filled();
  void write_all();
  std::string write(const Round &round);
  void keep(Round *failed);
  Store &store_;
  Log &log_;
  std::mutex mutex_;
  std::condition_variable filled_, written_;
  Round open_;
  uint64_t round_ = 1;  // number of open_
  uint64_t noted_ = 0, done_ = 0;
  unsigned hurried_ = 0;  // waiting in flush()
  bool ending_ = false, awake_ = false;
  std::thread thread_;
};

}  // namespace tick
