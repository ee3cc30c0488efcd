// lines_test.cpp - field sections that influxDBOut passes on as they came are those it would have written itself.
#include <gtest/gtest.h>

#include <random>

#include "runtime/io/line_protocol.h"

namespace tick {
namespace {

// What comes out of reading the fields and writing them.
std::string Rewritten(std::string_view section) {
  Arena arena;
  Fields fields;
  RawField raw;
  for (size_t at = 0; NextField(section, &at, &raw);) SetField(fields, Intern(UnescapeFieldName(raw.name)), ConvertField(raw, arena));
  std::string out;
  AppendFields(out, fields);
  return out;
}

TEST(Lines, CanonicalOnesAreTheirOwnRewriting) {
  const char *values[] = {"1",    "0",  "-1.5", "1.50", "0.1", ".5",   "1.",    "-0",  "00",  "1e5", "12i",     "-7i", "007i", "123456789012345678",
                          "true", "T",  "f",    "false", "\"a b\"", "\"\"", "\"a\\\"b\"", "\"x,y=z\"", "1.0", "100", "999999999999999", "0.000001"};
  const char *names[] = {"a", "b", "ab", "a\\ b", "c\\,d", "z"};
  std::mt19937 random(7);
  int canonical = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string section;
    for (unsigned n = 1 + random() % 3; n > 0; --n)
      section += std::string(section.empty() ? "" : ",") + names[random() % std::size(names)] + "=" + values[random() % std::size(values)];
    if (!IsCanonical(section)) continue;
    ++canonical;
    ASSERT_EQ(Rewritten(section), section);
  }
  EXPECT_GT(canonical, 500);
}

TEST(Lines, UsualOnesAreCanonical) {
  for (const char *section : {"value=97.5", "usage_idle=97.5,usage_user=2", "n=3i,s=\"text\",up=true"}) EXPECT_TRUE(IsCanonical(section)) << section;
  for (const char *section : {"v=1.5,n=3i", "v=1.0", "v=1e5", "v=t", "a=1,a=2", "v=-0"}) EXPECT_FALSE(IsCanonical(section)) << section;
}

}  // namespace
}  // namespace tick
