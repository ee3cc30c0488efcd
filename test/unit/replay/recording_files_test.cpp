// recording_files_test.cpp - recordings written and read again, and what is wrong with damaged ones.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runtime/replay/batch_file.h"
#include "runtime/replay/stream_file.h"

namespace tick {
namespace {

class RecordingFilesTest : public testing::Test {
 protected:
  RecordingFilesTest() : path(testing::TempDir() + "recording." + std::to_string(getpid())) {}
  ~RecordingFilesTest() override { std::filesystem::remove(path); }
  const std::string path;
};

void WritePoints(const std::string &path, int n) {
  std::unique_ptr<StreamFileWriter> writer;
  ASSERT_EQ(StreamFileWriter::Open(path, &writer), "");
  Series series{InternOrigin("db", "rp"), Intern("m"), {{Intern("host"), "a b"}}, 0};
  for (int i = 0; i < n; ++i)
    ASSERT_TRUE(writer->add(series, {{Intern("v"), MakeFloat(i * 0.5)}}, 1000 + i));
  ASSERT_EQ(writer->close(), "");
}

TEST_F(RecordingFilesTest, PointsComeBackInOrder) {
  WritePoints(path, 20000);
  StreamFileReader reader;
  ASSERT_EQ(reader.open(path), "");
  RecordedPoint point;
  int n = 0;
  for (; reader.next(&point); ++n) {
    EXPECT_EQ(point.database, "db");
    EXPECT_EQ(point.retention_policy, "rp");
    std::string_view rest;
    EXPECT_EQ(TimeOfLine(point.line, &rest), 1000 + n);
    if (n == 3) {
      EXPECT_EQ(rest, "m,host=a\\ b v=1.5");
    }
  }
  EXPECT_EQ(n, 20000);
  EXPECT_EQ(reader.error(), "");
}

TEST_F(RecordingFilesTest, PointsWithNewlinesAreLeftOut) {
  std::unique_ptr<StreamFileWriter> writer;
  ASSERT_EQ(StreamFileWriter::Open(path, &writer), "");
  Series series{InternOrigin("db", "rp"), Intern("m"), {}, 0};
  EXPECT_FALSE(writer->add(series, {{Intern("s"), MakeString("a\nb")}}, 1));
  EXPECT_EQ(writer->left_out(), 1u);
}

TEST_F(RecordingFilesTest, ACutFileSaysWhere) {
  WritePoints(path, 20000);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  StreamFileReader reader;
  ASSERT_EQ(reader.open(path), "");
  RecordedPoint point;
  while (reader.next(&point)) {}
  EXPECT_NE(reader.error().find("unexpected EOF (point "), std::string::npos) << reader.error();
}

TEST_F(RecordingFilesTest, WhatIsNoGzipIsRefused) {
  std::ofstream(path) << "hello";
  StreamFileReader reader;
  EXPECT_EQ(reader.open(path), "gzip: invalid header");
  StreamFileReader none;
  EXPECT_EQ(none.open(path + ".none"), "open " + path + ".none: no such file or directory");
}

TEST_F(RecordingFilesTest, BatchesComeBack) {
  std::string line =
      R"({"name":"cpu","tmax":"2020-01-01T00:00:10Z","group":"host=a","byname":true,"tags":{"host":"a"},"points":[)"
      R"({"fields":{"s":"x","v":1},"tags":{"host":"a"},"time":"2020-01-01T00:00:00Z"},{"fields":{"ok":true},"tags":{"host":"a","x":"y"},"time":"2020-01-01T00:00:01.5Z"}]})";
  LooseBatch batch;
  ASSERT_EQ(ReadBatch(line, &batch), "");
  EXPECT_EQ(batch.points.rows(), 2u);
  EXPECT_TRUE(batch.by_name);
  EXPECT_EQ(batch.points.series[1]->tags.size(), 2u);
  std::unique_ptr<BatchFileWriter> writer;
  ASSERT_EQ(BatchFileWriter::Open(path, 2, false, &writer), "");
  writer->add(0, batch);
  writer->add(0, batch);
  ASSERT_EQ(writer->close(), "");
  BatchFileReader reader;
  ASSERT_EQ(reader.open(path), "");
  ASSERT_EQ(reader.entries(), 2u);
  LooseBatch again;
  ASSERT_TRUE(reader.next(0, &again)) << reader.error();
  std::string text;
  AppendBatch(text, again, false);
  EXPECT_EQ(text, R"({"name":"cpu","tmax":"2020-01-01T00:00:10Z","group":"cpu\nhost=a","byname":true,"tags":{"host":"a"},"points":[)"
                  R"({"fields":{"s":"x","v":1},"tags":{"host":"a"},"time":"2020-01-01T00:00:00Z"},{"fields":{"ok":true},"tags":{"host":"a","x":"y"},"time":"2020-01-01T00:00:01.5Z"}]})"
                  "\n");
  EXPECT_TRUE(reader.next(0, &again));
  EXPECT_FALSE(reader.next(0, &again));
  EXPECT_FALSE(reader.next(1, &again));
  EXPECT_EQ(reader.error(), "");
}

TEST_F(RecordingFilesTest, ABatchThatIsNoneIsRefused) {
  LooseBatch batch;
  EXPECT_EQ(ReadBatch("{\"name\"", &batch), "no JSON object");
  EXPECT_EQ(ReadBatch(R"({"points":[{"fields":{"v":1}}]})", &batch), "a point without a time");
}

}  // namespace
}  // namespace tick
