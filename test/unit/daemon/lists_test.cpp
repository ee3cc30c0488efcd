// lists_test.cpp - pages of list calls: globs, offset, limit, fields.
#include <gtest/gtest.h>

#include "runtime/daemon/api.h"
#include "runtime/text/glob.h"

namespace tick {
namespace {

Request Ask(const std::string &target) {
  Request request;
  ParseTarget(target, &request);
  return request;
}

std::vector<size_t> Page(const std::string &query, bool negative_is_all = true) {
  static const std::vector<std::string> kIds = {"cpu", "cpu_alert", "disk", "mem", "mem_alert"};
  std::vector<size_t> selected;
  EXPECT_FALSE(SelectPage(Ask("/tasks?" + query), kIds, negative_is_all, &selected));
  return selected;
}

using Places = std::vector<size_t>;

TEST(PageTest, GlobsSelect) {
  EXPECT_EQ(Page(""), (Places{0, 1, 2, 3, 4}));
  EXPECT_EQ(Page("pattern=*_alert"), (Places{1, 4}));
  EXPECT_EQ(Page("pattern=mem"), (Places{3}));
  EXPECT_EQ(Page("pattern=d?sk"), (Places{2}));
  EXPECT_EQ(Page("pattern=nothing"), Places{});
}

TEST(PageTest, OffsetAndLimitCountWhatMatches) {
  EXPECT_EQ(Page("offset=1&limit=2"), (Places{1, 2}));
  EXPECT_EQ(Page("pattern=*_alert&offset=1"), (Places{4}));
  EXPECT_EQ(Page("limit=0"), Places{});
  EXPECT_EQ(Page("limit=-1"), (Places{0, 1, 2, 3, 4}));
  EXPECT_EQ(Page("limit=-1", false), Places{});
  EXPECT_EQ(Page("offset=9"), Places{});
}

TEST(PageTest, NumbersThatAreNoneAreRefused) {
  std::vector<size_t> selected;
  Refusal refusal = SelectPage(Ask("/tasks?limit=x"), {"a"}, true, &selected);
  EXPECT_EQ(refusal.status, 400);
  EXPECT_EQ(refusal.text, "invalid limit parameter \"x\" must be an integer: strconv.ParseInt: parsing \"x\": invalid syntax");
}

TEST(FieldsTest, IdAndLinkComeAlways) {
  std::vector<std::string> fields;
  ASSERT_FALSE(SelectFields(Ask("/tasks?fields=dot"), {"script"}, {"dot", "script"}, true, &fields));
  Json picked = PickFields({{"script", "s"}, {"link", "l"}, {"id", "i"}, {"dot", "d"}}, fields);
  EXPECT_EQ(picked.dump(), R"({"dot":"d","id":"i","link":"l"})");
}

TEST(FieldsTest, UnknownFieldsAreRefusedWhereThereIsAnItem) {
  std::vector<std::string> fields;
  EXPECT_EQ(SelectFields(Ask("/tasks?fields=nope"), {}, {"dot"}, true, &fields).text, "unsupported field \"nope\"");
  EXPECT_FALSE(SelectFields(Ask("/tasks?fields=nope"), {}, {"dot"}, false, &fields));
}

TEST(GlobTest, ClassesAndEscapes) {
  EXPECT_TRUE(MatchesGlob("[a-c]pu", "bpu"));
  EXPECT_FALSE(MatchesGlob("[^a-c]pu", "bpu"));
  EXPECT_TRUE(MatchesGlob("\\*", "*"));
  EXPECT_FALSE(MatchesGlob("\\*", "x"));
  EXPECT_FALSE(MatchesGlob("a", "ab"));
  bool bad = false;
  MatchesGlob("[a", "a", &bad);
  EXPECT_TRUE(bad);
}

}  // namespace
}  // namespace tick
