// script_fuzz.cpp - scripts of any bytes: no crash from parser, checker, formatter or passes, and formatting keeps meaning.
//
// Each input is read in both dialects. What compiles must compile to the same IR after formatting, and its IR text must
// read back. The unit test of the frontend runs the same over a corpus of our scripts and fixed mutations of them.
#include "test/fuzz/script_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string script(reinterpret_cast<const char *>(data), size);
  if (!tick::fuzz::Script(script).empty()) __builtin_trap();
  return 0;
}
