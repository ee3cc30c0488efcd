// log.cpp - writes log lines (daemon.md 4).
#include "runtime/daemon/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "runtime/text/go_json.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr int64_t kBurstWindow = 1'000'000'000;  // ns
constexpr uint64_t kBurstLines = 10;             // error lines of one kind a window
constexpr size_t kMaxBursts = 10'000;            // kinds remembered

int64_t Now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// RFC 3339 in the local zone with three digits.
std::string Stamp(int64_t ns) {
  time_t seconds = static_cast<time_t>(ns / 1'000'000'000);
  tm local;
  localtime_r(&seconds, &local);
  char text[64], zone[8];
  size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local);
  std::snprintf(text + n, sizeof text - n, ".%03d", static_cast<int>(ns / 1'000'000 % 1000));
  strftime(zone, sizeof zone, "%z", &local);
  std::string offset = std::string(zone, 3) + ":" + (zone + 3);
  return text + (offset == "+00:00" ? "Z" : offset);
}

void AppendValue(std::string *line, const std::string &value) {
  *line += value.find_first_of(" \"") == std::string::npos ? value : GoQuote(value);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char &c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool Accepts(const Log::Pairs &filter, LogLevel level, std::string_view message, const Log::Pairs &pairs) {
  for (const auto &[key, value] : filter) {
    if (key == "lvl") {
      bool above = !value.empty() && value.back() == '+';
      std::string word = above ? value.substr(0, value.size() - 1) : value;
      LogLevel wanted = word == "error" ? LogLevel::Error : word == "info" ? LogLevel::Info : LogLevel::Debug;
      if (above ? level < wanted : LevelWord(level) != value) return false;
    } else if (key == "msg") {
      if (message != value) return false;
    } else {
      bool hit = false;
      for (const auto &[name, text] : pairs) hit = hit || (name == key && text == value);
      if (!hit) return false;
    }
  }
  return true;
}

}  // namespace

std::string_view LevelWord(LogLevel level) {
  return level == LogLevel::Debug ? "debug" : level == LogLevel::Info ? "info" : "error";
}

Log::Log() = default;

Log::~Log() {
  if (own_fd_) ::close(fd_);
}

std::string Log::open(const std::string &destination, std::string_view level) {
  set_level(level);
  if (destination == "STDERR" || destination == "STDOUT" || destination.empty()) {
    fd_ = destination == "STDOUT" ? 1 : 2;
    return "";
  }
  int fd = ::open(destination.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) return "open " + destination + ": " + std::strerror(errno);
  std::lock_guard lock(mutex_);
  fd_ = fd;
  own_fd_ = true;
  return "";
}

bool Log::set_level(std::string_view level) {
  std::string word = LowerCase(level);
  std::lock_guard lock(mutex_);
  if (word == "debug") level_ = LogLevel::Debug;
  else if (word == "info") level_ = LogLevel::Info;
  else if (word == "error" || word == "warn") level_ = LogLevel::Error;
  else if (word == "off") level_ = LogLevel::Off;
  else return false;
  return true;
}

bool Log::throttled(const std::string &key, int64_t now, uint64_t *held_back) {
  if (bursts_.size() > kMaxBursts) bursts_.clear();
  Burst &burst = bursts_[key];
  if (now - burst.window >= kBurstWindow) {
    *held_back = burst.held_back;
    burst = {now, 0, 0};
  }
  if (++burst.written <= kBurstLines) return false;
  ++burst.held_back;
  return true;
}

void Log::put(const std::string &line) {
  for (size_t at = 0; at < line.size();) {
    ssize_t n = ::write(fd_, line.data() + at, line.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // a full disk must not stop the daemon
    at += static_cast<size_t>(n);
  }
}

void Log::write(LogLevel level, std::string_view message, const Pairs &pairs) {
  std::lock_guard lock(mutex_);
  if (level < level_ && followers_.empty()) return;
  int64_t now = Now();
  std::string line = "ts=" + Stamp(now) + " lvl=" + std::string(LevelWord(level)) + " msg=";
  AppendValue(&line, std::string(message));
  for (const auto &[key, value] : pairs) {
    line += " " + key + "=";
    AppendValue(&line, value);
  }
  for (const auto &[handle, follower] : followers_) {
    if (!Accepts(follower.filter, level, message, pairs)) continue;
    Record record{level, line, ""};
    JsonWriter json(record.json);
    json.object().key("ts").string(Stamp(now)).key("lvl").string(LevelWord(level)).key("msg").string(message);
    for (const auto &[key, value] : pairs) json.key(key).string(value);
    json.end_object();
    follower.take(record);
  }
  if (level < level_) return;
  uint64_t held_back = 0;
  if (level == LogLevel::Error) {
    std::string kind(message);
    for (const auto &[key, value] : pairs)
      if (key == "task" || key == "node" || key == "service") kind += "\n" + value;
    if (throttled(kind, now, &held_back)) return;
  }
  if (held_back > 0) line += " held_back=" + std::to_string(held_back);
  put(line + "\n");
}

void Log::old_line(std::string_view prefix, char letter, std::string_view text) {
  LogLevel level = letter == 'D' ? LogLevel::Debug : letter == 'I' ? LogLevel::Info : LogLevel::Error;
  std::lock_guard lock(mutex_);
  if (level < level_) return;
  time_t seconds = time(nullptr);
  tm local;
  localtime_r(&seconds, &local);
  char stamp[64];
  strftime(stamp, sizeof stamp, "%Y/%m/%d %H:%M:%S", &local);
  put("[" + std::string(prefix) + "] " + stamp + " " + letter + "! " + std::string(text) + "\n");
}

uint64_t Log::follow(const Pairs &filter, std::function<void(const Record &)> take) {
  std::lock_guard lock(mutex_);
  followers_[next_follower_] = {filter, std::move(take)};
  followed_ = true;
  return next_follower_++;
}

void Log::unfollow(uint64_t handle) {
  std::lock_guard lock(mutex_);
  followers_.erase(handle);
  followed_ = !followers_.empty();
}

}  // namespace tick
