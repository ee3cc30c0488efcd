// symbols.cpp - the list behind runtime/abi/symbols.h: name, signature and address of each callable function.
#include "runtime/abi/symbols.h"

#include <vector>

namespace tick::abi {

std::span<const Symbol> Symbols() {
  static const std::vector<Symbol> symbols = {
#define TICK_SYMBOL(name, result, params) MakeSymbol(#name, &::name),
#include "runtime/abi/symbols.def"
#undef TICK_SYMBOL
#define TICK_FN(name, symbol, params, result, failure, state, llvm, doc, example, want) MakeSymbol(#symbol, &symbol),
#include "grammar/functions.def"
#undef TICK_FN
  };
  return symbols;
}

const Symbol &FunctionSymbol(size_t index) {
  std::span<const Symbol> symbols = Symbols();
  return symbols[symbols.size() - kFunctionCount + index];
}

}  // namespace tick::abi
