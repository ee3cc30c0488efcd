// writer.cpp - queues of writes, one thread a cluster.
#include "runtime/influx/writer.h"

#include <libdeflate.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "runtime/influx/influxql_lexer.h"

namespace tick {
namespace {

// Gzip of two kinds: the fastest level (lines repeat themselves, higher ones cost twice for a fifth less), and stored
// as it is, for a peer on this machine, to whom compressing would cost more than sending.
class Compressor {
 public:
  Compressor() : fast_(libdeflate_alloc_compressor(1)), stored_(libdeflate_alloc_compressor(0)) {}
  ~Compressor() {
    libdeflate_free_compressor(fast_);
    libdeflate_free_compressor(stored_);
  }
  Compressor(const Compressor &) = delete;
  std::string gzip(std::string_view text, bool stored) {
    libdeflate_compressor *compressor = stored ? stored_ : fast_;
    room_.resize(std::max(room_.size(), libdeflate_gzip_compress_bound(compressor, text.size())));
    size_t size = libdeflate_gzip_compress(compressor, text.data(), text.size(), room_.data(), room_.size());
    return room_.substr(0, size);
  }

 private:
  libdeflate_compressor *fast_, *stored_;
  std::string room_;
};

// Whether the same request may go through later.
bool Passing(const HttpAnswer &answer) {
  return answer.status == 0 || answer.status >= 500 || answer.status == 429 || answer.status == 401;
}

}  // namespace

int64_t DroppedPoints(std::string_view error) {
  size_t at = error.find("dropped=");
  if (at == std::string_view::npos) return 0;
  int64_t dropped = 0;
  std::from_chars(error.data() + at + 8, error.data() + error.size(), dropped);
  return dropped;
}

class InfluxWriters::Lane {
 public:
  Lane(std::string cluster, InfluxWriters &writers)
      : cluster_(std::move(cluster)), writers_(writers), thread_([this] { serve(); }) {}
  ~Lane() { close(); }

  void add(Item item) {
    std::unique_lock lock(mutex_);
    if (bytes_ + item.write.gzipped.size() > writers_.options_.most_bytes && !queue_.empty()) {
      item.counts->errors.fetch_add(1, std::memory_order_relaxed);
      bool first = dropped_ == 0;
      dropped_ += item.points;
      lock.unlock();
      if (first)
        say(item, "failed to write points to InfluxDB",
            "the queue of writes is full: points are dropped until InfluxDB takes some");
      return;
    }
    bytes_ += item.write.gzipped.size();
    queue_.push_back(std::move(item));
    changed_.notify_all();
  }

  // Whether writes wait here that cannot go out now.
  bool failing() {
    std::lock_guard lock(mutex_);
    return failing_;
  }

  void close() {
    {
      std::unique_lock lock(mutex_);
      if (!thread_.joinable()) return;
      closing_ = true;
      changed_.notify_all();
      changed_.wait_for(lock, std::chrono::nanoseconds(writers_.options_.last_wait_ns),
                        [&] { return queue_.empty() || failing_; });
      ended_ = true;
      cancelled_ = true;
    }
    changed_.notify_all();
    thread_.join();
    int64_t left = 0;
    for (const Item &item : queue_) left += item.points;
    if (left > 0)
      say(queue_.front(), "points were not written to InfluxDB",
          std::to_string(left) + " points waited when the daemon stopped");
  }

 private:
  void say(const Item &item, std::string_view message, std::string_view cause, Log::Pairs more = {}) {
    Log::Pairs pairs = {
        {"service", "kapacitor"}, {"task_master", "main"}, {"task", item.from.task}, {"node", item.from.node}};
    pairs.insert(pairs.end(), more.begin(), more.end());
    pairs.emplace_back("err", std::string(cause));
    writers_.log_.error(message, pairs);
  }

  void serve() {
    std::unique_lock lock(mutex_);
    int64_t pause = 0;
    while (!ended_) {
      changed_.wait(lock, [&] { return ended_ || !queue_.empty(); });
      if (ended_) return;
      Item &item = queue_.front();  // stays in its place; only this thread takes from the front
      lock.unlock();
      bool done = send(item);
      lock.lock();
      failing_ = !done;
      if (done) {
        pause = 0;
        bytes_ -= item.write.gzipped.size();
        queue_.pop_front();
        if (queue_.empty() || closing_) changed_.notify_all();
        continue;
      }
      changed_.notify_all();
      pause = pause == 0 ? writers_.options_.first_pause_ns
                         : std::min(pause + pause / 2, writers_.options_.longest_pause_ns);
      changed_.wait_for(lock, std::chrono::nanoseconds(pause), [&] { return ended_; });
    }
  }

