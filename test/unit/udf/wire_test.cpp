// wire_test.cpp - what functions send, cut and put together; and what is no protocol.
#include <gtest/gtest.h>

#include "runtime/udf/wire.h"

namespace tick {
namespace {

std::string Encoded(const udf::Response &response) {
  std::string bytes = response.SerializeAsString(), out;
  for (size_t n = bytes.size();; n >>= 7) {
    out += static_cast<char>(n > 127 ? (n & 127) | 128 : n);
    if (n <= 127) break;
  }
  return out + bytes;
}

udf::Response PointOf(int64_t time, double v) {
  udf::Response response;
  udf::Point &point = *response.mutable_point();
  point.set_time(time);
  point.set_name("m");
  point.add_dimensions("host");
  (*point.mutable_tags())["host"] = "a";
  (*point.mutable_tags())["dc"] = "x";
  (*point.mutable_fieldsdouble())["v"] = v;
  (*point.mutable_fieldsint())["i"] = 3;
  (*point.mutable_fieldsstring())["s"] = std::string(300, 's');
  (*point.mutable_fieldsbool())["b"] = true;
  return response;
}

TEST(ResponseReader, CutsMessagesWhereverTheyAreBroken) {
  std::string bytes = Encoded(PointOf(1, 1)) + Encoded(PointOf(2, 2));
  for (size_t step : {size_t{1}, size_t{7}, bytes.size()}) {
    ResponseReader reader;
    std::vector<int64_t> times;
    std::string error;
    for (size_t at = 0; at < bytes.size(); at += step) {
      reader.add(std::string_view(bytes).substr(at, step));
      for (udf::Response response; reader.next(&response, &error);) times.push_back(response.point().time());
    }
    EXPECT_EQ(times, (std::vector<int64_t>{1, 2})) << step;
    EXPECT_EQ(error, "");
  }
}

TEST(ResponseReader, SaysWhatIsNoMessage) {
  for (std::string bytes : {std::string(20, '\xff'), std::string("\xff\xff\xff\xff\x7f"), std::string("\x03\xff\xff\xff"), std::string("\0", 1)}) {
    ResponseReader reader;
    reader.add(bytes);
    udf::Response response;
    std::string error;
    EXPECT_FALSE(reader.next(&response, &error));
    EXPECT_NE(error.find("no message of the protocol"), std::string::npos) << error;
  }
}

TEST(AnswerBuilder, PointsKeepTagsFieldsAndDimensions) {
  AnswerBuilder builder;
  builder.begin(false);
  std::string error;
  std::optional<UdfMessage> message = builder.add(PointOf(5, 1.5), &error);
  ASSERT_TRUE(message);
  const UdfPoint &point = message->points.at(0);
  EXPECT_EQ(SeriesKey(*point.series), "m,dc=x,host=a");
  ASSERT_EQ(message->dimensions.size(), 1u);
  EXPECT_EQ(*message->dimensions[0], "host");
  EXPECT_EQ(FindField(point.fields, Intern("v"))->as.f, 1.5);
  EXPECT_EQ(FindField(point.fields, Intern("i"))->as.i, 3);
  EXPECT_EQ(StringOf(*FindField(point.fields, Intern("s"))), std::string(300, 's'));
  EXPECT_TRUE(FindField(point.fields, Intern("b"))->as.b);
}

TEST(AnswerBuilder, BatchesAreWholeAtTheirEnd) {
  AnswerBuilder builder;
  builder.begin(true);
  std::string error;
  udf::Response begin, end;
  begin.mutable_begin()->set_name("m");
  end.mutable_end()->set_name("m");
  end.mutable_end()->set_tmax(9);
  (*end.mutable_end()->mutable_tags())["host"] = "a";
  EXPECT_FALSE(builder.add(begin, &error));
  EXPECT_FALSE(builder.add(PointOf(1, 1), &error));
  std::optional<UdfMessage> message = builder.add(end, &error);
  ASSERT_TRUE(message);
  EXPECT_EQ(error, "");
  EXPECT_TRUE(message->batch);
  EXPECT_EQ(message->tmax, 9);
  EXPECT_EQ(message->points.size(), 1u);
  EXPECT_EQ(message->tags.size(), 1u);
}

TEST(AnswerBuilder, MessagesInTheWrongPlaceAreErrors) {
  udf::Response begin, end;
  begin.mutable_begin();
  end.mutable_end();
  auto error_of = [](bool batches, std::vector<udf::Response> responses) {
    AnswerBuilder builder;
    builder.begin(batches);
    std::string error;
    for (const udf::Response &response : responses) builder.add(response, &error);
    return error;
  };
  EXPECT_NE(error_of(false, {begin}), "");
  EXPECT_NE(error_of(true, {begin, begin}), "");
  EXPECT_NE(error_of(true, {end}), "");
  EXPECT_NE(error_of(true, {PointOf(1, 1)}), "");
  EXPECT_EQ(error_of(true, {begin, PointOf(1, 1), end}), "");
}

}  // namespace
}  // namespace tick
