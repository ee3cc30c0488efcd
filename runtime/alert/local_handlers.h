// local_handlers.h - alert handlers that need nothing but this machine: log, tcp, exec.
//
// Made from a script's call or from options. They act on the caller's thread: who must not wait puts them behind
// a queue. Failures are told to `report` and end there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/engine/services.h"

namespace tick {

// Told of a failure: message, cause, and more of it by key.
using HandlerReport = std::function<void(std::string_view message, std::string_view cause,
                                         std::vector<std::pair<std::string_view, std::string>> fields)>;

struct LogOptions {
  std::string path;
  int64_t mode = 0600;
};
struct TcpOptions {
  std::string address;  // host:port
};
struct ExecOptions {
  std::string program;
  std::vector<std::string> args;
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
