// jit.cpp - graphs to code in this process.
//
// A module holds the functions of one code key and is freed with the last Code that uses it. It begins as plain
// code (jit_objects.h); what runs often is compiled again by one thread of low priority. LLVM's objects are made
// a compile, so compiles run side by side; ORC links, against the runtime's symbols and no others.
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "codegen/code_key.h"
#include "codegen/codegen.h"
#include "codegen/jit_code.h"
#include "codegen/jit_objects.h"
#include "codegen/module_context.h"
#include "codegen/optimize.h"

namespace tick {
namespace {

std::string Text(llvm::Error error) { return llvm::toString(std::move(error)); }

// Lambdas alone: all that reaches machine code.
ir::Graph CodePart(const ir::Graph &graph) {
  ir::Graph part;
  part.dialect = graph.dialect;
  part.canonical = graph.canonical;
  part.lambdas = graph.lambdas;
  return part;
}

}  // namespace

struct Jit::State : std::enable_shared_from_this<State> {
  struct Module;
  struct Hot {
    std::weak_ptr<Module> module;
    uint32_t function;
  };

  explicit State(JitOptions options);
  std::shared_ptr<Module> module(const ir::Graph &graph, std::string *error);
  // Links an object and gives the table it exports; null with `error` set.
  const void *const *link(const llvm::orc::ResourceTrackerSP &tracker, const std::string &object,
                          const std::string &table, std::string *error);
  std::string table_name() { return "tick_code_" + std::to_string(tables++); }

  void optimize_hot();
  void hot(std::weak_ptr<Module> module, uint32_t function) noexcept;
  void stop();

  const JitOptions options;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::string error;  // why there is no jit
  std::atomic<size_t> live = 0, optimized = 0, tables = 0;

  std::mutex mutex;  // guards what follows
  std::unordered_map<std::string, std::weak_ptr<Module>> modules;  // by code key
  std::deque<Hot> queue;
  std::condition_variable more;
  std::thread thread;  // begun with the first hot function
  bool stopped = false;
};

struct Jit::State::Module : std::enable_shared_from_this<Module> {
  std::shared_ptr<State> state;
  std::string key;
  ir::Graph graph;  // its lambdas
  llvm::orc::ResourceTrackerSP tracker;
  const void *const *functions = nullptr;
  size_t n_functions = 0;

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

  void optimize(uint32_t function) {
    std::string table = state->table_name(), error;
    const void *const *better = nullptr;
    try {
      better = state->link(tracker, OptimizedObject(graph, table, function, function + 1), table, &error);
    } catch (const std::exception &) {
    }
    // Without better code the plain code goes on.
    if (!better) return;
    auto *slots = static_cast<const void **>(const_cast<void *>(functions[n_functions]));
    __atomic_store_n(&slots[function], better[0], __ATOMIC_RELEASE);
    ++state->optimized;
  }

