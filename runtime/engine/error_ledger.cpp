// error_ledger.cpp - a short list, searched from its front.
#include "runtime/engine/error_ledger.h"

namespace tick {

bool ErrorLedger::add(std::string_view message, std::string_view cause, int64_t n) {
  std::string text(message);
  if (!cause.empty()) text.append(": ").append(cause);
  std::lock_guard lock(mutex_);
  for (ErrorCount &kind : kinds_) {
    if (kind.text != text) continue;
    kind.count += n;
    return false;
  }
  bool fits = kinds_.size() < kMostKinds;
  if (!fits && kinds_.back().text != "other errors") kinds_.push_back({"other errors", 0});
  if (fits) kinds_.push_back({std::move(text), 0});
  kinds_.back().count += n;
  return fits;
}

std::vector<ErrorCount> ErrorLedger::counts() const {
  std::lock_guard lock(mutex_);
  return kinds_;
}

}  // namespace tick
