// batch_file.cpp - the zip around the lines of batches.
#include "runtime/replay/batch_file.h"

#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tick {
namespace {

constexpr size_t kPiece = 256 * 1024;

std::string GoError(const char *doing, const std::string &path, int code) {
  std::string text = std::strerror(code);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return std::string(doing) + " " + path + ": " + text;
}

}  // namespace

// --- writing ------------------------------------------------------------------------------------------------

std::string BatchFileWriter::Open(const std::string &path, size_t entries, bool old_form,
                                  std::unique_ptr<BatchFileWriter> *writer) {
  writer->reset(new BatchFileWriter(path, old_form));
  for (size_t i = 0; i < entries; ++i) {
    std::string name = (*writer)->part(i);
    std::FILE *file = std::fopen(name.c_str(), "wbe");
    if (!file) return GoError("open", name, errno);
    (*writer)->parts_.push_back(file);
  }
  return "";
}

BatchFileWriter::~BatchFileWriter() {
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i]) std::fclose(parts_[i]);
    std::remove(part(i).c_str());
  }
}

void BatchFileWriter::add(size_t entry, const LooseBatch &batch) {
  line_.clear();
  AppendBatch(line_, batch, old_form_);
  points_ += batch.points.rows();
  if (std::fwrite(line_.data(), 1, line_.size(), parts_[entry]) != line_.size() && error_.empty())
    error_ = GoError("write", part(entry), errno);
}

std::string BatchFileWriter::close() {
  if (closed_ || !error_.empty()) return error_;
  closed_ = true;
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (std::fclose(parts_[i]) != 0 && error_.empty()) error_ = GoError("write", part(i), errno);
    parts_[i] = nullptr;
  }
  if (!error_.empty()) return error_;
  int code = 0;
  zip *archive = zip_open(path_.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!archive) return error_ = GoError("open", path_, errno);
  for (size_t i = 0; i < parts_.size(); ++i) {
    zip_source *source = zip_source_file(archive, part(i).c_str(), 0, -1);
    zip_int64_t at = source ? zip_file_add(archive, std::to_string(i).c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) error_ = "write " + path_ + ": " + zip_strerror(archive);
    else zip_set_file_compression(archive, static_cast<zip_uint64_t>(at), ZIP_CM_DEFLATE, 1);
  }
  if (error_.empty() && zip_close(archive) == 0) return "";
  if (error_.empty()) error_ = "write " + path_ + ": " + zip_strerror(archive);
  zip_discard(archive);
  return error_;
}

// --- reading ------------------------------------------------------------------------------------------------

BatchFileReader::~BatchFileReader() {
  for (Entry &entry : entries_)
    if (entry.file) zip_fclose(entry.file);
  if (zip_) zip_discard(zip_);
}

std::string BatchFileReader::open(const std::string &path) {
  path_ = path;
  int code = 0;
  zip_ = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (!zip_) return code == ZIP_ER_NOENT || code == ZIP_ER_OPEN ? GoError("open", path, code == ZIP_ER_NOENT ? ENOENT : errno)
                                                                : "zip: not a valid zip file";
  entries_.resize(static_cast<size_t>(std::max<zip_int64_t>(zip_get_num_entries(zip_, 0), 0)));
  for (size_t i = 0; i < entries_.size(); ++i) {
    zip_int64_t at = zip_name_locate(zip_, std::to_string(i).c_str(), 0);
    if (at < 0) return "the recording has no entry \"" + std::to_string(i) + "\"";
    zip_stat_t status;
    if (zip_stat_index(zip_, static_cast<zip_uint64_t>(at), 0, &status) == 0) size_ += status.size;
    entries_[i].file = zip_fopen_index(zip_, static_cast<zip_uint64_t>(at), 0);
    if (!entries_[i].file) return std::string("zip: ") + zip_strerror(zip_);
  }
  return "";
}

double BatchFileReader::progress() const {
  uint64_t read = 0;
  for (const Entry &entry : entries_) read += entry.bytes;
  return size_ == 0 ? 0 : std::min(1.0, static_cast<double>(read) / static_cast<double>(size_));
}

void BatchFileReader::fail(const Entry &entry, size_t index, const std::string &text) {
  error_ = text + " (batch " + std::to_string(entry.batches + 1) + ", byte " + std::to_string(entry.bytes) + " of entry " +
           std::to_string(index) + " of " + path_.substr(path_.rfind('/') + 1) + ")";
}

bool BatchFileReader::line(Entry &entry, std::string_view *out) {
  size_t seen = 0;
  for (;;) {
    size_t newline = entry.buffer.find('\n', entry.at + seen);
    if (newline != std::string::npos) {
      *out = std::string_view(entry.buffer).substr(entry.at, newline - entry.at);
      entry.at = newline + 1;
      return true;
    }
    if (entry.ended) break;
    entry.buffer.erase(0, entry.at);
    entry.at = 0;
    seen = entry.buffer.size();
    entry.buffer.resize(seen + kPiece);
    zip_int64_t got = zip_fread(entry.file, entry.buffer.data() + seen, kPiece);
    entry.buffer.resize(seen + static_cast<size_t>(std::max<zip_int64_t>(got, 0)));
    if (got > 0) continue;
    entry.ended = true;
    if (got < 0) {
      fail(entry, static_cast<size_t>(&entry - entries_.data()), std::string("zip: ") + zip_file_strerror(entry.file));
      return false;
    }
  }
  *out = std::string_view(entry.buffer).substr(entry.at);
  entry.at = entry.buffer.size();
  return !out->empty();
}

bool BatchFileReader::next(size_t index, LooseBatch *batch) {
  Entry &entry = entries_[index];
  std::string_view text;
  while (error_.empty() && line(entry, &text)) {
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::string error = ReadBatch(text, batch);
    if (!error.empty()) {
      fail(entry, index, "invalid batch: " + error);
      return false;
    }
    entry.bytes += text.size() + 1;
    ++entry.batches;
    if (batch->points.rows() > 0) return true;
  }
  return false;
}

}  // namespace tick
