// jit_objects.cpp - two ways to compile a graph's functions.
//
// Vector code of a task takes tens of milliseconds to make, and most of its kernels never run: a field has one
// type. So the JIT first makes plain code of all of them, which counts its rows:
//   uint32_t lambda0_float_v3(args) { return slots[0](args); }
//   static uint32_t counted(args) {
//     uint64_t before = __atomic_fetch_add(&counts[0], args->n, relaxed);
//     if (before < hot_rows && before + args->n >= hot_rows) tick_jit_hot(module, 0);
//     return plain(args);
//   }
//   static tick_kernel slots[] = {counted, …};
// Both compute the same bits.
#include "codegen/jit_objects.h"

#include <map>

#include "codegen/code_key.h"
#include "codegen/fault.h"
#include "codegen/lower.h"
#include "codegen/optimize.h"
#include "runtime/engine/code.h"

namespace tick {
namespace {

constexpr size_t kTagged = SIZE_MAX;

// A function by its lambda and variant.
struct FunctionId {
  size_t lambda, variant;  // kTagged: the tagged body
};

// In the order of their numbers.
std::vector<FunctionId> Functions(const ir::Graph &graph) {
  std::vector<FunctionId> functions;
  for (size_t l = 0; l < graph.lambdas.size(); ++l)
    for (size_t v = 0; v < graph.lambdas[l].variants.size(); ++v) functions.push_back({l, v});
  for (size_t l = 0; l < graph.lambdas.size(); ++l) functions.push_back({l, kTagged});
  return functions;
}

// Names are those of ahead-of-time code.
llvm::Function *LowerFunction(ModuleContext &m, const ir::Graph &graph, FunctionId id) {
  const ir::Lambda &lambda = graph.lambdas[id.lambda];
  if (id.variant == kTagged) return LowerTagged(m, lambda, graph.dialect, TaggedName(id.lambda), CpuLevel());
  const ir::Variant &variant = lambda.variants[id.variant];
  return LowerKernel(m, lambda, variant, KernelName(id.lambda, variant, CpuLevel()), CpuLevel());
}

void ExportTable(ModuleContext &m, const std::vector<llvm::Constant *> &addresses, const std::string &name) {
  m.constant(name, llvm::ConstantArray::get(llvm::ArrayType::get(m.pointer, addresses.size()), addresses),
             llvm::GlobalValue::ExternalLinkage, llvm::Align(8));
}

// Wraps functions so that they count and can be replaced.
class Replaceable {
 public:
  Replaceable(ModuleContext &m, size_t n, void *module, uint32_t hot_rows)
      : m_(m), b_(m.llvm), module_(module), hot_rows_(hot_rows),
        counted_(n, llvm::ConstantPointerNull::get(m.pointer)) {
    slots_ = variable("slots", llvm::ArrayType::get(m_.pointer, n));
    counts_ = variable("counts", llvm::ArrayType::get(m_.i64, n));
    counts_->setInitializer(llvm::Constant::getNullValue(counts_->getValueType()));
  }

  // What stands for function number `index` outside.
  llvm::Function *wrap(llvm::Function *plain, size_t index, bool is_kernel) {
    counted_[index] = count(plain, index, is_kernel);
    llvm::Function *entry = like(plain, ".entry");
    llvm::Value *target = b_.CreateLoad(m_.pointer, b_.CreateConstInBoundsGEP1_64(m_.pointer, slots_, index));
    llvm::cast<llvm::LoadInst>(target)->setAtomic(llvm::AtomicOrdering::Monotonic);
    forward(entry, {plain->getFunctionType(), target});
    return entry;
  }
  // The slots, once all functions are there.
  llvm::Constant *slots() {
    slots_->setInitializer(
        llvm::ConstantArray::get(llvm::cast<llvm::ArrayType>(slots_->getValueType()), counted_));
    return slots_;
  }

