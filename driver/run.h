// run.h - runs one compiled task over points: what `tickc run` and `tickrun` share.
//
// In: code and a source of line protocol. Out: what the task's sinks would do, printed (or done, if live).
// Needs no compiler.
#pragma once

#include <memory>
#include <string>

#include "runtime/engine/code.h"
#include "runtime/engine/engine.h"

namespace tick {

struct RunOptions {
  std::string task_id;
  std::string points = "-";        // a file, or "-" for standard input as it comes
  std::string database, retention_policy;  // "": of the script's dbrp or from().database()
  Precision precision = Precision::Nanoseconds;
  uint32_t block_rows = 4096;
  bool live = false;               // sinks act instead of printing
  bool json = false;               // alerts as JSON even on a terminal
  std::string zone;                // of "time" in lambdas, "" the process's
};

// Exit status: 0; 1 where the task or some line was refused, having said why on standard error.
int RunTask(std::shared_ptr<const Code> code, const RunOptions &options);

// "ns", "n", "us", "u", "ms", "s", "m", "h"; false for another word.
bool ParsePrecision(std::string_view text, Precision *precision);

}  // namespace tick
