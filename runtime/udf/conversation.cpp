// conversation.cpp - the thread's side of a session: turns, timers, reading and writing.
//
// Data wait until the function said that its init (and restore) went well. A failure ends the turn; the last one's
// text ends the session, which the node finds and ends its task with.
#include "runtime/udf/conversation.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/engine/waker.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

constexpr size_t kReadBytes = 64 * 1024;
constexpr size_t kMostLogLine = 4096;
constexpr auto kHealthy = std::chrono::minutes(10);  // a turn this long gives its restarts back
constexpr auto kLongestPoll = std::chrono::milliseconds(500);

int64_t WallNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

void UdfConversation::run() {
  do {
    if (begin_turn()) serve_turn();
  } while (another_turn());
}

bool UdfConversation::begin_turn() {
  turn_failure_.clear();
  turn_over_ = snapshot_asked_ = stuffed_ = false;
  reader_ = ResponseReader();
  builder_.begin(around_.gives_batches);
  credit_ = kMostUnasked;
  turn_began_ = last_heard_ = credited_ = Clock::now();
  next_keepalive_ = turn_began_ + std::chrono::nanoseconds(config_.timeout_ns / 2);
  next_snapshot_ = turn_began_ + std::chrono::nanoseconds(around_.snapshot_interval_ns);
  channel_ = UdfChannel::Open(config_, &turn_failure_);
  if (!channel_) return false;
  control_.clear();
  udf::Request init;
  init.mutable_init()->set_taskid(task_);
  init.mutable_init()->set_nodeid(node_);
  for (const udf::Option &option : options_) *init.mutable_init()->add_options() = option;
  control(init);
  enter(Phase::Init);
  return true;
}

void UdfConversation::enter(Phase phase) {
  {
    std::lock_guard lock(mutex_);
    phase_ = phase;
    if (phase == Phase::Restore) {
      udf::Request restore;
      restore.mutable_restore()->set_snapshot(want_restore_.empty() ? state_ : want_restore_);
      want_restore_.clear();
      control(restore);
    }
  }
  changed_.notify_all();
}

void UdfConversation::serve_turn() {
  while (!turn_over_) {
    poll_once();
    timers();
    std::lock_guard lock(mutex_);
    if (closing_) return;
  }
}

// --- the end of a turn -------------------------------------------------------------------------------

void UdfConversation::fail_turn(std::string why) {
  if (turn_over_) return;
  turn_over_ = true;
  turn_failure_ = std::move(why);
}

bool UdfConversation::another_turn() {
  if (channel_) say_log();
  channel_.reset();
  bool was_running;
  {
    std::lock_guard lock(mutex_);
    if (closing_) return false;
    was_running = phase_ == Phase::Running;
  }
  if (was_running && Clock::now() - turn_began_ > kHealthy) restarts_left_ = config_.restarts;
  // What never worked is refused; who asked for no more needs no other.
  bool ever = was_running || restarts_left_ < config_.restarts;
  if (turn_failure_.empty() || !ever || restarts_left_ == 0) {
    end_session(turn_failure_);
    return false;
  }
  --restarts_left_;
  std::string lost = writing_points_ > 0 ? "; " + std::to_string(writing_points_) + " points on their way to it are lost" : "";
  around_.log("error", "UDF is restarted", turn_failure_ + lost);
  std::unique_lock lock(mutex_);
  if (writing_points_ > 0) queued_bytes_.fetch_sub(std::min(queued_bytes_.load(), writing_.size()), std::memory_order_acq_rel);
  writing_.clear();
  written_ = writing_points_ = 0;
  phase_ = Phase::Init;
  return !changed_.wait_for(lock, std::chrono::nanoseconds(config_.restart_delay_ns), [this] { return closing_; });
}

