// body_pool.h - memory of request bodies, used again.
//
// A body of a write is a megabyte that lives until the last task is through with it; taking it from the system each time
// costs more than reading it. Bodies may outlive the pool.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tick {

class BodyPool {
 public:
  // A string of this size with anything in it.
  std::shared_ptr<std::string> take(size_t size) {
    std::unique_ptr<std::string> body;
    {
      std::lock_guard lock(kept_->mutex);
      if (!kept_->bodies.empty()) {
        body = std::move(kept_->bodies.back());
        kept_->bodies.pop_back();
        kept_->bytes -= body->capacity();
      }
    }
    if (!body) body = std::make_unique<std::string>();
    body->resize(size);
    return {body.release(), [kept = kept_](std::string *done) { kept->give_back(std::unique_ptr<std::string>(done)); }};
  }

 private:
  struct Kept {
    static constexpr size_t kMostBytes = 16 << 20;
    std::mutex mutex;
    size_t bytes = 0;
    std::vector<std::unique_ptr<std::string>> bodies;
    void give_back(std::unique_ptr<std::string> body) {
      std::lock_guard lock(mutex);
      if (bytes + body->capacity() > kMostBytes) return;
      bytes += body->capacity();
      bodies.push_back(std::move(body));
    }
  };
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

}  // namespace tick
