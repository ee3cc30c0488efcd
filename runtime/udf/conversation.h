// conversation.h - the state of a session that its thread and its node share, and what the thread does with it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "runtime/udf/session.h"
#include "runtime/udf/wire.h"

namespace tick {

class UdfConversation final : public UdfSession {
 public:
  UdfConversation(UdfConfig config, const UdfRequest &request, UdfSurroundings around);
  ~UdfConversation() override;
  // Waits until the function is ready; an error text, or "".
  std::string open();

  void send(const Frame &frame) override;
  void send(const Batch &batch) override;
  bool full() const override { return queued_bytes_.load(std::memory_order_acquire) > kFull; }
  void wait() override;
  bool pending() const override { return pending_.load(std::memory_order_acquire); }
  std::vector<UdfMessage> take() override;
  std::string failure() const override;
  void save() override;
  std::string state() const override;
  void restore(const std::string &state) override;
  bool drain() override;

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kFull = 1 << 20;             // bytes that wait to be written
  static constexpr size_t kMostAnswers = 200'000;      // points that wait to be taken; then nothing is read
  // Points that may come at once, for each point that was sent, and each second: more is a flood.
  static constexpr int64_t kMostUnasked = 200'000, kMostAPoint = 10'000, kMostASecond = 1'000;
  static constexpr size_t kTaken = 10'000;             // points given at once

  // Messages that are written whole or, after a restart, not at all.
  struct Chunk {
    std::string bytes;
    size_t points = 0;
  };
  enum class Phase { Init, Restore, Running, Ended };

  // --- on the thread. A turn is one process or connection; after a failure the policy may give another one.
  void run();
  bool begin_turn();
  void serve_turn();
  bool another_turn();
  void poll_once();
  bool next_to_write();
  void write_some();
  void read_some();
  void read_log();
  void say_log();
  void handle(const udf::Response &response);
  void answer(UdfMessage message);
  void enter(Phase phase);
  void timers();
  Clock::time_point deadline();
  void control(const udf::Request &request) { AppendMessage(request, &control_); }
  void fail_turn(std::string why);
  void end_session(std::string why);

  void add(Chunk chunk);
  void poke();                  // the thread looks again

  const UdfConfig config_;
  UdfSurroundings around_;
  std::string task_, node_;
  std::vector<udf::Option> options_;
  std::shared_ptr<Waker> waker_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> queue_;              // to be written
  std::deque<UdfMessage> answers_;       // to be taken
  size_t answer_points_ = 0;
  std::string state_, failure_;
  Phase phase_ = Phase::Init;
  bool finishing_ = false, closing_ = false, want_snapshot_ = false;
  std::string want_restore_;
  Clock::time_point heard_;              // when an answer last came, for who drains
  std::atomic<size_t> queued_bytes_{0};
  std::atomic<bool> pending_{false};

  // Of the thread alone.
  std::unique_ptr<UdfChannel> channel_;
  ResponseReader reader_;
  AnswerBuilder builder_;
  std::string control_;                  // requests that go before data, but behind a chunk begun
  std::string writing_;                  // the chunk under way
  size_t written_ = 0, writing_points_ = 0;
  std::string log_line_, turn_failure_;
  bool turn_over_ = false, snapshot_asked_ = false, stuffed_ = false;
  int64_t credit_ = kMostUnasked;        // points that may still come
  int restarts_left_;
  Clock::time_point turn_began_, next_keepalive_, next_snapshot_, last_heard_, credited_;
  int wake_fd_ = -1;
  std::thread thread_;
};

}  // namespace tick
