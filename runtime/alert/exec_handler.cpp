// exec_handler.cpp - `.exec('prog', args…)`: a process an event, the event's JSON on its input.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/alert/event_json.h"
#include "runtime/alert/local_handlers.h"
#include "runtime/support/spawn.h"

namespace tick {
namespace {

constexpr size_t kMostOutput = 64 * 1024;  // of what a program says is kept for the log

// Holds SIGPIPE of this thread back while a program that may close its input is written to.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~NoSigpipe() {
    timespec now{};
    while (sigtimedwait(&set_, nullptr, &now) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t set_, before_;
};

class ExecHandler final : public SendingHandler {
 public:
  ExecHandler(ExecOptions options, HandlerReport report) : SendingHandler(std::move(report)), options_(std::move(options)) {}

  std::optional<SendFailure> send(const AlertEvent &event) override {
    std::string input;
    if (!AppendEventJson(&input, event)) return SendFailure{"failed to marshal alert data json", NotFinite(event)};
    if (event.dialect != 2) input += '\n';
    std::string output, cause;
    run(input, &output, &cause);
    if (cause.empty()) return std::nullopt;
    if (event.dialect == 2) return SendFailure{"error running alert command", cause + " " + output};
    return SendFailure{"exec command failed", cause, {{"output", output}}};
  }

 private:
  // `cause` stays empty where the program ended with status 0.
  void run(std::string_view input, std::string *output, std::string *cause) {
    Pipe in, out;
    if (!in.open() || !out.open()) {
      *cause = "pipe: " + ErrnoText(errno);
      return;
    }
    pid_t child = spawn(in, out, cause);
    if (child < 0) return;
    Pipe::shut(&in.read);
    Pipe::shut(&out.write);
    talk(&in.write, out.read, input, output);
    int status = await(child);
    if (WIFSIGNALED(status))
      *cause = std::string("signal: ") + SignalName(WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
      *cause = "exit status " + std::to_string(WEXITSTATUS(status));
  }

  bool ending() const { return options_.ending && options_.ending->load(std::memory_order_relaxed); }

  // The status it ended with. It is killed when the daemon ends before it does.
  int await(pid_t child) const {
    constexpr timespec kLook{0, 20'000'000};
    int status = 0;
    for (;;) {
      pid_t ended = waitpid(child, &status, options_.ending ? WNOHANG : 0);
      if (ended == child || (ended < 0 && errno != EINTR)) return status;
      if (ended != 0) continue;
      if (ending()) kill(child, SIGKILL);
      nanosleep(&kLook, nullptr);
    }
  }

  pid_t spawn(const Pipe &in, const Pipe &out, std::string *cause) {
    pid_t child = -1;
    SpawnOptions options{options_.program, options_.args, {}, in.read, out.write, out.write, {SIGPIPE}};
    int failure = Spawn(std::move(options), &child);
    if (failure == 0) return child;
    bool looked_up = options_.program.find('/') == std::string::npos;
    *cause = looked_up ? "exec: \"" + options_.program + "\": executable file not found in $PATH"
                       : "fork/exec " + options_.program + ": " + ErrnoText(failure);
    return -1;
  }

  // Writes the input and reads the output at once, so that neither side waits for the other.
  void talk(int *to, int from, std::string_view input, std::string *output) const {
    constexpr int kLookMs = 100;  // for the daemon's end
    NoSigpipe guard;
    fcntl(*to, F_SETFL, fcntl(*to, F_GETFL) | O_NONBLOCK);
    char buffer[4096];
    for (bool reading = true; reading;) {
      pollfd ends[2] = {{from, POLLIN, 0}, {*to, POLLOUT, 0}};
      int ready = poll(ends, *to >= 0 ? 2 : 1, options_.ending ? kLookMs : -1);
      if (ready < 0 && errno != EINTR) break;
      if (ready <= 0 && ending()) break;
      if (ready <= 0) continue;
      if (*to >= 0 && ends[1].revents) {
        ssize_t n = write(*to, input.data(), input.size());
        if (n > 0) input.remove_prefix(static_cast<size_t>(n));
        bool again = n < 0 && (errno == EAGAIN || errno == EINTR);
        if ((n < 0 && !again) || input.empty()) Pipe::shut(to);
      }
      if (ends[0].revents) {
        ssize_t n = read(from, buffer, sizeof buffer);
        if (n > 0 && output->size() < kMostOutput) output->append(buffer, static_cast<size_t>(n));
        reading = n > 0 || (n < 0 && errno == EINTR);
      }
    }
    Pipe::shut(to);
  }

  static std::string SignalName(int signal) {
    switch (signal) {
      case SIGKILL:
        return "killed";
      case SIGTERM:
        return "terminated";
      case SIGINT:
        return "interrupt";
      case SIGHUP:
        return "hangup";
      case SIGSEGV:
        return "segmentation fault";
      case SIGABRT:
        return "aborted";
      case SIGPIPE:
        return "broken pipe";
      default:
        return "signal " + std::to_string(signal);
    }
  }

  ExecOptions options_;
};

}  // namespace

std::unique_ptr<AlertHandler> MakeExecHandler(ExecOptions options, HandlerReport report, std::string *error) {
  if (options.program.empty()) {
    *error = "failed to create exec alert handler: program must not be empty";
    return nullptr;
  }
  return std::make_unique<ExecHandler>(std::move(options), std::move(report));
}

}  // namespace tick
