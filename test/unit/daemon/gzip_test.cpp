// gzip_test.cpp - bodies in gzip, and those that are broken.
#include <gtest/gtest.h>

#include "runtime/daemon/http.h"

namespace tick {
namespace {

TEST(GzipTest, GoesThereAndBack) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919) + "\n";
  for (const std::string &body : {std::string(), std::string("x"), text}) {
    std::string zipped = Gzip(body), out;
    EXPECT_EQ(Gunzip(zipped, &out), "");
    EXPECT_EQ(out, body);
  }
  EXPECT_LT(Gzip(text).size(), text.size() / 2);
}

TEST(GzipTest, SeveralMembersMakeOneBody) {
  std::string out;
  EXPECT_EQ(Gunzip(Gzip("one ") + Gzip("two"), &out), "");
  EXPECT_EQ(out, "one two");
}

TEST(GzipTest, BrokenBodiesAreNamedInGosWords) {
  std::string out;
  EXPECT_EQ(Gunzip("", &out), "EOF");
  EXPECT_EQ(Gunzip("abc", &out), "unexpected EOF");
  EXPECT_EQ(Gunzip("plain text, no gzip", &out), "gzip: invalid header");
  std::string zipped = Gzip("some text that is cut");
  EXPECT_EQ(Gunzip(zipped.substr(0, zipped.size() - 6), &out), "unexpected EOF");
  zipped[zipped.size() - 6] ^= 1;
  EXPECT_EQ(Gunzip(zipped, &out), "gzip: invalid checksum");
}

}  // namespace
}  // namespace tick