  // tick_jit_hot
  static void Tell(void *module, uint32_t function) {
    auto *self = static_cast<Module *>(module);
    self->state->hot(self->weak_from_this(), function);
  }
};

namespace {

llvm::orc::SymbolMap RuntimeSymbols(llvm::orc::LLJIT &jit, HotFunction hot) {
  llvm::orc::SymbolMap map;
  auto add = [&](std::string_view name, void *address) {
    map[jit.mangleAndIntern(llvm::StringRef(name))] = {llvm::orc::ExecutorAddr::fromPtr(address),
                                                       llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  for (const abi::Symbol &symbol : abi::Symbols()) add(symbol.name, symbol.address);
  add(kHotSymbol, reinterpret_cast<void *>(hot));
  // What LLVM calls on its own account for loops, comparisons and rounding.
  using Compare = int (*)(const void *, const void *, size_t);
  using Copy = void *(*)(void *, const void *, size_t);
  using Round = double (*)(double);
  add("memcmp", reinterpret_cast<void *>(static_cast<Compare>(&std::memcmp)));
  add("bcmp", reinterpret_cast<void *>(static_cast<Compare>(&std::memcmp)));
  add("memcpy", reinterpret_cast<void *>(static_cast<Copy>(&std::memcpy)));
  add("memmove", reinterpret_cast<void *>(static_cast<Copy>(&std::memmove)));
  add("memset", reinterpret_cast<void *>(static_cast<void *(*)(void *, int, size_t)>(&std::memset)));
  add("floor", reinterpret_cast<void *>(static_cast<Round>(&std::floor)));
  add("ceil", reinterpret_cast<void *>(static_cast<Round>(&std::ceil)));
  add("trunc", reinterpret_cast<void *>(static_cast<Round>(&std::trunc)));
  return map;
}

}  // namespace

Jit::State::State(JitOptions options) : options(options) {
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
  if (llvm::Error failed =
          jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(RuntimeSymbols(*jit, &Module::Tell))))
    error = Text(std::move(failed));
}

const void *const *Jit::State::link(const llvm::orc::ResourceTrackerSP &tracker, const std::string &object,
                                    const std::string &table, std::string *error) {
  if (llvm::Error failed = jit->addObjectFile(tracker, llvm::MemoryBuffer::getMemBufferCopy(object, table))) {
    *error = Text(std::move(failed));
    return nullptr;
  }
  llvm::Expected<llvm::orc::ExecutorAddr> address = jit->lookup(table);
  if (address) return address->toPtr<const void *const *>();
  *error = Text(address.takeError());
  return nullptr;
}

std::shared_ptr<Jit::State::Module> Jit::State::module(const ir::Graph &graph, std::string *error) {
  std::string key = CodeKey(graph);
  auto known = [&]() -> std::shared_ptr<Module> {
    auto found = modules.find(key);
    return found == modules.end() ? nullptr : found->second.lock();
  };
  {
    std::lock_guard lock(mutex);
    if (std::shared_ptr<Module> module = known()) return module;
  }
  auto module = std::make_shared<Module>();
  module->state = shared_from_this();
  module->key = key;
  module->n_functions = FunctionCount(graph);
  module->tracker = jit->getMainJITDylib().createResourceTracker();
  ++live;
  std::string table = table_name(), object;
  if (options.hot_rows == 0) {
    object = OptimizedObject(graph, table, 0, module->n_functions);
  } else {
    object = QuickObject(graph, table, module.get(), options.hot_rows);
    module->graph = CodePart(graph);
  }
  module->functions = link(module->tracker, object, table, error);
  if (!module->functions) return nullptr;
  // Two threads may have compiled the same code at once; the later one's is dropped, outside the lock.
  std::lock_guard lock(mutex);
  if (std::shared_ptr<Module> first = known()) return first;
  modules[key] = module;
  return module;
}

// Runs on the thread of whoever called the function: hands over and returns.
void Jit::State::hot(std::weak_ptr<Module> module, uint32_t function) noexcept {
  try {
    std::lock_guard lock(mutex);
    if (stopped) return;
    queue.push_back({std::move(module), function});
    if (!thread.joinable()) thread = std::thread([this] { optimize_hot(); });
    more.notify_one();
  } catch (const std::exception &) {
    // No memory, no thread: plain code is right too.
  }
}

void Jit::State::optimize_hot() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10);
  std::unique_lock lock(mutex);
  while (true) {
    more.wait(lock, [&] { return stopped || !queue.empty(); });
    if (stopped) return;
    Hot next = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    if (std::shared_ptr<Module> module = next.module.lock()) module->optimize(next.function);
    lock.lock();
  }
}

void Jit::State::stop() {
  {
    std::lock_guard lock(mutex);
    stopped = true;
  }
  more.notify_one();
  if (thread.joinable()) thread.join();
}

Jit::Jit(JitOptions options) : state_(std::make_shared<State>(options)) {}
Jit::~Jit() { state_->stop(); }

std::shared_ptr<const Code> Jit::compile(const ir::Graph &graph, std::string *error) {
  error->clear();
  if (!state_->error.empty()) {
    *error = "the JIT cannot start: " + state_->error;
    return nullptr;
  }
  std::shared_ptr<State::Module> module;
  if (!graph.lambdas.empty()) {
    try {
      module = state_->module(graph, error);
    } catch (const std::exception &fault) {
      *error = fault.what();
    }
    if (!module) {
      *error = "the JIT cannot compile the task: " + *error;
      return nullptr;
    }
  }
  const void *const *functions = module ? module->functions : nullptr;
  return std::make_shared<JitCode>(graph, std::move(module), functions);
}

size_t Jit::live_modules() const { return state_->live; }
size_t Jit::optimized_functions() const { return state_->optimized; }

}  // namespace tick
