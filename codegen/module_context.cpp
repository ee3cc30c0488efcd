// module_context.cpp - types and declarations of a module.
#include "codegen/module_context.h"

#include <unordered_map>

namespace tick {
namespace {

const abi::Symbol &SymbolNamed(std::string_view name) {
  static const std::unordered_map<std::string_view, const abi::Symbol *> index = [] {
    std::unordered_map<std::string_view, const abi::Symbol *> map;
    for (const abi::Symbol &symbol : abi::Symbols()) map.emplace(symbol.name, &symbol);
    return map;
  }();
  return *index.at(name);
}

}  // namespace

std::string_view LevelCpu(uint32_t level) {
  constexpr std::string_view kCpus[] = {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
  return kCpus[level - 1];
}

ModuleContext::ModuleContext(llvm::Module &module)
    : module(module), llvm(module.getContext()), i1(llvm::Type::getInt1Ty(llvm)), i8(llvm::Type::getInt8Ty(llvm)),
      i32(llvm::Type::getInt32Ty(llvm)), i64(llvm::Type::getInt64Ty(llvm)), f64(llvm::Type::getDoubleTy(llvm)),
      void_type(llvm::Type::getVoidTy(llvm)), pointer(llvm::PointerType::get(llvm, 0)),
      string_type(llvm::ArrayType::get(i64, sizeof(tick_string) / 8)),
      value_type(llvm::ArrayType::get(i64, sizeof(tick_value) / 8)) {}

llvm::Type *ModuleContext::register_type(Type type) const {
  switch (type) {
    case Type::Bool: return i1;
    case Type::Float: return f64;
    case Type::String:
    case Type::Regex: return pointer;
    default: return i64;
  }
}

llvm::FunctionCallee ModuleContext::declare(const abi::Symbol &symbol) {
  auto type_of = [&](abi::Kind kind) -> llvm::Type * {
    switch (kind) {
      case abi::Kind::Void: return void_type;
      case abi::Kind::U8: return i8;
      case abi::Kind::I32:
      case abi::Kind::U32: return i32;
      case abi::Kind::I64:
      case abi::Kind::U64: return i64;
      case abi::Kind::F64: return f64;
      case abi::Kind::Pointer: return pointer;
    }
    return nullptr;
  };
  llvm::SmallVector<llvm::Type *, abi::kMaxSymbolParams> params;
  for (uint8_t i = 0; i < symbol.n_params; ++i) params.push_back(type_of(symbol.params[i]));
  llvm::FunctionCallee callee = module.getOrInsertFunction(
      llvm::StringRef(symbol.name), llvm::FunctionType::get(type_of(symbol.result), params, false));
  auto *function = llvm::cast<llvm::Function>(callee.getCallee());
  function->setDoesNotThrow();
  function->setWillReturn();
  // The C ABI wants bytes extended.
  if (symbol.result == abi::Kind::U8) function->addRetAttr(llvm::Attribute::ZExt);
  for (uint8_t i = 0; i < symbol.n_params; ++i)
    if (symbol.params[i] == abi::Kind::U8) function->addParamAttr(i, llvm::Attribute::ZExt);
  return callee;
}

llvm::FunctionCallee ModuleContext::symbol(std::string_view name) { return declare(SymbolNamed(name)); }

llvm::FunctionCallee ModuleContext::function(size_t index) { return declare(abi::FunctionSymbol(index)); }

llvm::FunctionCallee ModuleContext::memcmp() {
  return module.getOrInsertFunction("memcmp", llvm::FunctionType::get(i32, {pointer, pointer, i64}, false));
}

llvm::CallInst *ModuleContext::call(llvm::IRBuilder<> &builder, llvm::FunctionCallee callee,
                                    llvm::ArrayRef<llvm::Value *> args) {
  llvm::CallInst *call = builder.CreateCall(callee, args);
  call->setAttributes(llvm::cast<llvm::Function>(callee.getCallee())->getAttributes());
  return call;
}

llvm::Function *ModuleContext::make(const std::string &name, llvm::FunctionType *type, uint32_t level, bool exported) {
  auto linkage = exported ? llvm::Function::ExternalLinkage : llvm::Function::InternalLinkage;
  llvm::Function *function = llvm::Function::Create(type, linkage, name, module);
  function->setDoesNotThrow();
  function->addFnAttr("target-cpu", llvm::StringRef(LevelCpu(level)));
  // Wider vectors cost clock speed and long remainders on blocks of a few thousand rows.
  if (level >= 3) function->addFnAttr("prefer-vector-width", "256");
  return function;
}

llvm::GlobalVariable *ModuleContext::constant(const std::string &name, llvm::Constant *value,
                                              llvm::GlobalValue::LinkageTypes linkage, llvm::Align align) {
  auto *variable = llvm::cast<llvm::GlobalVariable>(module.getOrInsertGlobal(name, value->getType()));
  variable->setInitializer(value);
  variable->setConstant(true);
  variable->setLinkage(linkage);
  variable->setAlignment(align);
  return variable;
}

}  // namespace tick
