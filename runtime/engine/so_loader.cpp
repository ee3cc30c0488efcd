// so_loader.cpp - checks a shared object's bytes, then loads exactly those bytes.
//
// The file is read once, checked as data, and handed to the dynamic loader from memory: a file that is replaced or
// overwritten while it is loaded, or later, changes nothing. Until dlopen no byte of it is executed or mapped.
#include "runtime/engine/so_loader.h"

#include <dlfcn.h>
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "runtime/abi/symbols.h"
#include "runtime/abi/so_note.h"

namespace tick {
namespace {

constexpr const char *kRecompile = "compile it again with the tickc that belongs to this program";

// Reads a struct out of bytes; nothing where it does not lie inside them.
template <class T>
std::optional<T> At(const std::string &bytes, uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

bool Inside(const std::string &bytes, uint64_t offset, uint64_t size) {
  return offset <= bytes.size() && size <= bytes.size() - offset;
}

// 0, or the errno of what failed.
int ReadFile(const std::string &path, std::string &bytes) {
  std::FILE *file = std::fopen(path.c_str(), "rbe");
  if (!file) return errno;
  char chunk[1 << 16];
  errno = 0;
  for (size_t n; (n = std::fread(chunk, 1, sizeof chunk, file)) > 0;) bytes.append(chunk, n);
  int reason = std::ferror(file) ? errno : 0;
  std::fclose(file);
  return reason;
}

// The task's note in a PT_NOTE segment.
std::optional<SoNote> FindNote(const std::string &bytes, uint64_t offset, uint64_t size) {
  const uint64_t end = offset + size;
  while (offset + 12 <= end) {
    auto header = At<Elf64_Nhdr>(bytes, offset);
    if (!header) break;
    auto padded = [](uint64_t n) { return (n + 3) & ~uint64_t{3}; };
    if (auto note = At<SoNote>(bytes, offset); note && note->owner_size == 5 && note->type == kNoteType &&
                                               note->description_size >= 12 &&
                                               std::memcmp(note->owner, kNoteOwner, 5) == 0)
      return note;
    offset += 12 + padded(header->n_namesz) + padded(header->n_descsz);
  }
  return std::nullopt;
}

// What is wrong with the bytes; "" where they may be loaded.
std::string Check(const std::string &bytes) {
  const std::string truncated = "is truncated: copy or compile it again";
  const std::string no_task = "is no compiled task: make one with `tickc SCRIPT.tick -o TASK.so`";
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0)
    return bytes.empty() ? "is empty: copy or compile it again" : no_task;
  auto header = At<Elf64_Ehdr>(bytes, 0);
  if (!header) return truncated;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
      header->e_machine != EM_X86_64)
    return "is code for another kind of machine, this one is x86-64: compile it with the tickc of this machine";
  if (header->e_type != ET_DYN || header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0) return no_task;
  // The table of sections is the last thing in the file: where it is whole, so is the rest.
  if (!Inside(bytes, header->e_shoff, uint64_t{header->e_shnum} * header->e_shentsize)) return truncated;
  std::optional<SoNote> note;
  for (uint16_t i = 0; i < header->e_phnum; ++i) {
    auto segment = At<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment || !Inside(bytes, segment->p_offset, segment->p_filesz)) return truncated;
    if (segment->p_type == PT_NOTE && !note) note = FindNote(bytes, segment->p_offset, segment->p_filesz);
  }
  if (!note) return no_task;
  if (note->abi_version != TICK_ABI_VERSION || note->task_size != sizeof(tick_task))
    return "was compiled for task ABI " + std::to_string(note->abi_version) + ", this program takes " +
           std::to_string(TICK_ABI_VERSION) + ": " + kRecompile;
  if (note->lowest_level > CpuLevel())
    return "needs a CPU of level x86-64-v" + std::to_string(note->lowest_level) + ", this one is x86-64-v" +
           std::to_string(CpuLevel()) + ": compile it with --march=portable";
  return "";
}

// A loaded object. Its descriptor number stays open while it is loaded, because the dynamic loader knows
// objects by their path.
class SharedCode final : public Code {
 public:
  ~SharedCode() override {
    if (handle_) ::dlclose(handle_);
    if (file_ >= 0) ::close(file_);
  }
  const tick_task &task() const override { return *task_; }

  std::string load(const std::string &bytes) {
    file_ = ::memfd_create("tick-task", MFD_CLOEXEC);
    if (file_ < 0) return std::string("cannot be loaded: ") + std::strerror(errno);
    for (size_t done = 0; done < bytes.size();) {
      ssize_t n = ::write(file_, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return std::string("cannot be loaded: ") + std::strerror(errno);
      done += static_cast<size_t>(n);
    }
    // Naming the table makes every program that loads tasks carry the functions they call.
    if (abi::Symbols().empty()) return "cannot be loaded: this program was built without the functions of lambdas";
    handle_ = ::dlopen(("/proc/self/fd/" + std::to_string(file_)).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle_) {
      const char *reason = ::dlerror();
      return std::string("cannot be loaded (") + (reason ? reason : "unknown reason") + "): " + kRecompile;
    }
    task_ = static_cast<const tick_task *>(::dlsym(handle_, TICK_TASK_SYMBOL));
    if (!task_ || task_->magic != TICK_ABI_MAGIC || task_->abi_version != TICK_ABI_VERSION ||
        task_->size != sizeof(tick_task) || task_->n_codes == 0)
      return std::string("has no valid task in it: ") + kRecompile;
    return "";
  }

 private:
  int file_ = -1;
  void *handle_ = nullptr;
  const tick_task *task_ = nullptr;
};

}  // namespace

LoadResult LoadSharedObject(const std::string &path) {
  std::string bytes;
  if (int reason = ReadFile(path, bytes)) return {nullptr, "cannot read " + path + ": " + std::strerror(reason)};
  return LoadSharedObject(bytes, path);
}

LoadResult LoadSharedObject(const std::string &bytes, const std::string &name) {
  LoadResult result;
  std::string wrong = Check(bytes);
  if (wrong.empty()) {
    auto code = std::make_shared<SharedCode>();
    wrong = code->load(bytes);
    if (wrong.empty()) {
      result.code = std::move(code);
      return result;
    }
  }
  result.error = name + " " + wrong;
  return result;
}

}  // namespace tick
