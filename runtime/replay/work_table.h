// work_table.h - what recordings and replays have in common: records in the store, and a thread for each that runs.
//
// A Record has id, error, date, status, stored() and read(); a Work has thread, done, cancel() and tell(), which puts
// how far it is into its record. Records are read when the daemon opens; those that a stopped daemon left running have
// failed. Thread-safe; what derives from it takes mutex_ for its own part.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/daemon/log.h"
#include "runtime/daemon/tasks.h"

namespace tick {

enum class WorkStatus : uint8_t { Running, Finished, Failed };
std::string_view WorkWord(WorkStatus status);  // running, finished, failed
WorkStatus WorkStatusOf(std::string_view word);

template <class Record, class Work>
class WorkTable {
 public:
  // Ends what runs: it stays `running` in the store and has failed at the next start.
  void close();
  std::optional<Record> find(const std::string &id) const;
  std::vector<Record> all() const;  // newest first
  // Waits until it does not run any more.
  std::optional<Record> wait(const std::string &id) const;

 protected:
  WorkTable(std::string kind, Store &store, Log &log) : kind_(std::move(kind)), store_(store), log_(log) {}
  ~WorkTable() = default;
  void open();
  void save(const Record &record);
  // Stores the record and runs the job on a thread; refused where there is one of that id, unless it may be replaced.
  Refusal begin(const Record &record, bool may_replace, std::shared_ptr<Work> work, std::function<void()> job);
  // The end of what runs, under the lock.
  void finish(Record *record, const std::string &error);

  const std::string kind_;
  Store &store_;
  Log &log_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::string, Record> records_;
  std::map<std::string, std::shared_ptr<Work>> work_;
  bool closing_ = false;

 private:
  void reap();
};

template <class Record, class Work>
void WorkTable<Record, Work>::open() {
  for (const auto &[id, text] : store_.list(kind_)) {
    Record record;
    record.id = id;
    if (!record.read(text)) continue;
    if (record.status == WorkStatus::Running) {
      record.status = WorkStatus::Failed;
      record.error = "unexpected Kapacitor shutdown";
      save(record);
    }
    records_[id] = record;
  }
}

template <class Record, class Work>
void WorkTable<Record, Work>::close() {
  std::map<std::string, std::shared_ptr<Work>> work;
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    work = work_;
    for (const auto &[id, one] : work) one->cancel();
    changed_.notify_all();
  }
  for (const auto &[id, one] : work)
    if (one->thread.joinable()) one->thread.join();
  std::lock_guard lock(mutex_);
  work_.clear();
}

template <class Record, class Work>
void WorkTable<Record, Work>::save(const Record &record) {
  std::string error = store_.put(kind_, record.id, record.stored());
  if (!error.empty()) log_.error("failed to save " + kind_, {{"service", "replay"}, {kind_, record.id}, {"err", error}});
}

template <class Record, class Work>
std::optional<Record> WorkTable<Record, Work>::find(const std::string &id) const {
  std::lock_guard lock(mutex_);
  auto found = records_.find(id);
  if (found == records_.end()) return std::nullopt;
  Record record = found->second;
  if (auto work = work_.find(id); work != work_.end()) work->second->tell(&record);
  return record;
}

template <class Record, class Work>
std::vector<Record> WorkTable<Record, Work>::all() const {
  std::lock_guard lock(mutex_);
  std::vector<Record> list;
  for (const auto &[id, record] : records_) list.push_back(record);
  std::sort(list.begin(), list.end(), [](const Record &a, const Record &b) {
    int64_t at = a.date / 1'000'000'000, bt = b.date / 1'000'000'000;
    return at != bt ? at > bt : a.id > b.id;
  });
  return list;
}

template <class Record, class Work>
std::optional<Record> WorkTable<Record, Work>::wait(const std::string &id) const {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      auto found = records_.find(id);
      return closing_ || found == records_.end() || found->second.status != WorkStatus::Running;
    });
  }
  return find(id);
}

// Threads that have ended are joined by whoever starts the next.
template <class Record, class Work>
void WorkTable<Record, Work>::reap() {
  std::vector<std::shared_ptr<Work>> ended;
  {
    std::lock_guard lock(mutex_);
    for (auto it = work_.begin(); it != work_.end();) {
      if (!it->second->done) {
        ++it;
        continue;
      }
      ended.push_back(it->second);
      it = work_.erase(it);
    }
  }
  for (const auto &work : ended) work->thread.join();
}

template <class Record, class Work>
Refusal WorkTable<Record, Work>::begin(const Record &record, bool may_replace, std::shared_ptr<Work> work, std::function<void()> job) {
  reap();
  std::lock_guard lock(mutex_);
  if (closing_ || work_.count(record.id) > 0 || (!may_replace && records_.count(record.id) > 0))
    return {500, kind_ + " already exists", nullptr};
  if (std::string error = store_.put(kind_, record.id, record.stored()); !error.empty()) return {500, error, nullptr};
  records_[record.id] = record;
  work_[record.id] = work;
  work->thread = std::thread(std::move(job));
  return {};
}

template <class Record, class Work>
void WorkTable<Record, Work>::finish(Record *record, const std::string &error) {
  record->date = WallClock();
  record->status = error.empty() ? WorkStatus::Finished : WorkStatus::Failed;
  record->error = error;
  if (!error.empty()) log_.error(kind_ + " failed", {{"service", "replay"}, {kind_, record->id}, {"err", error}});
  save(*record);
  changed_.notify_all();
}

}  // namespace tick
