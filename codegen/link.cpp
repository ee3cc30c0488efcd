// link.cpp - lld in process: neither ld nor a compiler has to be installed.
//
// lld reads and writes files only, so both stand for a moment in a temporary folder. Nothing of its name gets
// into the output.
#include "codegen/link.h"

#include <lld/Common/Driver.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>

#include "codegen/llvm_includes.h"

LLD_HAS_DRIVER(elf)

namespace tick {
namespace {

// A folder of its own with one file in and one out; gone with the object.
class LinkFolder {
 public:
  LinkFolder() {
    const char *base = std::getenv("TMPDIR");
    path_ = std::string(base && *base ? base : "/tmp") + "/tickc-XXXXXX";
    if (!::mkdtemp(path_.data())) {
      error_ = "cannot make a folder for the linker's files (" + path_ + "): " + std::strerror(errno) +
               "; point TMPDIR at a folder that can be written";
      path_.clear();
    }
  }
  ~LinkFolder() {
    if (path_.empty()) return;
    ::unlink(object().c_str());
    ::unlink(shared().c_str());
    ::rmdir(path_.c_str());
  }
  const std::string &error() const { return error_; }
  std::string object() const { return path_ + "/task.o"; }
  std::string shared() const { return path_ + "/task.so"; }

 private:
  std::string path_, error_;
};

std::string ReadFile(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

std::string LinkSharedObject(const std::string &object, std::string *error) {
  LinkFolder folder;
  if (!(*error = folder.error()).empty()) return "";
  std::string in = folder.object(), out = folder.shared();
  std::ofstream file(in, std::ios::binary);
  if (!file.write(object.data(), static_cast<std::streamsize>(object.size())).flush()) {
    *error = "cannot write " + in + ": " + std::strerror(errno);
    return "";
  }
  file.close();
  static std::mutex one_at_a_time;
  std::lock_guard lock(one_at_a_time);
  std::string messages;
  llvm::raw_string_ostream log(messages);
  const char *args[] = {"ld.lld", "-shared", in.c_str(), "-o", out.c_str(), "--hash-style=gnu", "-z", "now",
                        "--build-id=none", "--threads=1"};
  lld::Result result = lld::lldMain(args, log, log, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode == 0) return ReadFile(out);
  *error = "lld cannot link the task: " + log.str();
  return "";
}

}  // namespace tick
