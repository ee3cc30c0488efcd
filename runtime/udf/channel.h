// channel.h - the way to a function: a process's standard streams, or a Unix socket.
//
// In: how the function is configured. Out: descriptors that do not block. A process is in a group of its own and is
// ended with all its children; it never outlives its channel.
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tick {

struct UdfConfig {
  std::string name;
  std::string program;                          // "": the socket
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  // besides the daemon's
  std::string socket;
  int64_t timeout_ns = 10'000'000'000;
  // After a failure: not at all, or so often, each time after the delay.
  int restarts = 0;
  int64_t restart_delay_ns = 1'000'000'000;
};

class UdfChannel {
 public:
  // Null: `error` says why there is none.
  static std::unique_ptr<UdfChannel> Open(const UdfConfig &config, std::string *error);
  ~UdfChannel();  // kills what still runs
  UdfChannel(const UdfChannel &) = delete;

  int to() const { return to_; }           // -1 once it was closed
  int from() const { return from_; }
  int log() const { return log_; }         // its standard error; -1 for a socket or once it ended
  void close_to();                         // no more will be sent
  void close_log();
  // After the end of what it says: how it ended, "process exited unexpectedly: exit status 1". Waits a moment for a
  // process to be gone, then kills it.
  std::string end();
  // Whether the process ended by itself with status 0 (a socket: always), after end().
  bool ended_well() const { return well_; }

 private:
  UdfChannel() = default;
  int to_ = -1, from_ = -1, log_ = -1;
  pid_t process_ = 0;
  bool well_ = true;
};

}  // namespace tick
