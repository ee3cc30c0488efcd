// identity.cpp - identity files (daemon.md 2.7).
#include "runtime/daemon/identity.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "runtime/daemon/http.h"

namespace tick {
namespace {

// The file holds all of the text or is not there, whatever happens meanwhile.
bool WriteWhole(const std::string &path, const std::string &text) {
  const std::string next = path + ".new";
  int file = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return false;
  bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  int reason = errno;
  ::close(file);
  if (written && ::rename(next.c_str(), path.c_str()) == 0) return true;
  if (!written) errno = reason;
  reason = errno;
  ::unlink(next.c_str());
  errno = reason;
  return false;
}

std::string ReadId(const std::string &path, std::string *id) {
  std::ifstream in(path);
  if (in) {
    std::stringstream text;
    text << in.rdbuf();
    *id = text.str();
    while (!id->empty() && std::isspace(static_cast<unsigned char>(id->back()))) id->pop_back();
    if (id->size() != 36) return "create server: " + path + " does not hold a UUID; remove it to get a new one";
    return "";
  }
  *id = RandomUuid();
  return WriteWhole(path, *id) ? "" : "create server: cannot write " + path + ": " + std::strerror(errno);
}

}  // namespace

std::string ReadIdentity(const std::string &data_dir, Identity *identity) {
  struct stat info;
  if (::stat(data_dir.c_str(), &info) != 0) {
    if (::mkdir(data_dir.c_str(), 0755) != 0)
      return "create server: data_dir \"" + data_dir + "\" does not exist, failed to create it: mkdir " + data_dir + ": " +
             std::strerror(errno);
  } else if (!S_ISDIR(info.st_mode)) {
    return "create server: path data_dir " + data_dir + " exists and is not a directory";
  }
  std::string error = ReadId(data_dir + "/cluster.id", &identity->cluster_id);
  return error.empty() ? ReadId(data_dir + "/server.id", &identity->server_id) : error;
}

}  // namespace tick
