// stream_file.cpp - gzip in and out, and the three lines of a point.
#include "runtime/replay/stream_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "runtime/io/line_protocol.h"

namespace tick {
namespace {

constexpr size_t kPiece = 256 * 1024;
constexpr size_t kLongestLine = 64 * 1024;  // longer ones are none to Kapacitor

std::string GoError(const char *doing, const std::string &path) {
  std::string text = std::strerror(errno);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return std::string(doing) + " " + path + ": " + text;
}

}  // namespace

// --- writing ------------------------------------------------------------------------------------------------

std::string StreamFileWriter::Open(const std::string &path, std::unique_ptr<StreamFileWriter> *writer) {
  // Level 1: a recorder runs beside live data, and its files are read a few times at most.
  gzFile file = gzopen(path.c_str(), "wb1");
  if (!file) return GoError("open", path);
  gzbuffer(file, kPiece);
  writer->reset(new StreamFileWriter(file, path));
  return "";
}

StreamFileWriter::~StreamFileWriter() { close(); }

bool StreamFileWriter::add(const Series &series, const Fields &fields, int64_t time) {
  size_t before = buffer_.size();
  buffer_ += series.origin->database;
  buffer_ += '\n';
  buffer_ += series.origin->retention_policy;
  buffer_ += '\n';
  size_t line = buffer_.size();
  AppendLine(buffer_, series, fields, time);
  bool fits = buffer_.size() - line < kLongestLine &&
              std::count(buffer_.begin() + static_cast<ptrdiff_t>(before), buffer_.end(), '\n') == 3;
  if (!fits) {
    buffer_.resize(before);
    ++left_out_;
    return false;
  }
  ++points_;
  if (buffer_.size() >= kPiece) flush();
  return true;
}

void StreamFileWriter::flush() {
  if (!buffer_.empty() && gzwrite(file_, buffer_.data(), static_cast<unsigned>(buffer_.size())) == 0 && error_.empty())
    error_ = GoError("write", path_);
  buffer_.clear();
}

std::string StreamFileWriter::close() {
  if (!file_) return error_;
  flush();
  int result = gzclose(file_);
  file_ = nullptr;
  if (result != Z_OK && error_.empty()) error_ = GoError("write", path_);
  return error_;
}

// --- reading ------------------------------------------------------------------------------------------------

StreamFileReader::~StreamFileReader() {
  if (file_) gzclose(file_);
}

std::string StreamFileReader::open(const std::string &path) {
  path_ = path;
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return GoError("open", path);
  struct stat status;
  if (fstat(fd, &status) == 0) size_ = static_cast<uint64_t>(status.st_size);
  // zlib reads what is no gzip as it is; here that is an error.
  unsigned char magic[2] = {0, 0};
  ssize_t got = pread(fd, magic, 2, 0);
  if (got < 2 || magic[0] != 0x1f || magic[1] != 0x8b) {
    ::close(fd);
    return got < 1 ? "EOF" : got < 2 ? "unexpected EOF" : "gzip: invalid header";
  }
  file_ = gzdopen(fd, "rb");
  if (!file_) {
    ::close(fd);
    return "gzip: not enough memory";
  }
  gzbuffer(file_, kPiece);
  buffer_.resize(kPiece);
  return "";
}

double StreamFileReader::progress() const {
  if (!file_ || size_ == 0) return 0;
  return std::min(1.0, static_cast<double>(gzoffset(file_)) / static_cast<double>(size_));
}

std::string StreamFileReader::place() const {
  z_off_t at = file_ ? gzoffset(file_) : 0;
  std::string file = path_.substr(path_.rfind('/') + 1);
  return "point " + std::to_string(points_ + 1) + ", near byte " + std::to_string(at) + " of " + file;
}

// Moves what was not handed out to the front and reads more behind it.
bool StreamFileReader::fill() {
  if (ended_) return false;
  std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
  end_ -= at_;
  at_ = 0;
  if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  int got = gzread(file_, buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
  if (got > 0) {
    end_ += static_cast<size_t>(got);
    return true;
  }
  ended_ = true;
  int code = Z_OK;
  const char *text = gzerror(file_, &code);
  if (code == Z_BUF_ERROR) error_ = "unexpected EOF";
  else if (code != Z_OK) error_ = "gzip: " + std::string(code == Z_DATA_ERROR ? "the file is damaged" : text);
  if (!error_.empty()) error_ += " (" + place() + ")";
  return false;
}

// A line without its newline; the last one may lack it.
bool StreamFileReader::line(std::string_view *out) {
  size_t seen = 0;
  for (;;) {
    const char *from = buffer_.data() + at_;
    if (const void *found = std::memchr(from + seen, '\n', end_ - at_ - seen)) {
      size_t length = static_cast<size_t>(static_cast<const char *>(found) - from);
      *out = {from, length};
      at_ += length + 1;
      return true;
    }
    seen = end_ - at_;
    if (!fill()) break;
  }
  if (!error_.empty() || at_ == end_) return false;
  *out = {buffer_.data() + at_, end_ - at_};
  at_ = end_;
  return true;
}

bool StreamFileReader::next(RecordedPoint *point) {
  if (!error_.empty()) return false;
  // Three lines have to lie in the buffer together: a fill moves them.
  auto whole = [this] {
    const char *p = buffer_.data() + at_, *end = buffer_.data() + end_;
    for (int i = 0; i < 3; ++i) {
      p = static_cast<const char *>(std::memchr(p, '\n', static_cast<size_t>(end - p)));
      if (!p) return false;
      ++p;
    }
    return true;
  };
  while (!whole())
    if (!fill()) break;
  if (!error_.empty() || !line(&point->database)) return false;
  if (!line(&point->retention_policy) || !line(&point->line)) {
    if (error_.empty()) error_ = "invalid replay file format, expected another line (" + place() + ")";
    return false;
  }
  if (point->line.size() >= kLongestLine || point->database.size() >= kLongestLine) {
    error_ = "read replay file failed: bufio.Scanner: token too long (" + place() + ")";
    return false;
  }
  ++points_;
  return true;
}

int64_t TimeOfLine(std::string_view line, std::string_view *rest) {
  size_t blank = line.rfind(' ');
  int64_t time = 0;
  *rest = line;
  if (blank == std::string_view::npos) return 0;
  auto [end, error] = std::from_chars(line.data() + blank + 1, line.data() + line.size(), time);
  if (error != std::errc() || end != line.data() + line.size()) return 0;
  *rest = line.substr(0, blank);
  return time;
}

}  // namespace tick
