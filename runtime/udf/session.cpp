// session.cpp - the node's side of a session, and asking a function what it is.
#include "runtime/udf/session.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/engine/waker.h"
#include "runtime/udf/conversation.h"

namespace tick {
namespace {

udf::Option OptionOf(const UdfOption &from) {
  udf::Option option;
  option.set_name(std::string(from.name));
  for (uint32_t i = 0; i < from.n_args; ++i) {
    const tick_arg &arg = from.args[i];
    udf::OptionValue *value = option.add_values();
    switch (arg.type) {
      case TICK_BOOL:
        value->set_type(udf::BOOL);
        value->set_boolvalue(arg.as.b != 0);
        break;
      case TICK_INT:
        value->set_type(udf::INT);
        value->set_intvalue(arg.as.i);
        break;
      case TICK_FLOAT:
        value->set_type(udf::DOUBLE);
        value->set_doublevalue(arg.as.f);
        break;
      case TICK_DURATION:
        value->set_type(udf::DURATION);
        value->set_durationvalue(arg.as.i);
        break;
      default:
        value->set_type(udf::STRING);
        value->set_stringvalue(std::string(View(arg.as.s)));
        break;
    }
  }
  return option;
}

}  // namespace

UdfConversation::UdfConversation(UdfConfig config, const UdfRequest &request, UdfSurroundings around)
    : config_(std::move(config)),
      around_(std::move(around)),
      task_(request.task),
      node_(request.node),
      waker_(request.waker),
      state_(around_.state),
      restarts_left_(config_.restarts) {
  for (const UdfOption &option : request.options) options_.push_back(OptionOf(option));
  wake_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

UdfConversation::~UdfConversation() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  poke();
  if (thread_.joinable()) thread_.join();
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

std::string UdfConversation::open() {
  thread_ = std::thread([this] { run(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return phase_ == Phase::Running || phase_ == Phase::Ended; });
  if (phase_ == Phase::Running) return "";
  return failure_.empty() ? "it ended before it was asked anything" : failure_;
}

void UdfConversation::poke() {
  uint64_t one = 1;
  [[maybe_unused]] ssize_t n = ::write(wake_fd_, &one, sizeof one);
}

void UdfConversation::add(Chunk chunk) {
  if (chunk.bytes.empty()) return;
  {
    std::lock_guard lock(mutex_);
    if (phase_ == Phase::Ended) return;
    queued_bytes_.fetch_add(chunk.bytes.size(), std::memory_order_acq_rel);
    queue_.push_back(std::move(chunk));
  }
  poke();
}

void UdfConversation::send(const Frame &frame) {
  Chunk chunk;
  chunk.points = AppendPoints(frame, &chunk.bytes);
  add(std::move(chunk));
}

void UdfConversation::send(const Batch &batch) {
  Chunk chunk;
  AppendBatch(batch, &chunk.bytes);
  chunk.points = batch.points.rows.size() + 1;
  add(std::move(chunk));
}

void UdfConversation::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::nanoseconds(config_.timeout_ns), [this] { return !full() || !answers_.empty() || phase_ == Phase::Ended; });
}

std::vector<UdfMessage> UdfConversation::take() {
  std::vector<UdfMessage> taken;
  bool was_stuffed;
  {
    std::lock_guard lock(mutex_);
    was_stuffed = answer_points_ > kMostAnswers;
    for (size_t points = 0; !answers_.empty() && points < kTaken; answers_.pop_front()) {
      size_t n = answers_.front().points.size() + 1;
      points += n;
      answer_points_ -= n;
      taken.push_back(std::move(answers_.front()));
    }
    if (answers_.empty() && phase_ != Phase::Ended) pending_.store(false, std::memory_order_release);
  }
  if (was_stuffed) poke();
  return taken;
}

std::string UdfConversation::failure() const {
  std::lock_guard lock(mutex_);
  return answers_.empty() ? failure_ : "";
}

bool UdfConversation::drain() {
  std::unique_lock lock(mutex_);
  if (!finishing_) {
    finishing_ = true;
    heard_ = Clock::now();
    lock.unlock();
    poke();
    lock.lock();
  }
  auto until = [this] { return heard_ + std::chrono::nanoseconds(config_.timeout_ns); };
  while (answers_.empty() && phase_ != Phase::Ended && Clock::now() < until()) changed_.wait_until(lock, until());
  return !answers_.empty();
}

void UdfConversation::save() {
  {
    std::lock_guard lock(mutex_);
    if (phase_ != Phase::Running) return;
    want_snapshot_ = true;
  }
  poke();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::nanoseconds(config_.timeout_ns), [this] { return !want_snapshot_; });
  want_snapshot_ = false;
}

std::string UdfConversation::state() const {
  std::lock_guard lock(mutex_);
  return state_;
}

void UdfConversation::restore(const std::string &state) {
  if (state.empty()) return;
  {
    std::lock_guard lock(mutex_);
    if (state == state_) return;  // it was given back at the beginning
    state_ = want_restore_ = state;
  }
  poke();
}

std::shared_ptr<UdfSession> OpenUdfSession(const UdfConfig &config, const UdfRequest &request, UdfSurroundings around, std::string *error) {
  auto session = std::make_shared<UdfConversation>(config, request, std::move(around));
  *error = session->open();
  return error->empty() ? session : nullptr;
}

std::string AskUdfInfo(const UdfConfig &config, udf::InfoResponse *info) {
  std::string error, bytes;
  std::unique_ptr<UdfChannel> channel = UdfChannel::Open(config, &error);
  if (!channel) return error;
  udf::Request request;
  request.mutable_info();
  AppendMessage(request, &bytes);
  [[maybe_unused]] ssize_t sent = ::write(channel->to(), bytes.data(), bytes.size());  // a few bytes; a failure shows below
  ResponseReader reader;
  udf::Response response;
  auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(config.timeout_ns);
  for (;;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd fd{channel->from(), POLLIN, 0};
    if (left <= 0 || ::poll(&fd, 1, static_cast<int>(left)) == 0) return "it does not answer the request for its info";
    char part[4096];
    ssize_t n = ::read(channel->from(), part, sizeof part);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) return channel->end();
    reader.add({part, static_cast<size_t>(n)});
    while (reader.next(&response, &error)) {
      if (response.has_error()) return response.error().error();
      if (!response.has_info()) continue;
      *info = response.info();
      channel->close_to();
      return "";
    }
    if (!error.empty()) return error;
  }
}

}  // namespace tick
