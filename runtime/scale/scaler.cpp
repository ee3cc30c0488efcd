// scaler.cpp - the thread that makes an orchestrator's calls.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "runtime/scale/scalers.h"

namespace tick {
namespace {

class ThreadScaler final : public Scaler {
 public:
  explicit ThreadScaler(std::unique_ptr<ScaleApi> api) : api_(std::move(api)), thread_([this] { loop(); }) {}
  ~ThreadScaler() override {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
      calls_.clear();
    }
    more_.notify_one();
    thread_.join();
  }

  void ask(const ScaledResource &resource, Done done) override {
    add([this, resource, done = std::move(done)] {
      int64_t n = 0;
      std::string error = api_->replicas(resource, &n);
      done(n, std::move(error));
    });
  }
  void set(const ScaledResource &resource, int64_t n, Done done) override {
    add([this, resource, n, done = std::move(done)] { done(n, api_->set_replicas(resource, n)); });
  }

 private:
  void add(std::function<void()> call) {
    {
      std::lock_guard lock(mutex_);
      calls_.push_back(std::move(call));
    }
    more_.notify_one();
  }
  void loop() {
    for (;;) {
      std::unique_lock lock(mutex_);
      more_.wait(lock, [this] { return closing_ || !calls_.empty(); });
      if (closing_) return;
      std::function<void()> call = std::move(calls_.front());
      calls_.pop_front();
      lock.unlock();
      call();
    }
  }

  std::unique_ptr<ScaleApi> api_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> calls_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace

std::shared_ptr<Scaler> MakeScaler(std::unique_ptr<ScaleApi> api) { return std::make_shared<ThreadScaler>(std::move(api)); }

}  // namespace tick
