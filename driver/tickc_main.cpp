// tickc_main.cpp - the compiler's program: options in, one command's library calls, exit status out.
//
// 0: done. 1: the user's input was refused, nothing was written. 2: a fault of the compiler itself.
#include <cctype>
#include <cstdio>
#include <exception>

#include "codegen/codegen.h"
#include "driver/compile.h"
#include "driver/explain.h"
#include "driver/listings.h"
#include "driver/options.h"
#include "driver/output.h"
#include "driver/run.h"
#include "driver/task_id.h"
#include "frontend/ast/format.h"
#include "frontend/ir/dot.h"
#include "frontend/ir/text.h"
#include "frontend/passes/passes.h"
#include "runtime/engine/so_loader.h"

namespace tick {
namespace {

bool HasSuffix(const std::string &text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

int Fail(const std::string &message) {
  std::fprintf(stderr, "tickc: %s\n", message.c_str());
  return 1;
}

std::optional<Source> ReadSource(const std::string &path) {
  std::string error;
  std::optional<std::string> text = ReadInput(path, &error);
  if (!text) {
    Fail(error);
    return std::nullopt;
  }
  return Source{path == "-" ? "<stdin>" : path, std::move(*text)};
}

// Prints what was reported; the exit status it means.
int Print(Diagnostics &diagnostics, DiagnosticsForm form) {
  diagnostics.finish();
  std::string text = form == DiagnosticsForm::Json    ? diagnostics.json()
                     : form == DiagnosticsForm::Sarif ? diagnostics.sarif()
                                                      : diagnostics.text();
  if (form == DiagnosticsForm::Text)
    std::fputs(text.c_str(), stderr);
  else
    std::puts(text.c_str());
  return diagnostics.has_errors() ? 1 : 0;
}

std::optional<FrontendOptions> FrontendOptionsOf(const Options &options) {
  FrontendOptions frontend;
  frontend.dialect = options.dialect;
  frontend.check.is_template = options.is_template;
  frontend.notes = options.command == Command::Check;
  if (options.vars_file.empty()) return frontend;
  std::string error;
  std::optional<std::string> vars = ReadInput(options.vars_file, &error);
  if (!vars) {
    Fail(error);
    return std::nullopt;
  }
  frontend.check.vars_json = std::move(*vars);
  return frontend;
}

// The canonical graph of a script or of .tir text; nothing having printed why.
std::optional<ir::Graph> GraphOf(const Options &options, const std::string &path) {
  std::optional<Source> source = ReadSource(path);
  std::optional<FrontendOptions> frontend = FrontendOptionsOf(options);
  if (!source || !frontend) return std::nullopt;
  Diagnostics diagnostics(*source);
  std::optional<ir::Graph> graph;
  if (!HasSuffix(path, ".tir")) {
    graph = CompileToIr(*source, *frontend, diagnostics);
  } else if ((graph = ir::Read(*source, diagnostics)) && !graph->canonical && !Canonicalize(*graph, diagnostics)) {
    graph.reset();
  }
  if (Print(diagnostics, options.diagnostics) != 0) return std::nullopt;
  return graph;
}

// --emit=tokens, ast, ir: what the stages before the canonical graph made.
int EmitEarly(const Options &options, std::string *text) {
  std::optional<Source> source = ReadSource(options.inputs[0]);
  if (!source) return 1;
  if (options.emit == EmitStage::Tokens) {
    *text = DumpTokens(*source, options.dialect);
    return 0;
  }
  std::optional<FrontendOptions> frontend = FrontendOptionsOf(options);
  if (!frontend) return 1;
  Diagnostics diagnostics(*source);
  if (HasSuffix(options.inputs[0], ".tir")) {
    if (options.emit == EmitStage::Ast) return Fail(options.inputs[0] + " is IR and has no syntax tree");
    if (std::optional<ir::Graph> graph = ir::Read(*source, diagnostics)) *text = ir::Print(*graph);
  } else if (std::unique_ptr<ast::Program> program = Parse(*source, diagnostics, options.dialect)) {
    if (options.emit == EmitStage::Ast) {
      *text = DumpAst(*program);
    } else if (std::optional<ir::Graph> graph = Check(*program, *source, frontend->check, diagnostics)) {
      *text = ir::Print(*graph);
    }
  }
  return Print(diagnostics, options.diagnostics);
}

EmitKind KindOf(EmitStage emit) {
  switch (emit) {
    case EmitStage::Llvm: return EmitKind::Llvm;
    case EmitStage::LlvmOpt: return EmitKind::LlvmOpt;
    case EmitStage::Assembly: return EmitKind::Assembly;
    case EmitStage::Bitcode: return EmitKind::Bitcode;
    case EmitStage::Object: return EmitKind::Object;
    default: return EmitKind::SharedObject;
  }
}

int Compile(const Options &options) {
  std::string bytes;
  if (options.emit < EmitStage::IrOpt) {
    if (int status = EmitEarly(options, &bytes)) return status;
  } else {
    CodegenOptions codegen;
    codegen.levels = LevelsOf(options.march);
    if (codegen.levels.empty())
      return Fail("unknown --march '" + options.march + "': use portable, native, x86-64, x86-64-v2, x86-64-v3 or x86-64-v4");
    std::optional<ir::Graph> graph = GraphOf(options, options.inputs[0]);
    if (!graph) return 1;
    if (options.emit == EmitStage::IrOpt) {
      bytes = ir::Print(*graph);
    } else {
      EmitResult result = tick::Emit(*graph, KindOf(options.emit), codegen);
      if (!result.error.empty()) return Fail(result.error);
      bytes = std::move(result.bytes);
    }
  }
  std::string error = WriteOutput(options.output, bytes, options.emit == EmitStage::SharedObject);
  return error.empty() ? 0 : Fail(error);
}

int CheckAll(const Options &options) {
  int status = 0;
  for (const std::string &path : options.inputs)
    if (!GraphOf(options, path)) status = 1;
  return status;
}

int FormatAll(const Options &options) {
  int status = 0;
  for (const std::string &path : options.inputs) {
    std::optional<Source> source = ReadSource(path);
    if (!source) return 1;
    Diagnostics diagnostics(*source);
    std::unique_ptr<ast::Program> program = Parse(*source, diagnostics, options.dialect);
    if (!program) {
      status = Print(diagnostics, options.diagnostics);
      continue;
    }
    std::string text = Format(*program);
    if (options.fmt_diff) {
      std::string diff = LineDiff(source->name, source->text, text);
      std::fputs(diff.c_str(), stdout);
      if (!diff.empty()) status = 1;
    } else if (!options.fmt_write || path == "-") {
      std::fwrite(text.data(), 1, text.size(), stdout);
    } else if (text != source->text) {
      std::string error = WriteOutput(path, text);
      if (!error.empty()) status = Fail(error);
    }
  }
  return status;
}

// A name as `dot` reads it: in quotes unless it is a plain word.
std::string DotId(const std::string &id) {
  bool plain = !id.empty() && !std::isdigit(static_cast<unsigned char>(id[0]));
  std::string quoted = "\"";
  for (char c : id) {
    plain &= std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return plain ? id : quoted + "\"";
}

int Explain(const Options &options) {
  std::optional<ir::Graph> graph = GraphOf(options, options.inputs[0]);
  if (!graph) return 1;
  if (options.dot)
    std::printf("digraph %s%s\n", DotId(TaskIdOf(options.inputs[0])).c_str(), ir::DotBody(*graph).c_str());
  else
    std::fputs(tick::Explain(*graph).c_str(), stdout);
  return 0;
}

int Vars(Options options) {
  options.is_template = true;
  std::optional<ir::Graph> graph = GraphOf(options, options.inputs[0]);
  if (!graph) return 1;
  std::fputs(VarsTable(*graph).c_str(), stdout);
  return 0;
}

int Run(Options options) {
  const std::string &path = options.inputs[0];
  options.run.task_id = TaskIdOf(path);
  if (HasSuffix(path, ".so")) {
    LoadResult loaded = LoadSharedObject(path);
    return loaded.code ? RunTask(std::move(loaded.code), options.run) : Fail(loaded.error);
  }
  std::optional<ir::Graph> graph = GraphOf(options, path);
  if (!graph) return 1;
  Jit jit;
  std::string error;
  std::shared_ptr<const Code> code = jit.compile(*graph, &error);
  return code ? RunTask(std::move(code), options.run) : Fail(error);
}

int List(const Options &options) {
  std::string text = options.topic == "functions" ? FunctionsMarkdown()
                     : options.topic == "nodes"   ? NodesMarkdown()
                                                  : DiagnosticsMarkdown();
  std::fputs(text.c_str(), stdout);
  return 0;
}

int Help(const Options &options) {
  std::string text = DiagnosticHelp(options.topic);
  if (text.empty()) return Fail("there is no diagnostic '" + options.topic + "'; tickc --list-diagnostics lists them");
  std::fputs(text.c_str(), stdout);
  return 0;
}

int Dispatch(const Options &options) {
  switch (options.command) {
    case Command::Compile: return Compile(options);
    case Command::Check: return CheckAll(options);
    case Command::Format: return FormatAll(options);
    case Command::Explain: return Explain(options);
    case Command::Run: return Run(options);
    case Command::Vars: return Vars(options);
    case Command::Help: return Help(options);
    case Command::List: return List(options);
  }
  return 2;
}

}  // namespace
}  // namespace tick

int main(int argc, char **argv) {
  tick::Options options;
  int status = 0;
  if (!tick::ParseOptions(argc, argv, &options, &status)) return status;
  try {
    return tick::Dispatch(options);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "tickc: internal error: %s\n", error.what());
    return 2;
  }
}
