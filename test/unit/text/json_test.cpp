// json_test.cpp - JSON and quoting as Go writes them, and runes.
#include "runtime/text/go_json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/text/utf8.h"

namespace tick {
namespace {

std::string String(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(Json, EscapesAsGoDoes) {
  EXPECT_EQ(String("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(String("<a>&\n\r\t"), R"("\u003ca\u003e\u0026\n\r\t")");
  EXPECT_EQ(String(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(String("Grüße \u2028\u2029"), R"("Grüße \u2028\u2029")");
  EXPECT_EQ(String("Gr\xC3"), R"("Gr\ufffd")");
  EXPECT_EQ(String("\xED\xA0\x80"), R"("\ufffd\ufffd\ufffd")");
  EXPECT_EQ(String("😀"), "\"😀\"");
}

TEST(Json, WriterPutsCommas) {
  std::string out;
  JsonWriter json(out);
  json.object().key("id").string("a").key("n").number(-5).key("list").array().boolean(true).null().array().end_array();
  json.object().end_object().end_array().key("t").time(1500000000).end_object();
  EXPECT_EQ(out, R"({"id":"a","n":-5,"list":[true,null,[],{}],"t":"1970-01-01T00:00:01.5Z"})");
  EXPECT_TRUE(json.ok());
}

TEST(Json, ANaNSpoilsTheDocument) {
  std::string out;
  JsonWriter json(out);
  json.array().value(MakeFloat(2.5)).value(MakeFloat(NAN)).value(MakeDuration(5)).value(MakeMissing()).end_array();
  EXPECT_EQ(out, "[2.5,null,5,null]");
  EXPECT_FALSE(json.ok());
}

TEST(Quote, PrintsAsPercentQ) {
  EXPECT_EQ(GoQuote("a\"b\\\n"), R"("a\"b\\\n")");
  EXPECT_EQ(GoQuote("Grüße"), "\"Grüße\"");
  EXPECT_EQ(GoQuote("\xff\x01"), R"("\xff\x01")");
  EXPECT_EQ(GoQuote("\u00AD\u200B\U000E0001"), R"("\u00ad\u200b\U000e0001")");
  EXPECT_EQ(GoQuoteRune('$'), "'$'");
  EXPECT_EQ(GoQuoteRune('\''), R"('\'')");
  EXPECT_EQ(GoQuoteRune(0), R"('\x00')");
  EXPECT_EQ(GoQuoteRune(U'☃'), "'☃'");
}

TEST(Runes, DecodeFromBothEnds) {
  EXPECT_EQ(CountRunes("Grüße"), 5u);
  EXPECT_EQ(CountRunes("\xff\xfe"), 2u);
  EXPECT_EQ(DecodeRune("ß").value, U'ß');
  EXPECT_EQ(DecodeRune("\xC3").width, 1u);
  EXPECT_EQ(DecodeRune("\xC0\x80").value, kRuneError) << "overlong";
  EXPECT_EQ(DecodeRune("\xF4\x90\x80\x80").value, kRuneError) << "past the last code point";
  EXPECT_EQ(DecodeLastRune("aß").value, U'ß');
  EXPECT_EQ(DecodeLastRune("a\x80").width, 1u);
  EXPECT_EQ(DecodeLastRune("😀").width, 4u);
  EXPECT_EQ(DecodeRune("").width, 0u);
}

TEST(Runes, CaseMapsOneToOne) {
  EXPECT_EQ(ToUpper("Grüße"), "GRÜßE");
  EXPECT_EQ(ToLower("ABCÄ"), "abcä");
  EXPECT_EQ(ToUpper("ﬁ ŉ ÿ ǆ"), "ﬁ ŉ Ÿ Ǆ");
  EXPECT_EQ(ToLower("İΣДԱ"), "iσдա");
  EXPECT_EQ(ToUpper("ᾳ"), "ᾼ");
  EXPECT_EQ(ToUpper("a\xff"), "A\uFFFD") << "a byte that is no text";
}

TEST(Runes, SpaceTrimming) {
  EXPECT_EQ(TrimSpace(" \t\u00A0\u3000a b\u2028\n"), "a b");
  EXPECT_EQ(TrimSpace("\u200B"), "\u200B");
  EXPECT_EQ(TrimSpace("  "), "");
}

}  // namespace
}  // namespace tick
