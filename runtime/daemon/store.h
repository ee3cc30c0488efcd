// store.h - what must survive: definitions and the last states of alerts, in one SQLite file (WAL).
//
// Objects are JSON texts by kind and id. A call that returns success is on disk. A file that is broken, of a
// newer schema, not ours or not writable is refused with a sentence and left as it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace tick {

class Store {
 public:
  // An error text that says what to do, or "" and *store set. Creates the file; its folder must exist.
  static std::string Open(const std::string &path, std::unique_ptr<Store> *store);
  ~Store();

  // Each returns an error text or "". Kinds: "task", "template", "handler", "override", "recording", …
  std::string put(std::string_view kind, std::string_view id, std::string_view value);
  std::string erase(std::string_view kind, std::string_view id);
  std::optional<std::string> get(std::string_view kind, std::string_view id);
  // Sorted by id, bytewise.
  std::vector<std::pair<std::string, std::string>> list(std::string_view kind);
  // All calls of `changes` or none.
  std::string transaction(const std::function<std::string()> &changes);

  // The last event of an id in a topic (alerts). Written in groups by the caller, through transaction().
  struct TopicState {
    std::string topic, id, message, details;
    int level = 0;
    int64_t time = 0, duration = 0;
  };
  std::string put_topic_state(const TopicState &state);
  std::string erase_topic_state(std::string_view topic, std::string_view id);
  std::string erase_topic(std::string_view topic);
  // All but their details, which may be much.
  std::string load_topic_states(const std::function<void(const TopicState &)> &each);
  std::string topic_details(std::string_view topic, std::string_view id);  // "" where there is no such state
  void each_topic_details(std::string_view topic, const std::function<void(std::string id, std::string details)> &each);

  // Events that wait for handlers, by the handler's key and ascending numbers. Written in groups, too.
  std::string put_delivery(std::string_view key, uint64_t number, std::string_view event);
  std::string erase_deliveries(std::string_view key, uint64_t upto);
  std::string load_deliveries(const std::function<void(const std::string &key, uint64_t number, const std::string &event)> &each);

  // A consistent copy of the database, written to a file.
  std::string backup(const std::string &path);
  const std::string &path() const { return path_; }

 private:
  explicit Store(std::string path) : path_(std::move(path)) {}
  std::string migrate();
  std::string run(const char *sql);
  std::string failure(const char *what) const;
  struct Statement;
  std::string path_;
  sqlite3 *db_ = nullptr;
  sqlite3_stmt *put_state_ = nullptr, *erase_state_ = nullptr, *put_delivery_ = nullptr, *erase_delivery_ = nullptr;  // used often: kept
  std::recursive_mutex mutex_;
};

}  // namespace tick
