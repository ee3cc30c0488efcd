// channel.cpp - starting and ending processes, connecting to sockets.
#include "runtime/udf/channel.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "runtime/support/spawn.h"

extern char **environ;

namespace tick {
namespace {

constexpr int kEndTries = 100, kEndNap = 10'000;  // a second, for a process whose output has ended

void DontBlock(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

std::vector<std::string> EnvironmentOf(const UdfConfig &config) {
  std::vector<std::string> all;
  for (char **entry = environ; *entry; ++entry) {
    std::string text = *entry;
    if (!config.environment.count(text.substr(0, text.find('=')))) all.push_back(std::move(text));
  }
  for (const auto &[name, value] : config.environment) all.push_back(name + "=" + value);
  return all;
}

int Connect(const std::string &path, std::string *error) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    *error = "dial unix " + path + ": the path is too long";
    return -1;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0) return fd;
  *error = "dial unix " + path + ": connect: " + std::strerror(errno);
  if (fd >= 0) ::close(fd);
  return -1;
}

std::string StatusText(int status) {
  if (WIFSIGNALED(status)) return std::string("signal: ") + strsignal(WTERMSIG(status));
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::unique_ptr<UdfChannel> UdfChannel::Open(const UdfConfig &config, std::string *error) {
  std::unique_ptr<UdfChannel> channel(new UdfChannel());
  if (config.program.empty()) {
    channel->from_ = Connect(config.socket, error);
    if (channel->from_ < 0) return nullptr;
    channel->to_ = ::fcntl(channel->from_, F_DUPFD_CLOEXEC, 0);
    DontBlock(channel->from_);
    return channel;
  }
  Pipe in, out, log;
  int failed = 0;
  if (in.open() && out.open() && log.open())
    failed = Spawn({config.program, config.arguments, EnvironmentOf(config), in.read, out.write, log.write,
                    {SIGPIPE, SIGINT, SIGTERM, SIGHUP}, true}, &channel->process_);
  else failed = errno;
  if (failed != 0) {
    *error = "cannot start " + config.program + ": " + std::strerror(failed);
    channel->process_ = 0;
    return nullptr;
  }
  channel->to_ = std::exchange(in.write, -1);
  channel->from_ = std::exchange(out.read, -1);
  channel->log_ = std::exchange(log.read, -1);
  for (int fd : {channel->to_, channel->from_, channel->log_}) DontBlock(fd);
  return channel;
}

void UdfChannel::close_to() {
  if (to_ < 0) return;
  if (process_ == 0) ::shutdown(to_, SHUT_WR);
  ::close(to_);
  to_ = -1;
}

void UdfChannel::close_log() {
  if (log_ >= 0) ::close(log_);
  log_ = -1;
}

std::string UdfChannel::end() {
  close_to();
  if (process_ == 0) return "connection closed unexpectedly";
  siginfo_t ended{};
  for (int i = 0; i < kEndTries && ended.si_pid == 0; ++i)
    if (::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0) ::usleep(kEndNap);
  ::kill(-process_, SIGKILL);  // its children too, while its number is still its own
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = 0;
  well_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return "process exited unexpectedly: " + StatusText(status);
}

UdfChannel::~UdfChannel() {
  close_to();
  close_log();
  if (from_ >= 0) ::close(from_);
  if (process_ == 0) return;
  ::kill(-process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

}  // namespace tick
