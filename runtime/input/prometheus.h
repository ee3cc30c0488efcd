// prometheus.h - Prometheus' text format: samples with their labels.
//
// In: an exposition's text. Out: each sample whose value is a number, in order; lines that are none are counted.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tick {

struct PrometheusSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  int64_t time = 0;  // 0: the sample has none
};

// Returns how many lines are no samples, no comments and not empty.
size_t ReadPrometheus(std::string_view text, const std::function<void(PrometheusSample &)> &take);

}  // namespace tick