 private:
  llvm::GlobalVariable *variable(const char *name, llvm::Type *type) {
    auto *variable = llvm::cast<llvm::GlobalVariable>(m_.module.getOrInsertGlobal(name, type));
    variable->setLinkage(llvm::GlobalValue::InternalLinkage);
    return variable;
  }
  // An empty function of the type of `function`; the builder stands at its begin.
  llvm::Function *like(llvm::Function *function, const char *suffix) {
    llvm::Function *made = m_.make(function->getName().str() + suffix, function->getFunctionType(), CpuLevel(), false);
    b_.SetInsertPoint(llvm::BasicBlock::Create(m_.llvm, "entry", made));
    return made;
  }
  void forward(llvm::Function *from, llvm::FunctionCallee to) {
    llvm::SmallVector<llvm::Value *, 6> args;
    for (llvm::Argument &arg : from->args()) args.push_back(&arg);
    llvm::CallInst *call = b_.CreateCall(to, args);
    call->setTailCallKind(llvm::CallInst::TCK_MustTail);
    b_.CreateRet(call);
  }
  llvm::Function *count(llvm::Function *plain, size_t index, bool is_kernel) {
    llvm::Function *counted = like(plain, ".counted");
    llvm::Value *rows = b_.getInt64(1);
    if (is_kernel)
      rows = b_.CreateZExt(b_.CreateLoad(m_.i32, b_.CreateConstInBoundsGEP1_64(m_.i8, counted->getArg(0),
                                                                              offsetof(tick_kernel_args, n))),
                           m_.i64);
    llvm::Value *before =
        b_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, b_.CreateConstInBoundsGEP1_64(m_.i64, counts_, index), rows,
                           llvm::Align(8), llvm::AtomicOrdering::Monotonic);
    llvm::Value *hot = b_.CreateAnd(b_.CreateICmpULT(before, b_.getInt64(hot_rows_)),
                                    b_.CreateICmpUGE(b_.CreateAdd(before, rows), b_.getInt64(hot_rows_)));
    llvm::BasicBlock *tell = llvm::BasicBlock::Create(m_.llvm, "tell", counted);
    llvm::BasicBlock *run = llvm::BasicBlock::Create(m_.llvm, "run", counted);
    b_.CreateCondBr(hot, tell, run);
    b_.SetInsertPoint(tell);
    llvm::FunctionCallee symbol = m_.module.getOrInsertFunction(
        kHotSymbol, llvm::FunctionType::get(m_.void_type, {m_.pointer, m_.i32}, false));
    llvm::Value *module = llvm::ConstantExpr::getIntToPtr(
        b_.getInt64(reinterpret_cast<uint64_t>(module_)), m_.pointer);
    b_.CreateCall(symbol, {module, b_.getInt32(static_cast<uint32_t>(index))});
    b_.CreateBr(run);
    b_.SetInsertPoint(run);
    forward(counted, plain);
    return counted;
  }

  ModuleContext &m_;
  llvm::IRBuilder<> b_;
  void *module_;
  uint32_t hot_rows_;
  llvm::GlobalVariable *slots_, *counts_;
  std::vector<llvm::Constant *> counted_;  // by function; null: another's code serves
};

}  // namespace

size_t FunctionCount(const ir::Graph &graph) { return Functions(graph).size(); }

std::string QuickObject(const ir::Graph &graph, const std::string &table, void *module, uint32_t hot_rows) {
  llvm::LLVMContext llvm;
  llvm::Module code("tick", llvm);
  std::unique_ptr<llvm::TargetMachine> machine = MakeTargetMachine(llvm::CodeGenOptLevel::None);
  PrepareModule(code, *machine);
  ModuleContext m(code);
  std::vector<FunctionId> functions = Functions(graph);
  Replaceable replaceable(m, functions.size(), module, hot_rows);
  std::vector<size_t> shared = SharedLambdas(graph);
  std::map<std::pair<size_t, size_t>, llvm::Constant *> made;
  std::vector<llvm::Constant *> addresses;
  for (size_t i = 0; i < functions.size(); ++i) {
    FunctionId id = functions[i];
    llvm::Constant *&function = made[{shared[id.lambda], id.variant}];
    if (!function) function = replaceable.wrap(LowerFunction(m, graph, id), i, id.variant != kTagged);
    addresses.push_back(function);
  }
  addresses.push_back(replaceable.slots());
  ExportTable(m, addresses, table);
  Require(!llvm::verifyModule(code), "lowering made a module that LLVM refuses");
  return EmitMachineCode(code, *machine, llvm::CodeGenFileType::ObjectFile);
}

std::string OptimizedObject(const ir::Graph &graph, const std::string &table, size_t first, size_t last) {
  llvm::LLVMContext llvm;
  llvm::Module code("tick", llvm);
  std::unique_ptr<llvm::TargetMachine> machine = MakeTargetMachine();
  PrepareModule(code, *machine);
  ModuleContext m(code);
  std::vector<llvm::Constant *> addresses;
  std::vector<FunctionId> functions = Functions(graph);
  for (size_t i = first; i < last; ++i) addresses.push_back(LowerFunction(m, graph, functions[i]));
  ExportTable(m, addresses, table);
  Require(!llvm::verifyModule(code), "lowering made a module that LLVM refuses");
  Optimize(code, *machine);
  return EmitMachineCode(code, *machine, llvm::CodeGenFileType::ObjectFile);
}

}  // namespace tick
