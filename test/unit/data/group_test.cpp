// Groups: ids of both dialects, look-up by series, erasing.
#include <gtest/gtest.h>

#include "runtime/data/group.h"

namespace tick {
namespace {

const Series &Cpu(std::string host, std::string cpu) {
  return *InternSeries(InternOrigin("db", "rp"), Intern("cpu"), {{Intern("cpu"), cpu}, {Intern("host"), host}});
}
Dimensions By(std::vector<std::string> names, bool by_name = false) {
  Dimensions dimensions;
  dimensions.by_name = by_name;
  for (const std::string &name : names) dimensions.names.push_back(Intern(name));
  return dimensions;
}

TEST(Group, IdsOfToday) {
  GroupTable table(0, 0, false);
  EXPECT_EQ(table.find(Cpu("a", "0"), By({}))->id, "");
  EXPECT_EQ(table.find(Cpu("a", "0"), By({}, true))->id, "cpu");
  EXPECT_EQ(table.find(Cpu("a", "0"), By({"cpu", "host"}))->id, "cpu=0,host=a");
  EXPECT_EQ(table.find(Cpu("a", "0"), By({"host"}, true))->id, "cpu\nhost=a");
}

TEST(Group, OldIdsEndWithAComma) {
  GroupTable table(0, 0, true);
  EXPECT_EQ(table.find(Cpu("a", "0"), By({"cpu", "host"}))->id, "cpu=0,host=a,");
  EXPECT_EQ(table.find(Cpu("a", "0"), By({}))->id, "");
}

TEST(Group, ADimensionThePointLacksIsEmpty) {
  GroupTable table(0, 0, false);
  Group *group = table.find(Cpu("a", "0"), By({"nope"}));
  EXPECT_EQ(group->id, "nope=");
  ASSERT_EQ(group->tags.size(), 1u);
  EXPECT_EQ(group->tags[0].value, "");
}

TEST(Group, StarTakesAllTagsButTheExcluded) {
  GroupTable table(0, 0, false);
  Dimensions star;
  star.star = true;
  EXPECT_EQ(table.find(Cpu("a", "0"), star)->id, "cpu=0,host=a");
  star.exclude = {Intern("cpu")};
  EXPECT_EQ(table.find(Cpu("a", "0"), star)->id, "host=a");
}

TEST(Group, SeriesOfOneGroupAndItsTagsFindTheSame) {
  GroupTable table(0, 16, false);
  Group *group = table.find(Cpu("a", "0"), By({"host"}));
  EXPECT_EQ(group, table.find(Cpu("a", "1"), By({"host"})));
  EXPECT_EQ(group, table.find(Cpu("a", "0"), By({"host"})));
  EXPECT_EQ(group, table.find(Intern("cpu"), false, {{Intern("host"), "a"}}));
  EXPECT_NE(group, table.find(Cpu("b", "0"), By({"host"})));
  EXPECT_EQ(group->record[0], std::byte{0});
  EXPECT_EQ(table.size(), 2u);
}

TEST(Group, ErasedOnesAreMadeAnew) {
  GroupTable table(0, 16, false);
  GroupTable::Lookup by_host = table.lookup(By({"host"}));
  Group *group = by_host.find(Cpu("a", "0"));
  group->record[3] = std::byte{7};
  table.erase(group);
  EXPECT_EQ(table.size(), 0u);
  Group *again = by_host.find(Cpu("a", "0"));
  EXPECT_EQ(again->record[3], std::byte{0});
  EXPECT_FALSE(again->erased);
}

TEST(Group, EachVisitsInTheOrderTheyWereMade) {
  GroupTable table(0, 0, false);
  for (int i = 0; i < 500; ++i) table.find(Cpu(std::to_string(i), "0"), By({"host"}));
  for (int i = 0; i < 500; i += 2) table.erase(table.find(Cpu(std::to_string(i), "0"), By({"host"})));
  table.collect();
  table.find(Cpu("0", "0"), By({"host"}));
  std::vector<std::string> ids;
  table.each([&](Group &group) { ids.push_back(group.id); });
  ASSERT_EQ(ids.size(), 251u);
  EXPECT_EQ(ids.front(), "host=1");
  EXPECT_EQ(ids[249], "host=499");
  EXPECT_EQ(ids.back(), "host=0");
}

}  // namespace
}  // namespace tick
