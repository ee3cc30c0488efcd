// task_id.h - the id a task gets from its file's name.
#pragma once

#include <string>

namespace tick {

// "examples/high_cpu.tick" is "high_cpu"; standard input is "stdin".
inline std::string TaskIdOf(const std::string &path) {
  if (path == "-") return "stdin";
  size_t slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  size_t dot = name.rfind('.');
  return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

}  // namespace tick
