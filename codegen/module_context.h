// module_context.h - what every emitter of one module shares: types, the runtime's symbols, code levels.
#pragma once

#include <string>
#include <string_view>

#include "codegen/llvm_includes.h"
#include "grammar/tables.h"
#include "runtime/abi/symbols.h"

namespace tick {

// Target attributes of an x86-64 level: "x86-64-v3".
std::string_view LevelCpu(uint32_t level);

class ModuleContext {
 public:
  explicit ModuleContext(llvm::Module &module);

  llvm::Module &module;
  llvm::LLVMContext &llvm;
  llvm::IntegerType *i1, *i8, *i32, *i64;
  llvm::Type *f64, *void_type;
  llvm::PointerType *pointer;
  llvm::ArrayType *string_type, *value_type;  // memory of a tick_string, of a tick_value

  // A function of the runtime, declared on first use.
  llvm::FunctionCallee symbol(std::string_view name);
  llvm::FunctionCallee function(size_t index);  // of kFunctions[index]
  llvm::FunctionCallee memcmp();
  // A call that extends bytes as the declaration says: LLVM takes that from the call alone.
  static llvm::CallInst *call(llvm::IRBuilder<> &builder, llvm::FunctionCallee callee,
                              llvm::ArrayRef<llvm::Value *> args);

  // A function that no exception passes, compiled for `level`.
  llvm::Function *make(const std::string &name, llvm::FunctionType *type, uint32_t level, bool exported);
  // A constant of the module; the name must be new.
  llvm::GlobalVariable *constant(const std::string &name, llvm::Constant *value,
                                 llvm::GlobalValue::LinkageTypes linkage, llvm::Align align);
  // How a value of `type` is held in registers; a string's data (its size is beside it).
  llvm::Type *register_type(Type type) const;

 private:
  llvm::FunctionCallee declare(const abi::Symbol &symbol);
};

}  // namespace tick
