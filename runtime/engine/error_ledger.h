// error_ledger.h - which errors a node had, and how often: each is said once in the log and counted from then on.
//
// Written by the task's thread, read by whoever shows the task. Only errors pass here, so a lock is no matter.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tick {

struct ErrorCount {
  std::string text;  // "error evaluating expression: mismatched type …"
  int64_t count = 0;
};

class ErrorLedger {
 public:
  // Counts `n` errors of this text; true: it is the first of its kind. Past kMostKinds all others are one kind, which
  // is never new: texts that hold values could go on for ever.
  bool add(std::string_view message, std::string_view cause, int64_t n);
  std::vector<ErrorCount> counts() const;  // in the order of their first

  static constexpr size_t kMostKinds = 20;

 private:
  mutable std::mutex mutex_;
  std::vector<ErrorCount> kinds_;
};

}  // namespace tick
