// base64_test.cpp - bytes to text and back, and texts that are none.
#include "runtime/text/base64.h"

#include <gtest/gtest.h>

namespace tick {
namespace {

TEST(Base64Test, KnownTexts) {
  EXPECT_EQ(Base64Encode(""), "");
  EXPECT_EQ(Base64Encode("f"), "Zg==");
  EXPECT_EQ(Base64Encode("fo"), "Zm8=");
  EXPECT_EQ(Base64Encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64Encode("\xff\xfe"), "//4=");
}

TEST(Base64Test, GoesThereAndBack) {
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    std::string back;
    ASSERT_TRUE(Base64Decode(Base64Encode(bytes), &back));
    ASSERT_EQ(back, bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST(Base64Test, OtherTextsAreRefused) {
  std::string bytes;
  for (const char *text : {"Zg=", "Z", "Zg==Zg==", "Z===", "Zm9*", "===="}) EXPECT_FALSE(Base64Decode(text, &bytes)) << text;
}

}  // namespace
}  // namespace tick
