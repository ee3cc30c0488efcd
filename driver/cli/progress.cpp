// progress.cpp - progress lines.
#include "driver/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace tick::cli {
namespace {

constexpr int kBar = 24;
constexpr auto kPlainEvery = std::chrono::seconds(10);

std::string RateText(double rate) {
  char text[32];
  if (rate >= 1e6) std::snprintf(text, sizeof text, "%.1fM", rate / 1e6);
  else if (rate >= 1e3) std::snprintf(text, sizeof text, "%.1fk", rate / 1e3);
  else std::snprintf(text, sizeof text, "%.0f", rate);
  return text;
}

}  // namespace

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) == 1), told_(Clock::now()), last_(told_) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

std::string Progress::Line(double share, uint64_t points, double rate) {
  std::string line;
  if (share >= 0) {
    int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kBar);
    line = "[" + std::string(static_cast<size_t>(full), '=') + (full < kBar ? ">" : "") +
           std::string(static_cast<size_t>(std::max(kBar - full - 1, 0)), ' ') + "] ";
    char percent[16];
    std::snprintf(percent, sizeof percent, "%3.0f%%  ", std::clamp(share, 0.0, 1.0) * 100);
    line += percent;
  }
  return line + std::to_string(points) + " points  " + RateText(rate) + " points/s";
}

void Progress::tell(double share, uint64_t points) {
  Clock::time_point now = Clock::now();
  double seconds = std::chrono::duration<double>(now - last_).count();
  if (seconds >= 0.2) {
    rate_ = static_cast<double>(points - std::min(points, last_points_)) / seconds;
    last_ = now;
    last_points_ = points;
  }
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K%s  %s", what_.c_str(), Line(share, points, rate_).c_str());
    std::fflush(stderr);
    drawn_ = true;
  } else if (now - told_ >= kPlainEvery) {
    std::fprintf(stderr, "%s  %s\n", what_.c_str(), Line(share, points, rate_).c_str());
    told_ = now;
  }
}

}  // namespace tick::cli
