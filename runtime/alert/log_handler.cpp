// log_handler.cpp - `.log('/path')`: one JSON line an event, appended to a file.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/alert/event_json.h"
#include "runtime/alert/local_handlers.h"

namespace tick {
namespace {

constexpr size_t kMostGathered = 256 * 1024;

class LogHandler final : public AlertHandler {
 public:
  LogHandler(LogOptions options, HandlerReport report) : options_(std::move(options)), report_(std::move(report)) {}
  ~LogHandler() override {
    flush();
    if (file_ >= 0) close(file_);
  }

  void handle(const AlertEvent &event) override {
    if (!AppendEventJson(&lines_, event))
      return report_("failed to marshal alert data json", NotFinite(event), {{"file", options_.path}});
    lines_ += '\n';
    if (lines_.size() >= kMostGathered) flush();
  }

  void flush() override {
    if (lines_.empty()) return;
    if (!open_file())
      report_("failed to open file for alert logging", "open " + options_.path + ": " + ErrnoText(errno),
              {{"file", options_.path}});
    else if (!write_all())
      report_("failed to write to alert log file", "write " + options_.path + ": " + ErrnoText(errno),
              {{"file", options_.path}});
    lines_.clear();
  }

 private:
  // The file the path names now; a rotated or deleted one is left.
  bool open_file() {
    struct stat named, opened;
    if (file_ >= 0 && stat(options_.path.c_str(), &named) == 0 && fstat(file_, &opened) == 0 &&
        named.st_ino == opened.st_ino && named.st_dev == opened.st_dev)
      return true;
    if (file_ >= 0) close(file_);
    file_ = open(options_.path.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC,
                 static_cast<mode_t>(options_.mode & 0777));
    return file_ >= 0;
  }

  bool write_all() {
    std::string_view rest = lines_;
    while (!rest.empty()) {
      ssize_t n = write(file_, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      rest.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }

  LogOptions options_;
  HandlerReport report_;
  std::string lines_;
  int file_ = -1;
};

}  // namespace

std::unique_ptr<AlertHandler> MakeLogHandler(LogOptions options, HandlerReport report, std::string *error) {
  constexpr std::string_view kPrefix = "failed to create log alert handler: ";
  if (!options.path.starts_with('/')) {
    *error = std::string(kPrefix) + "log path must be absolute: " + options.path + " is not absolute";
    return nullptr;
  }
  if (!(options.mode & 0200)) {
    *error = std::string(kPrefix) + "invalid file mode " + FileMode(options.mode) + ", must be user writable";
    return nullptr;
  }
  return std::make_unique<LogHandler>(std::move(options), std::move(report));
}

}  // namespace tick
