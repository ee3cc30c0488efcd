// window_test.cpp - windows by time and by count: the checked examples of nodes.md 7.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/unit/nodes/fixture.h"

namespace tick::test {
namespace {

using testing::ElementsAre;
using Lines = std::vector<std::string>;

// A point at each of these times, with its number of seconds as the value.
std::string At(const std::vector<int> &times, const std::string &key = "m") {
  std::string lines;
  for (int time : times) lines += key + " v=" + std::to_string(time) + " " + std::to_string(time) + "\n";
  return lines;
}

// What a window gives, a string a batch: "5: 0 1 4".
Lines Windows(std::vector<Call> properties, const std::string &points, size_t block = 0) {
  Pipeline pipeline;
  pipeline.block = block;
  uint32_t window = pipeline.add("window", {pipeline.from()}, {}, std::move(properties));
  uint32_t log = pipeline.log(window);
  EXPECT_EQ(pipeline.start(), "");
  pipeline.write(points);
  pipeline.finish();
  Lines batches;
  for (const std::string &line : pipeline.out(log)) {
    if (line[0] == '[') batches.push_back(line.substr(line.find("tmax=") + 5, line.size() - line.find("tmax=") - 6) + ":");
    else batches.back() += line.substr(line.find('@')).replace(0, 1, " ");
  }
  return batches;
}

TEST(WindowByTime, EmitsWhenALaterPointComes) {
  for (size_t block : {0, 1, 3})
    EXPECT_THAT(Windows({{"period", {Seconds(10)}}, {"every", {Seconds(5)}}}, At({0, 1, 4, 5, 6, 12, 30, 31, 36}), block),
                ElementsAre("5: 0 1 4", "10: 0 1 4 5 6", "17: 12", "35: 30 31"));
}

TEST(WindowByTime, AlignedAndFilledWaitsForAWholePeriod) {
  EXPECT_THAT(Windows({{"period", {Seconds(10)}}, {"every", {Seconds(5)}}, {"align", {}}, {"fillPeriod", {}}},
                      At({2, 5, 8, 11, 14, 17, 20, 23, 26, 29})),
              ElementsAre("15: 5 8 11 14", "20: 11 14 17", "25: 17 20 23"));
}

TEST(WindowByTime, ALatePointBehindANewerOneStays) {
  EXPECT_THAT(Windows({{"period", {Seconds(5)}}, {"every", {Seconds(5)}}}, At({10, 11, 3, 12, 15, 4, 16, 20})),
              ElementsAre("15: 10 11 3 12", "20: 15 4 16"));
}

TEST(WindowByTime, ZeroEveryEmitsForEachPoint) {
  EXPECT_THAT(Windows({{"period", {Seconds(2)}}, {"every", {Seconds(0)}}}, At({0, 1, 2, 3})),
              ElementsAre("0: 0", "1: 0 1", "2: 1 2", "3: 2 3"));
}

TEST(WindowByTime, AGapGivesOneBatch) {
  EXPECT_THAT(Windows({{"period", {Seconds(10)}}, {"every", {Seconds(10)}}, {"align", {}}}, At({1, 95, 101})),
              ElementsAre("10: 1", "100: 95"));
}

TEST(WindowByCount, SlidesByEveryCount) {
  Lines sliding = Windows({{"periodCount", {3}}, {"everyCount", {2}}}, At({2, 3, 4, 5, 6, 7}));
  EXPECT_THAT(sliding, ElementsAre("3: 2 3", "5: 3 4 5", "7: 5 6 7"));
}

TEST(WindowByCount, FillPeriodWaitsForAFullWindow) {
  Lines filled = Windows({{"periodCount", {3}}, {"everyCount", {2}}, {"fillPeriod", {}}}, At({2, 3, 4, 5, 6}));
  EXPECT_THAT(filled, ElementsAre("4: 2 3 4", "6: 4 5 6"));
}

TEST(Window, RefusesWhatCannotBe) {
  Pipeline none, both;
  none.add("window", {none.from()});
  EXPECT_THAT(none.start(), testing::HasSubstr("must have either a non zero period or non zero period count"));
  both.add("window", {both.from()}, {}, {{"period", {Seconds(1)}}, {"periodCount", {1}}});
  EXPECT_THAT(both.start(), testing::HasSubstr("cannot specify both period and periodCount"));
}

TEST(Window, GroupsHaveTheirOwnWindows) {
  Pipeline pipeline;
  uint32_t window = pipeline.add("window", {pipeline.from({"host"})}, {}, {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}});
  uint32_t log = pipeline.log(window);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a,dc=x v=1 0\nm,host=b v=2 3\nm,host=a v=3 6\nm,host=b v=4 7\nm,host=b v=5 8\n");
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m host=a tmax=5]", "dc=x host=a v=1 @0", "[m host=b tmax=8]", "host=b v=2 @3", "host=b v=4 @7"));
}

TEST(Window, ABarrierClosesItAndGoesNoFurther) {
  Pipeline pipeline;
  uint32_t window = pipeline.add("window", {pipeline.from()}, {}, {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}});
  uint32_t log = pipeline.log(window);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write(At({0, 1}));
  pipeline.barrier(window, "m v=0 4");
  EXPECT_THAT(pipeline.out(log), ElementsAre());
  pipeline.barrier(window, "m v=0 7");
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m tmax=5]", "v=0 @0", "v=1 @1"));
  pipeline.write(At({8, 12}));
  EXPECT_THAT(pipeline.out(log), testing::Contains("[m tmax=12]"));
}

