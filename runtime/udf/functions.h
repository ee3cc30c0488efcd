// functions.h - the user-defined functions of a daemon: what they are, and a session for each node that calls one.
//
// In: how each is configured. Out: its description, asked once when the daemon starts; sessions. A function that does
// not describe itself keeps its error, which scripts that call it get. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/engine/code.h"
#include "runtime/engine/udf_session.h"
#include "runtime/udf/channel.h"

namespace tick {

// What the functions need of the daemon.
struct UdfKeeper {
  std::function<std::string(const std::string &task, const std::string &node)> load;  // a node's saved state
  std::function<void(const std::string &task, const std::string &node, const std::string &state)> save;
  // level, task, node, message, text
  std::function<void(std::string_view, const std::string &, const std::string &, std::string_view, const std::string &)> log;
  int64_t snapshot_interval_ns = 0;
};

class UdfFunctions {
 public:
  UdfFunctions(std::vector<UdfConfig> configs, UdfKeeper keeper);
  bool empty() const { return configs_.empty(); }
  // Asks all of them at once.
  std::vector<UdfFunction> describe();
  std::shared_ptr<UdfSession> open(const UdfRequest &request, std::string *error);

 private:
  const std::map<std::string, UdfConfig, std::less<>> configs_;
  const UdfKeeper keeper_;
  std::mutex mutex_;
  std::map<std::string, bool, std::less<>> gives_batches_;
};

}  // namespace tick
