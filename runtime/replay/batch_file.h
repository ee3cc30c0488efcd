// batch_file.h - recordings of batches: ID.brpl, a zip with an entry a query node ("0", "1", …), each a JSON object a
// line and batch (daemon.md 8.1), as Kapacitor writes and reads them.
//
// Entries are written to files beside the recording, which become the zip when it is closed: any number of queries
// may be recorded at a time. Reading gives batch after batch of an entry; numbers come back as floats.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/influx/loose_batch.h"

struct zip;
struct zip_file;

namespace tick {

// A batch as one line of JSON, and back; an error text where it is none. old_form: 0.2's, without time and group.
void AppendBatch(std::string &out, const LooseBatch &batch, bool old_form);
std::string ReadBatch(std::string_view line, LooseBatch *batch);

class BatchFileWriter {
 public:
  // entries: how many query nodes there are.
  static std::string Open(const std::string &path, size_t entries, bool old_form, std::unique_ptr<BatchFileWriter> *writer);
  ~BatchFileWriter();
  void add(size_t entry, const LooseBatch &batch);
  uint64_t points() const { return points_; }
  // Makes the zip; "" or what went wrong since the beginning.
  std::string close();

 private:
  BatchFileWriter(std::string path, bool old_form) : path_(std::move(path)), old_form_(old_form) {}
  std::string part(size_t entry) const { return path_ + ".part" + std::to_string(entry); }
  std::string path_;
  bool old_form_, closed_ = false;
  std::vector<std::FILE *> parts_;
  std::string line_, error_;
  uint64_t points_ = 0;
};

class BatchFileReader {
 public:
  ~BatchFileReader();
  // In Go's words: "zip: not a valid zip file".
  std::string open(const std::string &path);
  size_t entries() const { return entries_.size(); }
  // The next batch of an entry that has points. False at its end, or where it cannot be read: error().
  bool next(size_t entry, LooseBatch *batch);
  const std::string &error() const { return error_; }
  // Share of the text that was read, 0 to 1.
  double progress() const;

 private:
  struct Entry {
    zip_file *file = nullptr;
    std::string buffer;
    size_t at = 0;
    uint64_t batches = 0, bytes = 0;
    bool ended = false;
  };
  bool line(Entry &entry, std::string_view *out);
  void fail(const Entry &entry, size_t index, const std::string &text);
  zip *zip_ = nullptr;
  std::string path_, error_;
  std::vector<Entry> entries_;
  uint64_t size_ = 0;
};

}  // namespace tick
