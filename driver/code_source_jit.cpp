// code_source_jit.cpp - the compiler in this process.
#include "driver/code_source.h"
#include "driver/compile.h"

namespace tick {

std::unique_ptr<CodeSource> MakeCodeSource() { return std::make_unique<JitSource>(); }

}  // namespace tick
