// time_test.cpp - dates, zones, RFC 3339 and durations.
#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "runtime/text/go_duration.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

constexpr int64_t kPoint = 1450338550123456789;  // a Thursday

TEST(Time, PrintsAFractionOnlyAsLongAsNeeded) {
  EXPECT_EQ(Rfc3339(kPoint), "2015-12-17T07:49:10.123456789Z");
  EXPECT_EQ(Rfc3339(31536000000000000 + 10000000000), "1971-01-01T00:00:10Z");
  EXPECT_EQ(Rfc3339(31536001002000000), "1971-01-01T00:00:01.002Z");
  EXPECT_EQ(Rfc3339(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(GoTime(1500000000), "1970-01-01 00:00:01.5 +0000 UTC");
  EXPECT_EQ(Rfc3339(INT64_MIN), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(Rfc3339(INT64_MAX), "2262-04-11T23:47:16.854775807Z");
}

TEST(Time, ReadsRfc3339) {
  int64_t ns = 0;
  ASSERT_TRUE(ParseRfc3339("2015-12-17T07:49:10.123456789Z", &ns));
  EXPECT_EQ(ns, kPoint);
  ASSERT_TRUE(ParseRfc3339("1970-01-01T01:30:00+01:30", &ns));
  EXPECT_EQ(ns, 0);
  ASSERT_TRUE(ParseRfc3339("2016-02-29T00:00:00.5Z", &ns));
  EXPECT_EQ(Rfc3339(ns), "2016-02-29T00:00:00.5Z");
  for (const char *text :
       {"", "2015-12-17", "2015-02-29T00:00:00Z", "2015-12-17T24:00:00Z", "2015-12-17 07:49:10Z", "2015-12-17T07:49:10",
        "2015-12-17T07:49:10.Z", "2015-13-01T00:00:00Z", "2015-12-17T07:49:10Zx"})
    EXPECT_FALSE(ParseRfc3339(text, &ns)) << text;
}

TEST(Time, DatesAgreeWithTheCLibrary) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20000; ++i) {
    int64_t ns = static_cast<int64_t>(random());
    Date date = DateOf(ns);
    time_t seconds = (ns - date.nanosecond) / 1000000000;
    struct tm want;
    gmtime_r(&seconds, &want);
    ASSERT_EQ(date.year, want.tm_year + 1900) << ns;
    ASSERT_EQ(date.month, want.tm_mon + 1) << ns;
    ASSERT_EQ(date.day, want.tm_mday) << ns;
    ASSERT_EQ(date.hour, want.tm_hour) << ns;
    ASSERT_EQ(date.minute, want.tm_min) << ns;
    ASSERT_EQ(date.second, want.tm_sec) << ns;
    ASSERT_EQ(date.weekday, want.tm_wday) << ns;
    ASSERT_EQ(date.year_day, want.tm_yday + 1) << ns;
    int64_t back = 0;
    ASSERT_TRUE(ParseRfc3339(Rfc3339(ns), &back));
    ASSERT_EQ(back, ns);
  }
}

TEST(Zone, LocalDatesFollowTheZoneSet) {
  ASSERT_TRUE(Zone::SetLocal("America/New_York"));
  EXPECT_EQ(LocalDateOf(kPoint).hour, 2);
  EXPECT_EQ(LocalDateOf(kPoint).day, 17);
  int64_t summer = 0;
  ASSERT_TRUE(ParseRfc3339("2016-07-01T03:30:00Z", &summer));
  EXPECT_EQ(LocalDateOf(summer).hour, 23);
  EXPECT_EQ(LocalDateOf(summer).day, 30);
  std::string abbreviation;
  EXPECT_EQ(Zone::LocalOffset(summer, &abbreviation), -4 * 3600);
  EXPECT_EQ(abbreviation, "EDT");
  // An hour at whose start the clocks change.
  int64_t change = 0;
  ASSERT_TRUE(ParseRfc3339("2016-03-13T07:00:00Z", &change));
  EXPECT_EQ(Zone::LocalOffset(change - 1), -5 * 3600);
  EXPECT_EQ(Zone::LocalOffset(change), -4 * 3600);
  EXPECT_FALSE(Zone::SetLocal("Nowhere/Town"));
  ASSERT_TRUE(Zone::SetLocal("UTC"));
  EXPECT_EQ(LocalDateOf(kPoint).hour, 7);
}

TEST(Duration, PrintsAsGoDoes) {
  EXPECT_EQ(GoDuration(0), "0s");
  EXPECT_EQ(GoDuration(99000000000), "1m39s");
  EXPECT_EQ(GoDuration(1500000000), "1.5s");
  EXPECT_EQ(GoDuration(10000000), "10ms");
  EXPECT_EQ(GoDuration(1500), "1.5µs");
  EXPECT_EQ(GoDuration(7), "7ns");
  EXPECT_EQ(GoDuration(3600000000000), "1h0m0s");
  EXPECT_EQ(GoDuration(-90000000000), "-1m30s");
  EXPECT_EQ(GoDuration(2000001), "2.000001ms");
  EXPECT_EQ(GoDuration(INT64_MIN), "-2562047h47m16.854775808s");
}

TEST(Duration, ReducesToTheLargestUnitThatDivides) {
  EXPECT_EQ(ReducedDuration(0), "0s");
  EXPECT_EQ(ReducedDuration(5400000000000), "90m");
  EXPECT_EQ(ReducedDuration(-5400000000000), "-90m");
  EXPECT_EQ(ReducedDuration(1500000000), "1500ms");
  EXPECT_EQ(ReducedDuration(1001000), "1001u");
  EXPECT_EQ(ReducedDuration(1), "1ns");
  EXPECT_EQ(ReducedDuration(604800000000000), "1w");
  EXPECT_EQ(ReducedDuration(36 * 3600000000000), "36h");
}

TEST(Duration, ReadsScriptText) {
  int64_t ns = 0;
  ASSERT_TRUE(ParseDuration("1h30m", &ns));
  EXPECT_EQ(ns, 5400000000000);
  ASSERT_TRUE(ParseDuration("-5s", &ns));
  EXPECT_EQ(ns, -5000000000);
  ASSERT_TRUE(ParseDuration("5µ5u1ms7ns", &ns));
  EXPECT_EQ(ns, 1010007);
  for (const char *text : {"", "-", "5", "s", "5us", "1.5s", "1h ", "99999999999999999999s"})
    EXPECT_FALSE(ParseDuration(text, &ns)) << text;
}

TEST(Duration, ReadsGoText) {
  int64_t ns = 0;
  ASSERT_TRUE(ParseGoDuration("1h30m", &ns));
  EXPECT_EQ(ns, 5400000000000);
  ASSERT_TRUE(ParseGoDuration("-1.5s", &ns));
  EXPECT_EQ(ns, -1500000000);
  ASSERT_TRUE(ParseGoDuration("2us", &ns));
  EXPECT_EQ(ns, 2000);
  ASSERT_TRUE(ParseGoDuration("0", &ns));
  EXPECT_EQ(ns, 0);
  for (const char *text : {"", "5", "5d", ".s", "1h-1m", "9999999h"}) EXPECT_FALSE(ParseGoDuration(text, &ns)) << text;
}

}  // namespace
}  // namespace tick
