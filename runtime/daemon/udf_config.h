// udf_config.h - [udf.functions] of the configuration, and what user-defined functions keep in the store.
#pragma once

#include "runtime/daemon/config.h"
#include "runtime/daemon/log.h"
#include "runtime/daemon/store.h"
#include "runtime/udf/functions.h"

namespace tick {

// The first mistake in Kapacitor's words (daemon.md 3.1), or "" and the functions.
std::string ReadUdfConfig(const Json &udf, std::vector<UdfConfig> *functions);
UdfKeeper KeepUdfsIn(Store &store, Log &log, int64_t snapshot_interval_ns);
// The states of a task's nodes are no longer wanted.
void ForgetUdfStates(Store &store, const std::string &task);

}  // namespace tick
