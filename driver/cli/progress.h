// progress.h - tells how far a recording or a replay is, while the command waits for it.
//
// On a terminal one line that is drawn over itself: a bar where the share is known, points and their rate. Elsewhere
// a plain line now and then, so that a log of a long run says something. All of it goes to standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace tick::cli {

class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();  // takes the line away
  // share: 0 to 1, or below 0 where nobody knows.
  void tell(double share, uint64_t points);
  // "[=====>    ]  45%  1200000 points  3.1M points/s"
  static std::string Line(double share, uint64_t points, double rate);

 private:
  using Clock = std::chrono::steady_clock;
  const std::string what_;
  const bool terminal_;
  bool drawn_ = false;
  Clock::time_point told_, last_;
  uint64_t last_points_ = 0;
  double rate_ = 0;
};

}  // namespace tick::cli
