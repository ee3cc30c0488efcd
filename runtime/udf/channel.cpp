// channel.cpp - starting and ending processes, connecting to sockets.
#include "runtime/udf/channel.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

extern char **environ;

namespace tick {
namespace {

constexpr int kEndTries = 100, kEndNap = 10'000;  // a second, for a process whose output has ended

void DontBlock(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

struct Pipe {
  int read = -1, write = -1;
  bool open() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) return false;
    read = fds[0];
    write = fds[1];
    return true;
  }
  void close() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
    read = write = -1;
  }
};

std::vector<char *> Pointers(std::vector<std::string> &texts) {
  std::vector<char *> pointers;
  for (std::string &text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentOf(const UdfConfig &config) {
  std::vector<std::string> all;
  for (char **entry = environ; *entry; ++entry) {
    std::string text = *entry;
    if (!config.environment.count(text.substr(0, text.find('=')))) all.push_back(std::move(text));
  }
  for (const auto &[name, value] : config.environment) all.push_back(name + "=" + value);
  return all;
}

// errno of the attempt, 0 where it runs.
int Spawn(const UdfConfig &config, const Pipe &in, const Pipe &out, const Pipe &log, pid_t *process) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write, 1);
  posix_spawn_file_actions_adddup2(&actions, log.write, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> words = {config.program}, variables = EnvironmentOf(config);
  words.insert(words.end(), config.arguments.begin(), config.arguments.end());
  int error = posix_spawnp(process, config.program.c_str(), &actions, &attributes, Pointers(words).data(), Pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
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
  int failed = in.open() && out.open() && log.open() ? Spawn(config, in, out, log, &channel->process_) : errno;
  if (failed != 0) {
    *error = "cannot start " + config.program + ": " + std::strerror(failed);
    channel->process_ = 0;
    in.close();
    out.close();
    log.close();
    return nullptr;
  }
  ::close(in.read);
  ::close(out.write);
  ::close(log.write);
  channel->to_ = in.write;
  channel->from_ = out.read;
  channel->log_ = log.read;
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
