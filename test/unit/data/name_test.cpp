// Names, values, series: interning and comparing.
#include <gtest/gtest.h>

#include <thread>

#include "runtime/data/series.h"

namespace tick {
namespace {

TEST(Name, EqualTextsShareAPointer) {
  std::string text = "usage_idle";
  EXPECT_EQ(Intern("usage_idle"), Intern(text));
  EXPECT_NE(Intern("usage_idle"), Intern("usage_user"));
  EXPECT_EQ(*Intern("usage_idle"), "usage_idle");
}

TEST(Name, FindDoesNotIntern) {
  EXPECT_EQ(FindName("nobody ever asked for this name"), nullptr);
  Name name = Intern("somebody asked for this name");
  EXPECT_EQ(FindName("somebody asked for this name"), name);
}

TEST(Name, ThreadsThatInternTheSameTextsAgree) {
  std::vector<std::vector<Name>> seen(4);
  std::vector<std::thread> threads;
  for (auto &mine : seen)
    threads.emplace_back([&mine] {
      for (int i = 0; i < 1000; ++i) mine.push_back(Intern("shared" + std::to_string(i)));
    });
  for (std::thread &thread : threads) thread.join();
  for (const auto &mine : seen) EXPECT_EQ(mine, seen[0]);
}

TEST(Name, KnowsWhetherItIsATagKeyOfSomeSeries) {
  Name key = Intern("a key seen in one series"), field = Intern("a field seen nowhere else");
  EXPECT_FALSE(MayBeTag(key));
  InternSeries(InternOrigin("db", "rp"), Intern("m"), {{key, "x"}});
  EXPECT_TRUE(MayBeTag(key));
  EXPECT_FALSE(MayBeTag(field));
}

TEST(Value, SameNeedsEqualTypes) {
  EXPECT_TRUE(SameValue(MakeInt(1), MakeInt(1)));
  EXPECT_FALSE(SameValue(MakeInt(1), MakeFloat(1)));
  EXPECT_FALSE(SameValue(MakeFloat(__builtin_nan("")), MakeFloat(__builtin_nan(""))));
  EXPECT_TRUE(SameValue(MakeString("a"), MakeString(std::string("a"))));
  EXPECT_FALSE(SameValue(MakeBool(true), MakeBool(false)));
}

TEST(Series, EqualOnesAreOne) {
  const Origin *origin = InternOrigin("db", "rp");
  const Series *a = InternSeries(origin, Intern("cpu"), {{Intern("host"), "a"}});
  EXPECT_EQ(a, InternSeries(origin, Intern("cpu"), {{Intern("host"), "a"}}));
  EXPECT_NE(a, InternSeries(origin, Intern("cpu"), {{Intern("host"), "b"}}));
  EXPECT_NE(a, InternSeries(InternOrigin("db", "other"), Intern("cpu"), {{Intern("host"), "a"}}));
  EXPECT_EQ(origin, InternOrigin("db", "rp"));
}

TEST(Series, KeyHasLineProtocolsEscapesAndNoEmptyTags) {
  const Series *series =
      InternSeries(InternOrigin("db", "rp"), Intern("my cpu"), {{Intern("a,b"), "x=y z"}, {Intern("empty"), ""}});
  EXPECT_EQ(SeriesKey(*series), "my\\ cpu,a\\,b=x\\=y\\ z");
}

TEST(Series, ManyKeepTheirAddress) {
  const Origin *origin = InternOrigin("many", "rp");
  std::vector<const Series *> made;
  for (int i = 0; i < 20000; ++i) made.push_back(InternSeries(origin, Intern("m"), {{Intern("i"), std::to_string(i)}}));
  for (int i = 0; i < 20000; ++i)
    ASSERT_EQ(made[i], InternSeries(origin, Intern("m"), {{Intern("i"), std::to_string(i)}}));
}

}  // namespace
}  // namespace tick
