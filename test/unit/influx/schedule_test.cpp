// schedule_test.cpp - strokes of batch queries, by intervals and by cron expressions.
#include "runtime/influx/schedule.h"

#include <gtest/gtest.h>

#include "test/unit/influx/times.h"

namespace tick {
namespace {

std::string Next(const char *expression, const char *after) {
  Cron cron;
  std::string error = Cron::Parse(expression, &cron);
  if (!error.empty()) return error;
  std::optional<int64_t> next = cron.next(At(after));
  return next ? Rfc3339(*next) : "never";
}

class Crons : public testing::Test {
 protected:
  void SetUp() override { Zone::SetLocal("UTC"); }
  void TearDown() override { Zone::SetLocal("Local"); }
};

TEST_F(Crons, FindTheNextTime) {
  struct Case {
    const char *expression, *after, *next;
  };
  for (const Case &c : std::initializer_list<Case>{
           {"*/5 * * * *", "2016-01-18T01:40:36.95Z", "2016-01-18T01:45:00Z"},
           {"*/5 * * * *", "2016-01-18T01:45:00Z", "2016-01-18T01:50:00Z"},
           // Six fields have a year, not seconds.
           {"*/10 * * * * *", "2015-12-13T09:46:40Z", "2015-12-13T09:50:00Z"},
           {"*/10 * * * * * *", "2015-12-13T09:46:40Z", "2015-12-13T09:46:50Z"},
           {"0 0 29 2 *", "2013-01-01T00:00:00Z", "2016-02-29T00:00:00Z"},
           {"0 0 1 1 * 2011", "2016-01-01T00:00:00Z", "never"},
           {"0 0 * * 6#5", "2013-09-02T00:00:00Z", "2013-11-30T00:00:00Z"},
           {"0 12 L * *", "2016-02-01T00:00:00Z", "2016-02-29T12:00:00Z"},
           {"0 0 * * 5L", "2016-01-01T00:00:01Z", "2016-01-29T00:00:00Z"},
           {"0 0 15W * *", "2016-05-01T00:00:00Z", "2016-05-16T00:00:00Z"},  // the 15th is a Sunday
           {"0 0 LW * *", "2016-01-01T00:00:00Z", "2016-01-29T00:00:00Z"},
           {"30 8-10/2 * JAN,mar MON-fri", "2016-01-29T10:31:00Z", "2016-03-01T08:30:00Z"},
           // Restricted by month and by week: either will do.
           {"0 0 13 * FRI", "2016-01-09T00:00:00Z", "2016-01-13T00:00:00Z"},
           {"0 0 * * 7", "2016-01-18T00:00:00Z", "2016-01-24T00:00:00Z"},
           {"5/20 * ? * ?", "2016-01-18T00:06:00Z", "2016-01-18T00:25:00Z"},
           {"@hourly", "2016-01-18T01:40:36Z", "2016-01-18T02:00:00Z"},
           {"@weekly", "2016-01-18T01:40:36Z", "2016-01-24T00:00:00Z"},
           {"* * * *", "2016-01-18T00:00:00Z", "missing field(s)"},
           {"60 * * * *", "2016-01-18T00:00:00Z", "syntax error in minute field: '60'"},
           {"* * * * MOO", "2016-01-18T00:00:00Z", "syntax error in day-of-week field: 'MOO'"},
       })
    EXPECT_EQ(Next(c.expression, c.after), c.next) << c.expression << " after " << c.after;
}

TEST_F(Crons, GoByLocalTime) {
  Zone::SetLocal("America/New_York");
  EXPECT_EQ(Next("0 8 * * *", "2016-01-18T12:00:00Z"), "2016-01-18T13:00:00Z");
  EXPECT_EQ(Next("0 8 * * *", "2016-07-18T11:00:00Z"), "2016-07-18T12:00:00Z");
  // The night clocks go back: 01:30 comes once for a task, and the search ends.
  EXPECT_EQ(Next("30 1 * * *", "2016-11-06T06:45:00Z"), "2016-11-07T06:30:00Z");
}

TEST(Schedules, ByInterval) {
  Schedule plain, aligned;
  EXPECT_EQ(Schedule::Make(10 * kSecond, false, "", &plain), "");
  EXPECT_EQ(Schedule::Make(10 * kSecond, true, "", &aligned), "");
  int64_t now = At("2016-01-18T01:40:36.5Z");
  EXPECT_EQ(plain.first(now), now + 10 * kSecond);
  EXPECT_EQ(Rfc3339(aligned.first(now)), "2016-01-18T01:40:40Z");
  EXPECT_EQ(plain.after(now, now + kSecond), now + 10 * kSecond);
  // Strokes that passed while a query ran are left out but the latest.
  EXPECT_EQ(plain.after(now, now + 35 * kSecond), now + 30 * kSecond);
  EXPECT_EQ(aligned.walk(At("2016-01-18T01:40:36Z")), At("2016-01-18T01:40:50Z"));
}

TEST(Schedules, NeedOneRule) {
  Schedule schedule;
  EXPECT_EQ(Schedule::Make(0, false, "", &schedule), "must define one of 'every' or 'cron'");
  EXPECT_EQ(Schedule::Make(1, false, "* * * * *", &schedule), "must not set both 'every' and 'cron' properties");
  EXPECT_EQ(Schedule::Make(-1, false, "", &schedule), "'every' duration must must non-negative");
}

}  // namespace
}  // namespace tick
