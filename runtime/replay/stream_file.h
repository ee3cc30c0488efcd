// stream_file.h - recordings of streams: ID.srpl, gzip of three lines a point (database, retention policy, line
// protocol with nanoseconds), as Kapacitor writes and reads them (daemon.md 8.1).
//
// The reader hands out views into its buffer, valid until the next call. What it refuses it refuses with the number
// of the point and the byte of the file, and everything before it was good.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/data/block.h"

namespace tick {

class StreamFileWriter {
 public:
  // The error of opening, or "".
  static std::string Open(const std::string &path, std::unique_ptr<StreamFileWriter> *writer);
  ~StreamFileWriter();
  // A string field with a newline cannot be written in this format: the point is left out and counted.
  bool add(const Series &series, const Fields &fields, int64_t time);
  // What is on disk after this is whole. "" or what went wrong since the beginning.
  std::string close();
  uint64_t points() const { return points_; }
  uint64_t left_out() const { return left_out_; }

 private:
  StreamFileWriter(gzFile file, std::string path) : file_(file), path_(std::move(path)) {}
  void flush();
  gzFile file_;
  std::string path_, buffer_, error_;
  uint64_t points_ = 0, left_out_ = 0;
};

struct RecordedPoint {
  std::string_view database, retention_policy, line;
};

class StreamFileReader {
 public:
  ~StreamFileReader();
  // In Go's words: "open P: no such file or directory", "gzip: invalid header".
  std::string open(const std::string &path);
  // False at the end and where the rest cannot be read: error() says which.
  bool next(RecordedPoint *point);
  const std::string &error() const { return error_; }
  uint64_t points() const { return points_; }  // read so far
  // Share of the file that was read, 0 to 1.
  double progress() const;
  // "point 12, byte 4711 of FILE"
  std::string place() const;

 private:
  bool line(std::string_view *out);
  bool fill();
  gzFile file_ = nullptr;
  std::string path_, buffer_, error_;
  size_t at_ = 0, end_ = 0;
  bool ended_ = false;
  uint64_t points_ = 0, size_ = 0;
};

// Takes apart what stands behind the last blank of a line: its time, if it has one. The text before it goes to
// `rest`; a line without a time has the time 0, as Kapacitor leaves out just that.
int64_t TimeOfLine(std::string_view line, std::string_view *rest);

}  // namespace tick
