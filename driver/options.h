// options.h - the command line of tickc.
#pragma once

#include <string>
#include <vector>

#include "driver/run.h"
#include "frontend/parse/parse.h"

namespace tick {

// What to stop at. The order is that of the stages, so "how far to go" is one comparison.
enum class EmitStage : uint8_t { Tokens, Ast, Ir, IrOpt, Llvm, LlvmOpt, Assembly, Bitcode, Object, SharedObject };

enum class Command : uint8_t { Compile, Check, Format, Explain, Run, Vars, Help, List };
enum class DiagnosticsForm : uint8_t { Text, Json, Sarif };

struct Options {
  Command command = Command::Compile;
  std::vector<std::string> inputs;       // scripts, .tir or .so files; "-" is standard input
  std::string output;                    // "" or "-": standard output
  EmitStage emit = EmitStage::SharedObject;
  std::string march = "portable";
  std::string vars_file;
  bool is_template = false;
  DialectChoice dialect = DialectChoice::Automatic;
  DiagnosticsForm diagnostics = DiagnosticsForm::Text;
  bool fmt_write = false, fmt_diff = false;
  bool dot = false;                      // explain --dot
  std::string topic;                     // help CODE; list WHAT
  RunOptions run;
};

// Fills `options`; returns true to go on, else `status` is the exit status (help was printed, or the mistake).
bool ParseOptions(int argc, char **argv, Options *options, int *status);

}  // namespace tick
