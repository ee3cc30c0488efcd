// optimize.cpp - LLVM's passes and code generator, set up for the loops of kernels.
#include "codegen/optimize.h"

#include <thread>

#include <mutex>

#include "codegen/fault.h"

namespace tick {
namespace {

void InitializeTarget() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
  });
}

// The analyses of one run of passes; registered in the order their destructors need.
struct Analyses {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager sccs;
  llvm::ModuleAnalysisManager modules;

  explicit Analyses(llvm::PassBuilder &builder) {
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(sccs);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, sccs, modules);
  }
};

}  // namespace

std::unique_ptr<llvm::TargetMachine> MakeTargetMachine(llvm::CodeGenOptLevel level) {
  InitializeTarget();
  const std::string triple = "x86_64-unknown-linux-gnu";
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  Require(target, "this LLVM has no x86-64 target");
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  // Kernels name their own CPU; this is that of everything else.
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, "x86-64", "", options, llvm::Reloc::PIC_, llvm::CodeModel::Small, level));
}

void PrepareModule(llvm::Module &module, llvm::TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple().str());
  module.setDataLayout(machine.createDataLayout());
  module.setPICLevel(llvm::PICLevel::SmallPIC);
}

void Optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PassBuilder builder(&machine);
  Analyses analyses(builder);
  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(llvm::LICMPass(llvm::LICMOptions()), /*UseMemorySSA=*/true));
  passes.addPass(llvm::LoopVectorizePass());
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  llvm::ModulePassManager modules;
  modules.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(passes)));
  modules.run(module, analyses.modules);
}

std::string ModuleBitcode(const llvm::Module &module) {
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  llvm::WriteBitcodeToFile(module, out);
  return out.str();
}

std::string EmitMachineCode(llvm::Module &module, llvm::TargetMachine &machine, llvm::CodeGenFileType type) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager passes;
  bool unsupported = machine.addPassesToEmitFile(passes, out, nullptr, type, /*DisableVerify=*/true);
  Require(!unsupported, "LLVM cannot write this kind of file");
  passes.run(module);
  return std::string(bytes.begin(), bytes.end());
}

std::vector<std::string> EmitObjects(llvm::Module &module) {
  std::vector<std::string> bitcode;
  llvm::SplitModule(module, 2, [&](std::unique_ptr<llvm::Module> part) { bitcode.push_back(ModuleBitcode(*part)); });
  std::vector<std::string> objects(bitcode.size());
  auto emit = [&](size_t index) {
    llvm::LLVMContext llvm;
    auto part = llvm::parseBitcodeFile(llvm::MemoryBufferRef(bitcode[index], "tick"), llvm);
    Require(static_cast<bool>(part), "LLVM does not read its own bitcode");
    objects[index] = EmitMachineCode(**part, *MakeTargetMachine(), llvm::CodeGenFileType::ObjectFile);
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < bitcode.size(); ++i) others.emplace_back(emit, i);
  emit(0);
  others.clear();
  return objects;
}

}  // namespace tick
