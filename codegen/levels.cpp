// levels.cpp - names of x86-64 levels as `--march` takes them.
#include "codegen/codegen.h"

namespace tick {

std::vector<uint32_t> LevelsOf(std::string_view march) {
  if (march == "portable") return {1, 3};
  if (march == "native") return {CpuLevel()};
  if (march == "x86-64") return {1};
  if (march == "x86-64-v2") return {2};
  if (march == "x86-64-v3") return {3};
  if (march == "x86-64-v4") return {4};
  return {};
}

}  // namespace tick