  // False: to be tried again.
  bool send(Item &item) {
    std::shared_ptr<InfluxCluster> cluster = writers_.clusters_.find(cluster_);
    HttpAnswer answer;
    std::string error;
    if (!cluster) {
      error = "no such InfluxDB config " + cluster_;
    } else if (!item.statement.empty()) {
      error = cluster->ask(item.statement, nullptr, &cancelled_);
      // A refusal of the statement is final; nobody to ask is not.
      answer.status = error.empty() ? 200 : error.find("dial tcp") != std::string::npos ? 0 : 400;
    } else {
      answer = cluster->write(item.write, &cancelled_);
      error = InfluxCluster::ErrorOf(answer);
    }
    if (error.empty()) {
      item.counts->written.fetch_add(item.points, std::memory_order_relaxed);
      recovered(item);
      return true;
    }
    const char *message = item.statement.empty() ? "failed to write points to InfluxDB" : "failed to create database";
    if (cluster && Passing(answer)) {
      if (!away_ && !cancelled_) say(item, message, error + "; trying again until it is back");
      away_ = true;
      return false;
    }
    int64_t dropped = DroppedPoints(error);
    Log::Pairs more;
    if (item.statement.empty()) {
      item.counts->errors.fetch_add(1, std::memory_order_relaxed);
      if (dropped > 0 && dropped < item.points)
        item.counts->written.fetch_add(item.points - dropped, std::memory_order_relaxed);
      more = {{"database", item.write.database},
              {"points", std::to_string(item.points)},
              {"dropped", std::to_string(dropped > 0 ? dropped : item.points)}};
    }
    say(item, message, error, more);
    return true;
  }

  void recovered(const Item &item) {
    if (!away_) return;
    away_ = false;
    int64_t dropped;
    {
      std::lock_guard lock(mutex_);
      dropped = dropped_;
      dropped_ = 0;
    }
    writers_.log_.info("InfluxDB takes writes again", {{"service", "influxdb"},
                                                       {"cluster", cluster_.empty() ? "default" : cluster_},
                                                       {"task", item.from.task},
                                                       {"points_dropped", std::to_string(dropped)}});
  }

  const std::string cluster_;
  InfluxWriters &writers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> queue_;
  size_t bytes_ = 0;
  int64_t dropped_ = 0;  // while the queue was full
  bool closing_ = false, ended_ = false, failing_ = false;
  bool away_ = false;  // of the thread
  std::atomic<bool> cancelled_{false};
  std::thread thread_;
};

class InfluxWriters::Out final : public InfluxOut {
 public:
  Out(Lane &lane, InfluxOutSpec spec, bool near)
      : lane_(lane), spec_(std::move(spec)), near_(near), counts_(std::make_shared<Counts>()) {
    if (!spec_.create) return;
    std::string statement = "CREATE DATABASE " + QlIdent(spec_.database);
    if (!spec_.retention_policy.empty()) statement += " WITH NAME " + QlIdent(spec_.retention_policy);
    lane_.add({spec_, statement, {}, 0, counts_});
  }
  void send(InfluxLines lines) override {
    bool stored = near_ && !lane_.failing();
    Item item{spec_,
              "",
              {lines.database, lines.retention_policy, spec_.consistency, spec_.precision,
               compressor_.gzip(lines.lines, stored)},
              lines.points,
              counts_};
    lane_.add(std::move(item));
  }
  int64_t points_written() const override { return counts_->written.load(std::memory_order_relaxed); }
  int64_t write_errors() const override { return counts_->errors.load(std::memory_order_relaxed); }

 private:
  Lane &lane_;
  InfluxOutSpec spec_;
  const bool near_;  // the cluster is on this machine
  std::shared_ptr<Counts> counts_;
  Compressor compressor_;
};

InfluxWriters::InfluxWriters(InfluxClusters &clusters, Log &log, WriterOptions options)
    : clusters_(clusters), log_(log), options_(options) {}

InfluxWriters::~InfluxWriters() { close(); }

InfluxWriters::Lane *InfluxWriters::lane(const std::string &cluster) {
  std::lock_guard lock(mutex_);
  if (closed_) return nullptr;
  std::unique_ptr<Lane> &lane = lanes_[cluster];
  if (!lane) lane = std::make_unique<Lane>(cluster, *this);
  return lane.get();
}

std::unique_ptr<InfluxOut> InfluxWriters::open(const InfluxOutSpec &spec, std::string *error) {
  std::shared_ptr<InfluxCluster> cluster = clusters_.find(spec.cluster);
  if (clusters_.all().empty())
    *error = "no InfluxDB cluster configured cannot use the InfluxDBOutNode";
  else if (!cluster)
    *error = "no such InfluxDB config " + spec.cluster;
  if (!error->empty()) return nullptr;
  Lane *of = lane(spec.cluster);
  if (!of) {
    *error = "the daemon stops";
    return nullptr;
  }
  return std::make_unique<Out>(*of, spec, cluster->near());
}

void InfluxWriters::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  for (const auto &[name, lane] : lanes_) lane->close();
}

}  // namespace tick
