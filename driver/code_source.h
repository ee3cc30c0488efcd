// code_source.h - where this kapacitord's code comes from: the compiler, or, without one, nowhere.
#pragma once

#include <memory>

#include "runtime/engine/code.h"

namespace tick {

std::unique_ptr<CodeSource> MakeCodeSource();  // code_source_jit.cpp or code_source_none.cpp, as it was built

}  // namespace tick
