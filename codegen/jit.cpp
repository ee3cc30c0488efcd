// jit.cpp - graphs to code in this process.
//
// A module holds the functions of one code key and one exported table of their addresses, in the order kernels
// of lambda 0, …, tagged body of lambda 0, …; everything else is internal, so modules cannot collide. A Code is
// a task's own descriptor plus a share in the module. LLVM objects are made a compile, so compiles run side by
// side; the link into the process is ORC's, with the runtime's symbols and no others.
#include <atomic>
#include <cmath>
#include <cstring>
#include <mutex>
#include <unordered_map>

#include "codegen/code_key.h"
#include "codegen/codegen.h"
#include "codegen/descriptor.h"
#include "codegen/fault.h"
#include "codegen/lower.h"
#include "codegen/optimize.h"

namespace tick {
namespace {

std::string Text(llvm::Error error) { return llvm::toString(std::move(error)); }

llvm::orc::SymbolMap RuntimeSymbols(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap map;
  auto add = [&](std::string_view name, void *address) {
    map[jit.mangleAndIntern(llvm::StringRef(name))] = {llvm::orc::ExecutorAddr::fromPtr(address),
                                                       llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  for (const abi::Symbol &symbol : abi::Symbols()) add(symbol.name, symbol.address);
  // What LLVM calls on its own account for loops, comparisons and rounding.
  using Unary = double (*)(double);
  add("memcmp", reinterpret_cast<void *>(static_cast<int (*)(const void *, const void *, size_t)>(&std::memcmp)));
  add("bcmp", reinterpret_cast<void *>(static_cast<int (*)(const void *, const void *, size_t)>(&std::memcmp)));
  add("memcpy", reinterpret_cast<void *>(static_cast<void *(*)(void *, const void *, size_t)>(&std::memcpy)));
  add("memmove", reinterpret_cast<void *>(static_cast<void *(*)(void *, const void *, size_t)>(&std::memmove)));
  add("memset", reinterpret_cast<void *>(static_cast<void *(*)(void *, int, size_t)>(&std::memset)));
  add("floor", reinterpret_cast<void *>(static_cast<Unary>(&std::floor)));
  add("ceil", reinterpret_cast<void *>(static_cast<Unary>(&std::ceil)));
  add("trunc", reinterpret_cast<void *>(static_cast<Unary>(&std::trunc)));
  return map;
}

// The functions of a module as one array of pointers.
void EmitTable(ModuleContext &m, const std::vector<LoweredLambda> &lambdas, const std::string &name) {
  std::vector<llvm::Constant *> addresses;
  for (const LoweredLambda &lambda : lambdas)
    addresses.insert(addresses.end(), lambda.kernels[0].begin(), lambda.kernels[0].end());
  for (const LoweredLambda &lambda : lambdas) addresses.push_back(lambda.tagged);
  m.constant(name, llvm::ConstantArray::get(llvm::ArrayType::get(m.pointer, addresses.size()), addresses),
             llvm::GlobalValue::ExternalLinkage, llvm::Align(8));
}

std::string CompileObject(const ir::Graph &graph, const std::string &table) {
  llvm::LLVMContext llvm;
  llvm::Module module("tick", llvm);
  std::unique_ptr<llvm::TargetMachine> machine = MakeTargetMachine();
  PrepareModule(module, *machine);
  ModuleContext context(module);
  EmitTable(context, LowerLambdas(context, graph, {CpuLevel()}), table);
#ifndef NDEBUG
  Require(!llvm::verifyModule(module), "lowering made a module that LLVM refuses");
#endif
  OptimizeQuickly(module, *machine);
  return EmitMachineCode(module, *machine, llvm::CodeGenFileType::ObjectFile);
}

}  // namespace

struct Jit::State {
  struct Module;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::string error;  // why there is no jit
  std::mutex mutex;   // guards modules
  std::unordered_map<std::string, std::weak_ptr<Module>> modules;  // by code key
  std::atomic<size_t> live = 0, made = 0;

  State();
  std::shared_ptr<Module> module(const std::shared_ptr<State> &self, const ir::Graph &graph, std::string *error);
};

// Machine code in memory; freed with the last task that uses it.
struct Jit::State::Module {
  std::shared_ptr<State> state;
  std::string key;
  llvm::orc::ResourceTrackerSP tracker;
  const void *const *table = nullptr;

  ~Module() {
    {
      std::lock_guard lock(state->mutex);
      auto found = state->modules.find(key);
      if (found != state->modules.end() && found->second.expired()) state->modules.erase(found);
    }
    llvm::consumeError(tracker->remove());
    // Names of removed symbols stay in ORC's pool until they are asked to go.
    if (--state->live % 256 == 0) state->jit->getExecutionSession().getSymbolStringPool()->clearDeadEntries();
  }
};

Jit::State::State() {
  MakeTargetMachine();  // registers the target
  llvm::orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(llvm::orc::JITTargetMachineBuilder(llvm::Triple("x86_64-unknown-linux-gnu")));
  builder.setPlatformSetUp(llvm::orc::setUpInactivePlatform);
  builder.setLinkProcessSymbolsByDefault(false);
  builder.setObjectLinkingLayerCreator(
      [](llvm::orc::ExecutionSession &session, const llvm::Triple &)
          -> llvm::Expected<std::unique_ptr<llvm::orc::ObjectLayer>> {
        return std::make_unique<llvm::orc::ObjectLinkingLayer>(session);
      });
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> made = builder.create();
  if (!made) {
    error = Text(made.takeError());
    return;
  }
  jit = std::move(*made);
  // Messages reach the caller as values.
  jit->getExecutionSession().setErrorReporter([](llvm::Error error) { llvm::consumeError(std::move(error)); });
  if (llvm::Error failed = jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(RuntimeSymbols(*jit))))
    error = Text(std::move(failed));
}

std::shared_ptr<Jit::State::Module> Jit::State::module(const std::shared_ptr<State> &self, const ir::Graph &graph,
                                                       std::string *error) {
  std::string key = CodeKey(graph);
  auto known = [&]() -> std::shared_ptr<Module> {
    auto found = modules.find(key);
    return found == modules.end() ? nullptr : found->second.lock();
  };
  {
    std::lock_guard lock(mutex);
    if (std::shared_ptr<Module> module = known()) return module;
  }
  // Two threads may compile the same code at once; the later one's is dropped.
  std::string table = "tick_code_" + std::to_string(made++);
  std::string object = CompileObject(graph, table);
  auto module = std::make_shared<Module>();
  module->state = self;
  module->key = key;
  module->tracker = jit->getMainJITDylib().createResourceTracker();
  ++live;
  if (llvm::Error failed = jit->addObjectFile(module->tracker, llvm::MemoryBuffer::getMemBufferCopy(object, table))) {
    *error = Text(std::move(failed));
    return nullptr;
  }
  llvm::Expected<llvm::orc::ExecutorAddr> address = jit->lookup(table);
  if (!address) {
    *error = Text(address.takeError());
    return nullptr;
  }
  module->table = address->toPtr<const void *const *>();
  std::shared_ptr<Module> winner;
  {
    std::lock_guard lock(mutex);
    winner = known();
    if (!winner) {
      modules[key] = module;
      winner = module;
    }
  }
  return winner;
}

namespace {

// A task's descriptor with the addresses of its functions.
class JitCode final : public Code {
 public:
  JitCode(const ir::Graph &graph, std::shared_ptr<void> module, const void *const *table)
      : module_(std::move(module)), descriptor_(graph) {
    size_t n = graph.lambdas.size(), next = 0;
    types_.resize(n);
    entries_.resize(n);
    for (size_t l = 0; l < n; ++l) {
      for (const ir::Variant &variant : graph.lambdas[l].variants) {
        std::vector<uint8_t> &types = types_[l].emplace_back();
        for (Type type : variant.types) types.push_back(static_cast<uint8_t>(type));
        entries_[l].push_back({types.data(), static_cast<uint8_t>(variant.result), variant.may_fail,
                               reinterpret_cast<tick_kernel>(const_cast<void *>(table[next++]))});
      }
      kernels_.push_back(entries_[l].data());
    }
    for (size_t l = 0; l < n; ++l) tagged_.push_back(reinterpret_cast<tick_tagged>(const_cast<void *>(table[next++])));
    code_ = {CpuLevel(), kernels_.data(), tagged_.data()};
    tick_task &task = descriptor_.task();
    task.codes = &code_;
    task.n_codes = 1;
  }
  const tick_task &task() const override { return descriptor_.task(); }

 private:
  std::shared_ptr<void> module_;
  Descriptor descriptor_;
  std::vector<std::vector<std::vector<uint8_t>>> types_;  // by lambda, by variant
  std::vector<std::vector<tick_kernel_entry>> entries_;   // by lambda
  std::vector<const tick_kernel_entry *> kernels_;
  std::vector<tick_tagged> tagged_;
  tick_code code_;
};

}  // namespace

Jit::Jit() : state_(std::make_shared<State>()) {}
Jit::~Jit() = default;

std::shared_ptr<const Code> Jit::compile(const ir::Graph &graph, std::string *error) {
  error->clear();
  if (!state_->error.empty()) {
    *error = "the JIT cannot start: " + state_->error;
    return nullptr;
  }
  std::shared_ptr<State::Module> module;
  if (!graph.lambdas.empty()) {
    module = state_->module(state_, graph, error);
    if (!module) {
      *error = "the JIT cannot link the task: " + *error;
      return nullptr;
    }
  }
  const void *const *table = module ? module->table : nullptr;
  return std::make_shared<JitCode>(graph, std::move(module), table);
}

size_t Jit::live_modules() const { return state_->live; }

}  // namespace tick