void UdfConversation::end_session(std::string why) {
  {
    std::lock_guard lock(mutex_);
    phase_ = Phase::Ended;
    failure_ = std::move(why);
    want_snapshot_ = false;
    queue_.clear();
    queued_bytes_.store(0, std::memory_order_release);
    pending_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
  waker_->wake();
}

// --- waiting, and what is due ------------------------------------------------------------------------

UdfConversation::Clock::time_point UdfConversation::deadline() { return last_heard_ + std::chrono::nanoseconds(config_.timeout_ns); }

void UdfConversation::poll_once() {
  {
    std::lock_guard lock(mutex_);
    stuffed_ = answer_points_ > kMostAnswers;
  }
  pollfd fds[4];
  nfds_t n = 0;
  auto watch = [&](int fd, short events) {
    fds[n] = {fd, events, 0};
    return static_cast<int>(n++);
  };
  watch(wake_fd_, POLLIN);
  int from = stuffed_ ? -1 : watch(channel_->from(), POLLIN);
  int to = channel_->to() >= 0 && next_to_write() ? watch(channel_->to(), POLLOUT) : -1;
  int log = channel_->log() >= 0 ? watch(channel_->log(), POLLIN) : -1;
  auto until = std::min(std::min(deadline(), next_keepalive_), Clock::now() + kLongestPoll);
  auto nap = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  ::poll(fds, n, static_cast<int>(std::max<int64_t>(nap, 0)) + 1);
  if (fds[0].revents) {
    uint64_t ignored;
    [[maybe_unused]] ssize_t got = ::read(wake_fd_, &ignored, sizeof ignored);
  }
  if (log >= 0 && fds[log].revents) read_log();
  if (to >= 0 && fds[to].revents) write_some();
  if (from >= 0 && fds[from].revents) read_some();
}

void UdfConversation::timers() {
  if (turn_over_) return;
  auto now = Clock::now();
  if (stuffed_) last_heard_ = now;  // it is we who do not listen
  if (auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - credited_); seconds.count() > 0) {
    credited_ += seconds;
    if (credit_ < kMostUnasked) credit_ = std::min(kMostUnasked, credit_ + seconds.count() * kMostASecond);
  }
  if (config_.timeout_ns > 0 && now > deadline()) {
    auto ago = std::chrono::duration_cast<std::chrono::nanoseconds>(now - last_heard_).count();
    return fail_turn("keepalive timedout, last keepalive received was: " + Rfc3339(WallNow() - ago));
  }
  Phase phase;
  bool snapshot = false;
  {
    std::lock_guard lock(mutex_);
    phase = phase_;
    snapshot = want_snapshot_ && queue_.empty() && writing_.empty();
    if (phase == Phase::Running && !want_restore_.empty()) {
      udf::Request restore;
      restore.mutable_restore()->set_snapshot(want_restore_);
      want_restore_.clear();
      control(restore);
    }
  }
  if (channel_->to() < 0) return;
  if (config_.timeout_ns > 0 && now >= next_keepalive_) {
    udf::Request keepalive;
    keepalive.mutable_keepalive()->set_time(WallNow());
    control(keepalive);
    next_keepalive_ = now + std::chrono::nanoseconds(config_.timeout_ns / 2);
  }
  if (phase != Phase::Running || snapshot_asked_) return;
  bool due = around_.snapshot_interval_ns > 0 && now >= next_snapshot_;
  if (!due && !snapshot) return;
  udf::Request request;
  request.mutable_snapshot();
  control(request);
  snapshot_asked_ = true;
  next_snapshot_ = now + std::chrono::nanoseconds(around_.snapshot_interval_ns);
}

// --- bytes -------------------------------------------------------------------------------------------

// Whether there is something to write; takes up the next chunk, and closes the way where no more will come.
bool UdfConversation::next_to_write() {
  if (written_ < writing_.size()) return true;
  writing_.clear();
  written_ = writing_points_ = 0;
  if (!control_.empty()) {
    writing_.swap(control_);
    return true;
  }
  std::lock_guard lock(mutex_);
  if (phase_ != Phase::Running) return false;
  if (!queue_.empty()) {
    writing_ = std::move(queue_.front().bytes);
    writing_points_ = queue_.front().points;
    queue_.pop_front();
    credit_ = std::min(credit_, INT64_MAX / 2) + static_cast<int64_t>(writing_points_) * kMostAPoint;
    return true;
  }
  if (finishing_ && !want_snapshot_) channel_->close_to();
  return false;
}

