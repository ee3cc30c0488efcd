// output.cpp - reads inputs whole and replaces outputs atomically.
#include "driver/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace tick {
namespace {

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

bool IsPlainOrNew(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode);
}

std::string Failure(const std::string &path, const char *verb) {
  return "cannot " + std::string(verb) + " " + path + ": " + std::strerror(errno);
}

}  // namespace

std::optional<std::string> ReadInput(const std::string &path, std::string *error) {
  int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    *error = Failure(path, "read");
    return std::nullopt;
  }
  std::string text;
  char chunk[65536];
  ssize_t n;
  while ((n = ::read(fd, chunk, sizeof chunk)) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    text.append(chunk, static_cast<size_t>(n));
  }
  if (n < 0) *error = Failure(path, "read");
  if (fd != STDIN_FILENO) ::close(fd);
  if (n < 0) return std::nullopt;
  return text;
}

std::string WriteOutput(const std::string &path, std::string_view bytes, bool executable) {
  if (path == "-") return WriteAll(STDOUT_FILENO, bytes) ? "" : Failure("standard output", "write");
  if (!IsPlainOrNew(path)) {  // a device or a pipe is written to, never replaced
    int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return Failure(path, "write");
    bool ok = WriteAll(fd, bytes);
    std::string error = ok ? "" : Failure(path, "write");
    ::close(fd);
    return error;
  }
  std::string temporary = path + "." + std::string(6, 'X');
  int fd = ::mkstemp(temporary.data());
  if (fd < 0) return Failure(path, "write");
  mode_t mask = ::umask(0);
  ::umask(mask);
  bool ok = WriteAll(fd, bytes) && ::fchmod(fd, (executable ? 0777 : 0666) & ~mask) == 0;
  ok = (::close(fd) == 0) && ok;
  ok = ok && ::rename(temporary.c_str(), path.c_str()) == 0;
  if (ok) return "";
  std::string error = Failure(path, "write");
  ::unlink(temporary.c_str());
  return error;
}

}  // namespace tick
