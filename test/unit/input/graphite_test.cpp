// graphite_test.cpp - templates of Graphite: which one applies and what it makes of a path.
#include "runtime/input/graphite.h"

#include <gtest/gtest.h>

namespace tick {
namespace {

constexpr int64_t kNow = 77;

GraphitePoint Read(const std::vector<std::string> &templates, const std::string &line, const std::string &separator = ".") {
  GraphiteRules rules;
  EXPECT_EQ(GraphiteRules::Make(templates, {}, separator, &rules), "");
  GraphitePoint point;
  EXPECT_EQ(rules.parse(line, kNow, &point), "");
  return point;
}

std::string Why(const std::string &line) {
  GraphiteRules rules;
  GraphiteRules::Make({}, {}, ".", &rules);
  GraphitePoint point;
  return rules.parse(line, kNow, &point);
}

using Tags = std::vector<std::pair<std::string, std::string>>;

TEST(GraphiteTest, WithoutTemplateThePathIsTheMeasurement) {
  GraphitePoint point = Read({}, "a.b.c 1.5 10");
  EXPECT_EQ(point.measurement, "a.b.c");
  EXPECT_EQ(point.field, "value");
  EXPECT_EQ(point.value, 1.5);
  EXPECT_EQ(point.time, 10'000'000'000);
  EXPECT_EQ(Read({}, "a 1").time, kNow);
  EXPECT_EQ(Read({}, "a 1 -1").time, kNow);
  EXPECT_EQ(Read({}, "a 1 1.25").time, 1'250'000'000);
}

TEST(GraphiteTest, WordsBecomeTagsMeasurementsAndFields) {
  GraphitePoint point = Read({"region..host.measurement.measurement.field* dc=x"}, "eu.skipped.web.cpu.load.one.min 1 1", "_");
  EXPECT_EQ(point.measurement, "cpu_load");
  EXPECT_EQ(point.field, "one_min");
  EXPECT_EQ(point.tags, (Tags{{"dc", "x"}, {"region", "eu"}, {"host", "web"}}));
  EXPECT_EQ(Read({"host.host.measurement*"}, "a.b.c.d 1 1").tags, (Tags{{"host", "a.b"}}));
}

TEST(GraphiteTest, TheMostSpecificFilterWins) {
  std::vector<std::string> templates = {"*.app env.service.resource.measurement", "servers.* .host.measurement*",
                                        "servers.localhost .host.resource.measurement*", "measurement.any"};
  EXPECT_EQ(Read(templates, "servers.localhost.cpu.load 1 1").tags, (Tags{{"host", "localhost"}, {"resource", "cpu"}}));
  EXPECT_EQ(Read(templates, "servers.host1.cpu.load 1 1").measurement, "cpu.load");
  EXPECT_EQ(Read(templates, "other.x 1 1").measurement, "other");
}

TEST(GraphiteTest, LinesThatAreNoneSayWhy) {
  EXPECT_EQ(Why("a"), "received \"a\" which doesn't have required fields");
  EXPECT_EQ(Why("a x 1"), "field \"a\" value: strconv.ParseFloat: parsing \"x\": invalid syntax");
  EXPECT_EQ(Why("a NaN 1"), "field \"a\" value: unsupported value NaN");
  EXPECT_EQ(Why("a 1 99999999999"), "timestamp out of range");
  GraphiteRules rules;
  EXPECT_EQ(GraphiteRules::Make({"host.dc"}, {}, ".", &rules), "no measurement specified for template. \"host.dc\"");
}

}  // namespace
}  // namespace tick
