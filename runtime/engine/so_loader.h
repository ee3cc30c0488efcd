// so_loader.h - a compiled task from a shared object.
#pragma once

#include <memory>
#include <string>

#include "runtime/engine/code.h"

namespace tick {

struct LoadResult {
  std::shared_ptr<const Code> code;
  std::string error;  // one sentence that says what to do
};

// Opens a task compiled ahead of time. Truncated files, other ABI versions, code for CPUs this is not, and
// files that are no tick task are refused before any of their code runs. The object is unloaded with the last Code.
LoadResult LoadSharedObject(const std::string &path);
// The same of a file's bytes that are in memory; `name` stands for the path in errors.
LoadResult LoadSharedObject(const std::string &bytes, const std::string &name);

}  // namespace tick
