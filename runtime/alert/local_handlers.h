// local_handlers.h - alert handlers that need nothing but this machine: log, tcp, exec.
//
// Made from a script's call or from options. They act on the caller's thread: who must not wait puts them behind
// a queue. Failures are told to `report` and end there.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/engine/services.h"

namespace tick {

// Told of a failure: message, cause, and more of it by key.
using HandlerReport = std::function<void(std::string_view message, std::string_view cause,
                                         std::vector<std::pair<std::string_view, std::string>> fields)>;

// How a try to send an event failed: the log's message, err= and further pairs. Never holds a secret.
struct SendFailure {
  std::string message, cause;
  std::vector<std::pair<std::string_view, std::string>> fields = {};
  bool again = false;  // nothing was taken by the receiver, or it asked to come later: another try does no harm
};

// A handler whose tries can be told from each other; handle() is one try whose failure is reported.
class SendingHandler : public AlertHandler {
 public:
  explicit SendingHandler(HandlerReport report) : report_(std::move(report)) {}
  // Blocks as long as the receiver takes; nothing where it went well.
  virtual std::optional<SendFailure> send(const AlertEvent &event) = 0;
  void handle(const AlertEvent &event) override {
    if (std::optional<SendFailure> failure = send(event)) report(*failure);
  }
  void report(const SendFailure &failure) { report_(failure.message, failure.cause, failure.fields); }

 private:
  HandlerReport report_;
};

struct LogOptions {
  std::string path;
  int64_t mode = 0600;
};
// Set from another thread: what waits for a peer gives up soon.
using Ending = std::shared_ptr<const std::atomic<bool>>;

struct TcpOptions {
  std::string address;  // host:port
  Ending ending = nullptr;
};
struct ExecOptions {
  std::string program;
  std::vector<std::string> args;
  Ending ending = nullptr;
};

// Appends a line an event. Events wait for flush(), which has them in the file before it returns; the file is
// opened anew where it was moved or deleted. Null: `error` says why the options do not hold.
std::unique_ptr<AlertHandler> MakeLogHandler(LogOptions options, HandlerReport report, std::string *error);
std::unique_ptr<AlertHandler> MakeTcpHandler(TcpOptions options, HandlerReport report, std::string *error);
std::unique_ptr<AlertHandler> MakeExecHandler(ExecOptions options, HandlerReport report, std::string *error);

// The handler of a call of a script; null with an empty error: the call is of another handler.
std::unique_ptr<AlertHandler> MakeLocalHandler(const tick_property &spec, HandlerReport report, std::string *error);

// A file mode as `ls` and Kapacitor print it: "-rw-r--r--".
std::string FileMode(int64_t mode);

// What the system says of a failure, in Go's form: "no such file or directory".
std::string ErrnoText(int number);

}  // namespace tick
