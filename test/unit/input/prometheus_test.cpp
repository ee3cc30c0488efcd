// prometheus_test.cpp - Prometheus' text: samples, labels, times, what is none.
#include "runtime/input/prometheus.h"

#include <gtest/gtest.h>

namespace tick {
namespace {

TEST(PrometheusTest, SamplesComeWithTheirLabels) {
  std::vector<PrometheusSample> samples;
  size_t bad = ReadPrometheus(
      "# HELP x y\n# TYPE x counter\n\nup 1\nhttp_total{method=\"post\",path=\"a\\\"b\\\\\",} 1027 1395066363000\n"
      "inf +Inf\nnothing NaN\nbroken{a=1} 2\nempty{} 3.5e1\n",
      [&](PrometheusSample &sample) { samples.push_back(sample); });
  EXPECT_EQ(bad, 1u);
  ASSERT_EQ(samples.size(), 4u);
  EXPECT_EQ(samples[0].name, "up");
  EXPECT_EQ(samples[0].time, 0);
  using Labels = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(samples[1].labels, (Labels{{"method", "post"}, {"path", "a\"b\\"}}));
  EXPECT_EQ(samples[1].value, 1027);
  EXPECT_EQ(samples[1].time, 1395066363000'000'000);
  EXPECT_EQ(samples[3].value, 35);
}

}  // namespace
}  // namespace tick
