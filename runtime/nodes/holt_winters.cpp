// holt_winters.cpp - damped Holt-Winters smoothing and the search for its parameters.
//
// Every step follows the order of operations of nodes.md 29.6, so that results agree to the last digits.
#include "runtime/nodes/holt_winters.h"

#include <cmath>
#include <functional>
#include <limits>

namespace tick {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Params = std::vector<double>;  // alpha, beta, gamma, phi, level, trend, season…

// One value an interval; NaN where there was no point. A second point of an interval is ignored.
std::vector<double> Buckets(std::span<const int64_t> times, std::span<const double> values, int64_t interval,
                            int64_t *first, int64_t *last) {
  auto bucket = [&](int64_t time) {
    int64_t rest = time % interval;
    return rest > interval / 2 ? time + interval - rest : time - rest;
  };
  std::vector<double> y{values[0]};
  *first = *last = bucket(times[0]);
  for (size_t i = 1; i < values.size(); ++i) {
    int64_t at = bucket(times[i]);
    if (at <= *last) continue;
    for (int64_t missing = *last + interval; missing < at; missing += interval) y.push_back(kNaN);
    y.push_back(values[i]);
    *last = at;
  }
  return y;
}

double Clamp(double x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

class Smoothing {
 public:
  Smoothing(std::vector<double> y, int64_t season)
      : y_(std::move(y)), m_(season), seasonal_(season >= 2) {}

  size_t size() const { return y_.size(); }
  Params start() const;
  // Sum of squared errors; the season part of the parameters is updated in place, as the reference does.
  double error(Params &params);
  std::vector<double> forecast(int64_t h, Params &params);

 private:
  std::vector<double> y_;
  int64_t m_;
  bool seasonal_;
};

Params Smoothing::start() const {
  Params params(6);
  auto n = static_cast<int64_t>(y_.size());
  auto m = static_cast<double>(m_);
  double level = 0, trend = 0;
  if (seasonal_) {
    for (int64_t i = 0; i < m_; ++i)
      if (!std::isnan(y_[static_cast<size_t>(i)])) level += (1 / m) * y_[static_cast<size_t>(i)];
    for (int64_t i = 0; i < m_ && m_ + i < n; ++i) {
      double low = y_[static_cast<size_t>(i)], high = y_[static_cast<size_t>(m_ + i)];
      if (!std::isnan(low) && !std::isnan(high)) trend += 1 / (m * m) * (high - low);
    }
  } else {
    level = 0.5 * y_[0];
    double rise = std::isnan(y_[1]) ? 0 : y_[1] - y_[0];
    trend = 0.5 * rise;
  }
  params[4] = level;
  params[5] = trend;
  for (int64_t i = 0; seasonal_ && i < m_; ++i) {
    double y = y_[static_cast<size_t>(i)];
    params.push_back(std::isnan(y) ? 0 : y / level);
  }
  return params;
}

double Next(double alpha, double beta, double gamma, double phi, double phi_h, double y, double &level, double &trend,
            double season, double season_h, double &next_season) {
  double next_level = alpha * (y / season) + (1 - alpha) * (level + phi * trend);
  double next_trend = beta * (next_level - level) + (1 - beta) * phi * trend;
  next_season = gamma * (y / (level + phi * trend)) + (1 - gamma) * season;
  double next = (next_level + phi_h * next_trend) * season_h;
  level = next_level;
  trend = next_trend;
  return next;
}

std::vector<double> Smoothing::forecast(int64_t h, Params &params) {
  double alpha = Clamp(params[0]), beta = Clamp(params[1]), gamma = Clamp(params[2]), phi = Clamp(params[3]);
  params[0] = alpha, params[1] = beta, params[2] = gamma, params[3] = phi;
  double level = params[4], trend = params[5], y = y_[0], phi_h = phi;
  double *seasons = params.data() + 6;
  int64_t offset = m_ - 1, n = static_cast<int64_t>(y_.size()) + h;
  std::vector<double> out(static_cast<size_t>(n));
  out[0] = y;
  for (int64_t t = 1; t < n; ++t) {
    double season = 1, season_h = 1, next_season;
    if (seasonal_) {
      int64_t hm = t % m_;
      season = seasons[(t - m_ + offset) % m_];
      season_h = seasons[(t - m_ + hm + offset) % m_];
    }
    y = Next(alpha, beta, gamma, phi, phi_h, y, level, trend, season, season_h, next_season);
    phi_h += std::pow(phi, static_cast<double>(t));
    if (seasonal_) {
      seasons[(t + offset) % m_] = next_season;
      ++offset;
    }
    out[static_cast<size_t>(t)] = y;
  }
  return out;
}

double Smoothing::error(Params &params) {
  std::vector<double> fitted = forecast(0, params);
  double sum = 0;
  for (size_t i = 0; i < y_.size(); ++i) {
    if (std::isnan(y_[i])) continue;
    if (std::isnan(fitted[i])) return std::numeric_limits<double>::infinity();
    double off = fitted[i] - y_[i];
    sum += off * off;
  }
  return sum;
}

struct Minimum {
  double value = 0;
  Params params;
};

// The simplex of nodes.md 29.6: reflection 1, contraction 0.5, expansion 2.
Minimum Minimise(const std::function<double(Params &)> &f, const Params &start) {
  constexpr double kEpsilon = 1e-4;
  size_t n = start.size();
  auto dims = static_cast<double>(n);
  double root = std::sqrt(dims + 1);
  double p = (root - 1 + dims) / (dims * std::sqrt(2.0)), q = (root - 1) / (dims * std::sqrt(2.0));
  std::vector<Params> v(n + 1, start);
  for (size_t i = 1; i <= n; ++i)
    for (size_t j = 0; j < n; ++j) v[i][j] = j + 1 == i ? p + start[j] : q + start[j];
  std::vector<double> value(n + 1);
  for (size_t i = 0; i <= n; ++i) value[i] = f(v[i]);
  size_t best = 0;
  for (int iteration = 1; iteration <= 1000; ++iteration) {
    size_t worst = 0, second = 0;
    best = 0;
    for (size_t i = 0; i <= n; ++i) {
      if (value[i] > value[worst]) worst = i;
      if (value[i] < value[best]) best = i;
    }
    second = best;
    for (size_t i = 0; i <= n; ++i)
      if (value[i] > value[second] && value[i] < value[worst]) second = i;
    Params centre(n);
    for (size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (size_t i = 0; i <= n; ++i)
        if (i != worst) sum += v[i][j];
      centre[j] = sum / dims;
    }
    auto towards = [&](double factor, const Params &from) {
      Params out(n);
      for (size_t j = 0; j < n; ++j) out[j] = centre[j] + factor * (from[j] - centre[j]);
      return out;
    };
    Params reflected(n);
    for (size_t j = 0; j < n; ++j) reflected[j] = centre[j] + 1.0 * (centre[j] - v[worst][j]);
    double reflected_value = f(reflected);
    if (reflected_value < value[second] && reflected_value >= value[best]) {
      v[worst] = reflected;
      value[worst] = reflected_value;
    }
    if (reflected_value < value[best]) {
      Params expanded = towards(2.0, reflected);
      double expanded_value = f(expanded);
      if (expanded_value < reflected_value) {
        v[worst] = expanded;
        value[worst] = expanded_value;
      } else {
        v[worst] = reflected;
        value[worst] = reflected_value;
      }
    }
    if (reflected_value >= value[second]) {
      Params contracted = reflected_value < value[worst] && reflected_value >= value[second]
                              ? towards(0.5, reflected)
                              : [&] {
                                  Params out(n);
                                  for (size_t j = 0; j < n; ++j) out[j] = centre[j] - 0.5 * (centre[j] - v[worst][j]);
                                  return out;
                                }();
      double contracted_value = f(contracted);
      if (contracted_value < value[worst]) {
        v[worst] = contracted;
        value[worst] = contracted_value;
      } else {
        for (size_t i = 0; i <= n; ++i)
          if (i != best)
            for (size_t j = 0; j < n; ++j) v[i][j] = v[best][j] + (v[i][j] - v[best][j]) / 2.0;
        value[worst] = f(v[worst]);
        value[second] = f(v[second]);
      }
    }
    double sum = 0, spread = 0;
    for (double one : value) sum += one;
    double mean = sum / (dims + 1);
    for (double one : value) spread += (one - mean) * (one - mean) / dims;
    if (std::sqrt(spread) < kEpsilon) break;
  }
  best = 0;
  for (size_t i = 0; i <= n; ++i)
    if (value[i] < value[best]) best = i;
  Minimum minimum;
  minimum.params = v[best];
  minimum.value = f(minimum.params);
  return minimum;
}

}  // namespace

std::vector<Forecast> Forecasts(std::span<const int64_t> times, std::span<const double> values, int64_t n,
                                int64_t season, int64_t interval, bool with_fit) {
  auto size = static_cast<int64_t>(values.size());
  if (size < 2 || n < 1 || interval < 1 || (season >= 2 && size < season)) return {};
  int64_t first, last;
  std::vector<double> y = Buckets(times, values, interval, &first, &last);
  if (y.size() < 2) return {};
  Smoothing smoothing(std::move(y), season);
  Params start = smoothing.start();
  Minimum best;
  best.value = std::numeric_limits<double>::infinity();
  best.params = start;
  constexpr double kLow = 0.3, kStep = 0.4, kHigh = 1.0;
  for (double alpha = kLow; alpha < kHigh; alpha += kStep)
    for (double beta = kLow; beta < kHigh; beta += kStep)
      for (double gamma = kLow; gamma < kHigh; gamma += kStep)
        for (double phi = kLow; phi < kHigh; phi += kStep) {
          start[0] = alpha, start[1] = beta, start[2] = gamma, start[3] = phi;
          Minimum found = Minimise([&](Params &params) { return smoothing.error(params); }, start);
          if (found.value < best.value) best = found;
        }
  std::vector<double> forecast = smoothing.forecast(n, best.params);
  std::vector<Forecast> out;
  auto begin = static_cast<int64_t>(smoothing.size());
  for (int64_t i = with_fit ? 0 : begin; i < begin + n; ++i) {
    double value = forecast[static_cast<size_t>(i)];
    if (!std::isnan(value)) out.push_back({with_fit ? first + interval * i : last + interval * (i - begin + 1), value});
  }
  return out;
}

}  // namespace tick
