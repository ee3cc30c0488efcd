// holt_winters.h - Holt-Winters forecasts, with parameters found by Nelder and Mead's method (nodes.md 29.6).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tick {

struct Forecast {
  int64_t time;
  double value;
};

// In: points in order of time. `n` forecasts, seasons of `season` points (fewer than 2: none), `interval` between
// points. Out: the forecasts; with fit, the fitted points before them. Nothing where the points do not suffice.
std::vector<Forecast> Forecasts(std::span<const int64_t> times, std::span<const double> values, int64_t n,
                                int64_t season, int64_t interval, bool with_fit);


}  // namespace tick
