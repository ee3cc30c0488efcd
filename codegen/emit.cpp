// emit.cpp - a graph as a file's contents.
//
// lower → optimize → object or text → shared object. Names, order and contents come from the graph alone, so
// equal input gives equal bytes.
#include "codegen/codegen.h"
#include "codegen/constants.h"
#include "codegen/descriptor.h"
#include "codegen/fault.h"
#include "codegen/link.h"
#include "codegen/optimize.h"

namespace tick {
namespace {

std::string ModuleText(const llvm::Module &module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out, nullptr);
  return out.str();
}

}  // namespace

EmitResult Emit(const ir::Graph &graph, EmitKind kind, const CodegenOptions &options) {
  llvm::LLVMContext llvm;
  llvm::Module module("tick", llvm);
  std::unique_ptr<llvm::TargetMachine> machine = MakeTargetMachine();
  PrepareModule(module, *machine);
  ModuleContext context(module);
  std::vector<LoweredLambda> lambdas = LowerLambdas(context, graph, options.levels);
  EmitDescriptor(context, Descriptor(graph).task(), graph, lambdas, options.levels);
  Require(!llvm::verifyModule(module), "lowering made a module that LLVM refuses");
  EmitResult result;
  if (kind == EmitKind::Llvm) {
    result.bytes = ModuleText(module);
    return result;
  }
  if (options.optimize) Optimize(module, *machine);
  switch (kind) {
    case EmitKind::Llvm:
    case EmitKind::LlvmOpt: result.bytes = ModuleText(module); break;
    case EmitKind::Bitcode: result.bytes = ModuleBitcode(module); break;
    case EmitKind::Assembly:
      result.bytes = EmitMachineCode(module, *machine, llvm::CodeGenFileType::AssemblyFile);
      break;
    case EmitKind::Object:
      result.bytes = EmitMachineCode(module, *machine, llvm::CodeGenFileType::ObjectFile);
      break;
    case EmitKind::SharedObject:
      result.bytes = LinkSharedObject(EmitObjects(module), &result.error);
      break;
  }
  return result;
}

}  // namespace tick
