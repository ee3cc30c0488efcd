// session.h - a node's conversation with its function, from init to the end.
//
// In: a function of the configuration and a node's request. Out: a UdfSession. One thread does all reading and writing
// with poll, so a function that is slow, silent or talks without end costs that thread and no other. What waits on
// either side is bounded: a sender finds full(), a function is no longer read.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "runtime/engine/udf_session.h"
#include "runtime/udf/channel.h"
#include "udf.pb.h"

namespace tick {

struct UdfSurroundings {
  // level, message, text: what the function writes to its standard error, and what happens to it.
  std::function<void(std::string_view level, std::string_view message, const std::string &text)> log;
  std::function<void(const std::string &state)> save;  // called now and then and at the end
  std::string state;                                   // saved before; given back first
  int64_t snapshot_interval_ns = 0;                    // 0: only at the end
  bool gives_batches = false;
};

// Starts the function and waits for its init (and restore). Null: `error` says why it does not work.
std::shared_ptr<UdfSession> OpenUdfSession(const UdfConfig &config, const UdfRequest &request, UdfSurroundings around, std::string *error);

// Asks a function what it is; an error text, or "".
std::string AskUdfInfo(const UdfConfig &config, udf::InfoResponse *info);

}  // namespace tick