TEST(Window, ADeletedGroupLosesItsPoints) {
  Pipeline pipeline;
  uint32_t window = pipeline.add("window", {pipeline.from({"host"})}, {}, {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}});
  uint32_t log = pipeline.log(window);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 0\nm,host=b v=2 0");
  pipeline.delete_group(window, "m,host=a v=1 0");
  pipeline.write("m,host=a v=3 6\nm,host=b v=4 6");
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m host=b tmax=5]", "host=b v=2 @0"));
}

TEST(Window, KeepsStringsAndMissingFields) {
  Pipeline pipeline;
  uint32_t window = pipeline.add("window", {pipeline.from()}, {}, {{"periodCount", {2}}, {"everyCount", {1}}});
  uint32_t log = pipeline.log(window);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.block = 1;
  pipeline.write("m s=\"one\" 0\nm v=1 1\nm s=\"three\",v=2i 2\nm b=t 3");
  EXPECT_THAT(pipeline.out(log),
              ElementsAre("[m tmax=0]", "s=one @0", "[m tmax=1]", "s=one @0", "v=1 @1", "[m tmax=2]", "v=1 @1",
                          "s=three v=2 @2", "[m tmax=3]", "s=three v=2 @2", "b=true @3"));
}

TEST(Window, KeepsOnlyFieldsThatAreRead) {
  Pipeline pipeline;
  uint32_t window = pipeline.add("window", {pipeline.from()}, {}, {{"periodCount", {1}}, {"everyCount", {1}}});
  pipeline.needs(window, {"v"});
  uint32_t log = pipeline.log(window);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m v=1,w=2 0");
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m tmax=0]", "v=1 @0"));
}

TEST(Window02, AfterAGapEachPointEmitsUntilTheEndPassesIt) {
  Pipeline pipeline("0.2");
  uint32_t window = pipeline.add("window", {pipeline.from()}, {}, {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}});
  uint32_t log = pipeline.log(window);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write(At({0, 20, 21, 22}));
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m tmax=5]", "v=0 @0", "[m tmax=10]", "v=20 @20", "[m tmax=15]", "v=20 @20", "v=21 @21"));
}

TEST(Window, EndsMayLieOffTheMultiples) {
  Pipeline pipeline;
  uint32_t window = pipeline.add("window", {pipeline.from()}, {},
                                 {{"period", {Seconds(10)}}, {"every", {Seconds(10)}}, {"align", {}}, {"alignOffset", {Seconds(3)}}});
  uint32_t log = pipeline.log(window);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write(At({1, 2, 4, 14}));
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m tmax=3]", "v=1 @1", "v=2 @2", "[m tmax=13]", "v=4 @4"));
}

TEST(Window, EmptyOnesComeWhereTheyAreAskedFor) {
  Pipeline pipeline;
  std::vector<Call> calls = {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}, {"emptyWindows", {}}};
  uint32_t count = pipeline.add("count", {pipeline.add("window", {pipeline.from()}, {}, calls)}, {"v"});
  uint32_t log = pipeline.log(count);
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write(At({0, 1, 17}));
  EXPECT_THAT(pipeline.out(log), ElementsAre("m count=2 @5", "m count=0 @10", "m count=0 @15"));
}

TEST(Window, TheClockEndsThoseOfGroupsThatFellSilent) {
  Pipeline pipeline;
  std::vector<Call> calls = {{"period", {Seconds(5)}}, {"every", {Seconds(5)}}, {"flushAfter", {Seconds(2)}}};
  uint32_t log = pipeline.log(pipeline.add("window", {pipeline.from({"host"})}, {}, calls));
  ASSERT_EQ(pipeline.start(), "");
  pipeline.write("m,host=a v=1 0\nm,host=b v=2 3");
  for (double now : {5.0, 6.9, 8.0, 9.0}) pipeline.tick(now);
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m host=a tmax=5]", "host=a v=1 @0"));
  for (double now : {11.0, 13.0, 20.0, 30.0}) pipeline.tick(now);
  EXPECT_THAT(pipeline.out(log), ElementsAre("[m host=a tmax=5]", "host=a v=1 @0", "[m host=b tmax=8]", "host=b v=2 @3"));
}

TEST(Window, OptionsThatDoNotGoTogetherAreRefused) {
  for (const auto &[calls, error] : std::vector<std::pair<std::vector<Call>, std::string>>{
           {{{"period", {Seconds(5)}}, {"every", {Seconds(5)}}, {"alignOffset", {Seconds(1)}}}, "alignOffset needs align"},
           {{{"periodCount", {2}}, {"everyCount", {2}}, {"emptyWindows", {}}},
            "emptyWindows and flushAfter are for windows by time that have an every"}}) {
    Pipeline pipeline;
    pipeline.log(pipeline.add("window", {pipeline.from()}, {}, calls));
    EXPECT_THAT(pipeline.start(), testing::HasSubstr(error));
  }
}

}  // namespace
}  // namespace tick::test
