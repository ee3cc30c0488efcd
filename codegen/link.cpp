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
#include <vector>

#include "codegen/llvm_includes.h"

LLD_HAS_DRIVER(elf)

namespace tick {
namespace {

// A folder of its own with the files in and the one out; gone with the object.
class LinkFolder {
 public:
  explicit LinkFolder(size_t objects) : objects_(objects) {
    const char *base = std::getenv("TMPDIR");
    path_ = std::string(base && *base ? base : "/tmp") + "/tickc-" + std::string(6, 'X');
    if (!::mkdtemp(path_.data())) {
      error_ = "cannot make a folder for the linker's files (" + path_ + "): " + std::strerror(errno) +
               "; point TMPDIR at a folder that can be written";
      path_.clear();
    }
  }
  ~LinkFolder() {
    if (path_.empty()) return;
    for (size_t i = 0; i < objects_; ++i) ::unlink(object(i).c_str());
    ::unlink(shared().c_str());
    ::rmdir(path_.c_str());
  }
  const std::string &error() const { return error_; }
  std::string object(size_t index) const { return path_ + "/task" + std::to_string(index) + ".o"; }
  std::string shared() const { return path_ + "/task.so"; }

 private:
  size_t objects_;
  std::string path_, error_;
};

std::string ReadFile(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

bool WriteFile(const std::string &path, const std::string &bytes) {
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>(file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush());
}

}  // namespace

std::string LinkSharedObject(std::span<const std::string> objects, std::string *error) {
  LinkFolder folder(objects.size());
  if (!(*error = folder.error()).empty()) return "";
  std::string out = folder.shared();
  std::vector<std::string> in;
  for (size_t i = 0; i < objects.size(); ++i) {
    in.push_back(folder.object(i));
    if (WriteFile(in.back(), objects[i])) continue;
    *error = "cannot write " + in.back() + ": " + std::strerror(errno);
    return "";
  }
  static std::mutex one_at_a_time;
  std::lock_guard lock(one_at_a_time);
  std::string messages;
  llvm::raw_string_ostream log(messages);
  std::vector<const char *> args = {"ld.lld", "-shared", "-o", out.c_str(), "--hash-style=gnu", "-z", "now",
                                    "--build-id=none", "--threads=1"};
  for (const std::string &path : in) args.push_back(path.c_str());
  lld::Result result = lld::lldMain(args, log, log, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode == 0) return ReadFile(out);
  *error = "lld cannot link the task: " + log.str();
  return "";
}

}  // namespace tick
