// run.cpp - feeds points to one task and says at the end how many were good.
#include "driver/run.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "runtime/alert/standalone_services.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

constexpr size_t kChunk = 1 << 20;

// Where the points go: what the script itself names, else a pair no script contradicts.
Dbrp TargetOf(const tick_task &task, const RunOptions &options) {
  Dbrp target{"telegraf", "autogen"};
  if (task.n_dbrps > 0) target = {task.dbrps[0].database, task.dbrps[0].retention_policy};
  for (uint32_t i = task.n_nodes; i-- > 0;) {
    const tick_node &node = task.nodes[i];
    for (uint32_t p = 0; p < node.n_properties; ++p) {
      const tick_property &property = node.properties[p];
      if (property.n_args != 1 || property.args[0].type != TICK_STRING || std::strcmp(node.kind, "from") != 0) continue;
      std::string value(property.args[0].as.s.data, property.args[0].as.s.size);
      if (!std::strcmp(property.name, "database")) target.database = value;
      if (!std::strcmp(property.name, "retentionPolicy")) target.retention_policy = value;
    }
  }
  if (!options.database.empty()) target.database = options.database;
  if (!options.retention_policy.empty()) target.retention_policy = options.retention_policy;
  return target;
}

// Reads whole lines as they come: a chunk ends at the last newline read so far.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}
  // False at the end of data or on an error (errno is set then).
  bool next(std::string *lines) {
    for (;;) {
      size_t old = rest_.size();
      rest_.resize(old + kChunk);
      ssize_t n = ::read(fd_, rest_.data() + old, kChunk);
      rest_.resize(old + (n > 0 ? static_cast<size_t>(n) : 0));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      if (n == 0) {
        errno = 0;
        lines->swap(rest_);
        rest_.clear();
        return !lines->empty();
      }
      size_t end = rest_.rfind('\n');
      if (end == std::string::npos) continue;
      lines->assign(rest_, end + 1);
      rest_.resize(end + 1);
      lines->swap(rest_);
      return true;
    }
  }

 private:
  int fd_;
  std::string rest_;
};

// One line on a terminal's standard error, a few times a second.
class Progress {
 public:
  Progress() : shown_(::isatty(STDERR_FILENO) && !::isatty(STDOUT_FILENO)) {}
  void update(uint64_t points) {
    auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(250)) return;
    last_ = now;
    double seconds = std::chrono::duration<double>(now - start_).count();
    std::fprintf(stderr, "\r%llu points, %.0f points/s ", static_cast<unsigned long long>(points),
                 static_cast<double>(points) / (seconds > 0 ? seconds : 1));
    drawn_ = true;
  }
  ~Progress() {
    if (drawn_) std::fputs("\r\033[K", stderr);
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool shown_, drawn_ = false;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

uint64_t CountLines(std::string_view text) {
  uint64_t lines = 0;
  for (const char *at = text.data(), *end = at + text.size(); at < end; ++lines) {
    const void *newline = std::memchr(at, '\n', static_cast<size_t>(end - at));
    at = newline ? static_cast<const char *>(newline) + 1 : end;
  }
  return lines;
}

struct Totals {
  uint64_t accepted = 0, refused = 0, lines = 0;
};

constexpr uint64_t kLinesShown = 10;  // refused lines said one by one; the rest is only counted

void Feed(Engine &engine, const Dbrp &target, const RunOptions &options, int fd, Services &services, Totals *totals) {
  LineReader reader(fd);
  Progress progress;
  std::string lines;
  uint64_t shown = 0;
  while (reader.next(&lines)) {
    auto body = std::make_shared<const std::string>(std::move(lines));
    lines.clear();
    WriteResult result = engine.write(target.database, target.retention_policy, options.precision, body, services.now());
    for (const LineError &bad : result.errors)
      if (shown++ < kLinesShown)
        std::fprintf(stderr, "%s:%llu: %s: %s\n", options.points == "-" ? "<stdin>" : options.points.c_str(),
                     static_cast<unsigned long long>(totals->lines + bad.line), bad.reason.c_str(), bad.text.c_str());
    if (result.refused > 0) totals->lines += CountLines(*body);
    else totals->lines += result.accepted;
    totals->accepted += result.accepted;
    totals->refused += result.refused;
    progress.update(totals->accepted);
  }
}

}  // namespace

bool ParsePrecision(std::string_view text, Precision *precision) {
  struct Row {
    std::string_view word;
    Precision precision;
  };
  static constexpr Row kWords[] = {
      {"ns", Precision::Nanoseconds}, {"n", Precision::Nanoseconds}, {"us", Precision::Microseconds},
      {"u", Precision::Microseconds}, {"ms", Precision::Milliseconds}, {"s", Precision::Seconds},
      {"m", Precision::Minutes},      {"h", Precision::Hours}};
  for (const Row &row : kWords)
    if (row.word == text) {
      *precision = row.precision;
      return true;
    }
  return false;
}

int RunTask(std::shared_ptr<const Code> code, const RunOptions &options) {
  if (code->task().type == TICK_EDGE_BATCH) {
    std::fprintf(stderr, "%s is a batch task: it queries InfluxDB and takes no points; run it in kapacitord\n",
                 options.task_id.c_str());
    return 1;
  }
  if (!options.zone.empty() && !Zone::SetLocal(options.zone)) {
    std::fprintf(stderr, "there is no zone '%s': use a name such as Europe/Berlin, UTC or Local\n", options.zone.c_str());
    return 1;
  }
  int fd = options.points == "-" ? STDIN_FILENO : ::open(options.points.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    std::fprintf(stderr, "cannot read %s: %s\n", options.points.c_str(), std::strerror(errno));
    return 1;
  }
  StandaloneServices services(options.live, options.json);
  Engine engine({.workers = 0, .block_rows = options.block_rows}, services);
  Dbrp target = TargetOf(code->task(), options);
  std::string error = engine.start(options.task_id, {target}, std::move(code));
  if (!error.empty()) {
    std::fprintf(stderr, "%s does not start: %s\n", options.task_id.c_str(), error.c_str());
    return 1;
  }
  Totals totals;
  Feed(engine, target, options, fd, services, &totals);
  if (errno != 0) {
    std::fprintf(stderr, "cannot read %s: %s\n", options.points.c_str(), std::strerror(errno));
    return 1;
  }
  if (fd != STDIN_FILENO) ::close(fd);
  engine.finish();
  std::string failure = engine.snapshot(options.task_id).error;
  engine.stop(options.task_id);
  services.finish();
  if (totals.refused > 0)
    std::fprintf(stderr, "%llu points taken, %llu lines refused\n", static_cast<unsigned long long>(totals.accepted),
                 static_cast<unsigned long long>(totals.refused));
  if (!failure.empty()) std::fprintf(stderr, "%s stopped: %s\n", options.task_id.c_str(), failure.c_str());
  return totals.refused > 0 || !failure.empty() ? 1 : 0;
}

}  // namespace tick
