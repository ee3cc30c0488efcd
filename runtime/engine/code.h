// code.h - compiled code of one task, whoever compiled it.
//
// The runtime takes descriptors from here and never asks where they came from: codegen/jit.h makes a Code
// from memory, so_loader.h from a file. Destroying it frees the code; every user holds a shared pointer.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grammar/tables.h"
#include "runtime/abi/tick_abi.h"

namespace tick {

class Code {
 public:
  virtual ~Code() = default;
  virtual const tick_task &task() const = 0;
  // The code for this CPU: the highest level of task().codes it has.
  const tick_code &best() const;
};

// Level of the x86-64 this process runs on: 1 to 4.
uint32_t CpuLevel();

// Where a task's code comes from; the daemon is given one, so that it can be built without a compiler.
struct CodeRequest {
  std::string script, name;
  std::string vars_json;      // values of the script's variables (language.md 3.10); "" none
  bool is_template = false;   // variables may lack a value; the code is for looking at, not for running
};
struct CodeResult {
  std::shared_ptr<const Code> code;
  std::string error;        // in Kapacitor's words, one line
  std::string diagnostics;  // the structured form, JSON
};
// A user-defined function as it described itself: `NODE@name()` with options that take these types.
struct UdfFunction {
  std::string name;
  bool wants_batches = false, gives_batches = false;
  std::vector<std::pair<std::string, std::vector<Type>>> options;
  std::string error;  // why it cannot be used; scripts that call it are refused with this
};

class CodeSource {
 public:
  virtual ~CodeSource() = default;
  // The functions that scripts may use; before the first compile().
  virtual void declare(std::vector<UdfFunction>) {}
  virtual CodeResult compile(const CodeRequest &request) = 0;
  // The script in canonical form; as it is where it cannot be read.
  virtual std::string format(const std::string &script) = 0;
  // "" where the text reads as a script, else the error in Kapacitor's words.
  virtual std::string parse_error(const std::string &script) = 0;
};

}  // namespace tick