void UdfConversation::write_some() {
  ssize_t n = ::write(channel_->to(), writing_.data() + written_, writing_.size() - written_);
  if (n < 0) {
    // What it still has to say comes first; the end of that says how it ended.
    if (errno != EAGAIN && errno != EINTR) channel_->close_to();
    return;
  }
  written_ += static_cast<size_t>(n);
  if (written_ < writing_.size()) return;
  queued_bytes_.fetch_sub(std::min(queued_bytes_.load(), writing_points_ > 0 ? writing_.size() : 0), std::memory_order_acq_rel);
  changed_.notify_all();
}

void UdfConversation::read_some() {
  char bytes[kReadBytes];
  ssize_t n = ::read(channel_->from(), bytes, sizeof bytes);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    bool finishing;
    {
      std::lock_guard lock(mutex_);
      finishing = finishing_;
    }
    if (channel_->log() >= 0) read_log();
    std::string how = channel_->end();
    if (finishing && channel_->ended_well()) {
      turn_over_ = true;
      return;
    }
    return fail_turn(std::move(how));
  }
  reader_.add({bytes, static_cast<size_t>(n)});
  udf::Response response;
  std::string error;
  while (!turn_over_ && reader_.next(&response, &error)) handle(response);
  if (!error.empty()) fail_turn(std::move(error));
}

void UdfConversation::read_log() {
  char bytes[4096];
  for (;;) {
    ssize_t n = ::read(channel_->log(), bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;
    if (n == 0) return channel_->close_log();
    for (ssize_t i = 0; i < n; ++i) {
      if (bytes[i] == '\n' || log_line_.size() >= kMostLogLine) say_log();
      if (bytes[i] != '\n') log_line_ += bytes[i];
    }
  }
}

void UdfConversation::say_log() {
  if (!log_line_.empty()) around_.log("info", "UDF log", log_line_);
  log_line_.clear();
}

// --- messages ----------------------------------------------------------------------------------------

void UdfConversation::handle(const udf::Response &response) {
  last_heard_ = Clock::now();
  switch (response.message_case()) {
    case udf::Response::kInit: {
      if (!response.init().success()) return fail_turn("failed to initialize processes " + response.init().error());
      std::unique_lock lock(mutex_);
      if (phase_ != Phase::Init) return;
      bool restore = !state_.empty() || !want_restore_.empty();
      lock.unlock();
      return enter(restore ? Phase::Restore : Phase::Running);
    }
    case udf::Response::kRestore: {
      if (!response.restore().success()) return fail_turn("error restoring snapshot: " + response.restore().error());
      std::unique_lock lock(mutex_);
      bool waiting = phase_ == Phase::Restore;
      lock.unlock();
      if (waiting) enter(Phase::Running);
      return;
    }
    case udf::Response::kSnapshot: {
      snapshot_asked_ = false;
      std::unique_lock lock(mutex_);
      bool same = state_ == response.snapshot().snapshot();
      state_ = response.snapshot().snapshot();
      want_snapshot_ = false;
      lock.unlock();
      if (!same && around_.save) around_.save(response.snapshot().snapshot());
      return changed_.notify_all();
    }
    case udf::Response::kError: return fail_turn(response.error().error());
    case udf::Response::kKeepalive:
    case udf::Response::kInfo: return;
    default: break;
  }
  std::string error;
  std::optional<UdfMessage> message = builder_.add(response, &error);
  if (response.has_point() && --credit_ < 0) error = "it floods: more points than it was asked for came without end";
  if (!error.empty()) return fail_turn("read error: " + error);
  if (message) answer(std::move(*message));
}

void UdfConversation::answer(UdfMessage message) {
  {
    std::lock_guard lock(mutex_);
    answer_points_ += message.points.size() + 1;
    answers_.push_back(std::move(message));
    heard_ = last_heard_;
    pending_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
  waker_->wake();
}

}  // namespace tick
