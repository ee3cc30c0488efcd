// options.cpp - tickc's command line, by CLI11.
#include "driver/options.h"

#include <CLI/CLI.hpp>
#include <map>

namespace tick {
namespace {

const std::map<std::string, EmitStage> kEmits = {
    {"tokens", EmitStage::Tokens},    {"ast", EmitStage::Ast},          {"ir", EmitStage::Ir},       {"ir-opt", EmitStage::IrOpt},
    {"llvm", EmitStage::Llvm},        {"llvm-opt", EmitStage::LlvmOpt}, {"asm", EmitStage::Assembly}, {"bc", EmitStage::Bitcode},
    {"obj", EmitStage::Object},       {"so", EmitStage::SharedObject}};
const std::map<std::string, EmitStage> kSuffixes = {
    {".so", EmitStage::SharedObject}, {".o", EmitStage::Object}, {".s", EmitStage::Assembly},
    {".ll", EmitStage::LlvmOpt},      {".bc", EmitStage::Bitcode}, {".tir", EmitStage::IrOpt}};
const std::map<std::string, DialectChoice> kDialects = {
    {"auto", DialectChoice::Automatic}, {"1", DialectChoice::Modern}, {"0.2", DialectChoice::Dotted}};
const std::map<std::string, DiagnosticsForm> kForms = {
    {"text", DiagnosticsForm::Text}, {"json", DiagnosticsForm::Json}, {"sarif", DiagnosticsForm::Sarif}};

// One of the words, as the number of what it stands for: CLI11 reads an enum from that. CLI11's own transformer shows
// the numbers to the user.
template <class Enum>
CLI::Validator OneOf(const std::map<std::string, Enum> &words) {
  auto choose = [&words](std::string &text) -> std::string {
    std::string all;
    for (const auto &[word, value] : words) {
      if (word == text) {
        text = std::to_string(static_cast<int>(value));
        return "";
      }
      all += (all.empty() ? "" : ", ") + word;
    }
    return "'" + text + "' is none of " + all;
  };
  return CLI::Validator(choose, "WORD");
}

void AddScriptOptions(CLI::App *app, Options *options) {
  app->add_option("--vars", options->vars_file, "JSON file with values of the script's variables");
  app->add_flag("--template", options->is_template, "allow variables that have no value");
  app->add_option("--dialect", options->dialect, "auto (a script that chains nodes with '.' is 0.2's), 1 or 0.2")
      ->transform(OneOf(kDialects))->option_text("WORD");
  app->add_option("--diagnostics", options->diagnostics, "text, json or sarif")->transform(OneOf(kForms))->option_text("WORD");
}

std::string Suffix(const std::string &path) {
  size_t dot = path.rfind('.');
  size_t slash = path.rfind('/');
  return dot == std::string::npos || (slash != std::string::npos && slash > dot) ? "" : path.substr(dot);
}

}  // namespace

bool ParseOptions(int argc, char **argv, Options *options, int *status) {
  CLI::App app{"tickc compiles TICKscript to native code, checks, formats, explains and runs it"};
  app.set_version_flag("--version", TICK_VERSION);
  app.footer("tickc high_cpu.tick -o high_cpu.so     the suffix decides: .so .o .s .ll .bc .tir\n"
             "tickc run high_cpu.tick --points F     print what the task's alerts would write\n"
             "tickc explain high_cpu.tick            say in words what it does and costs");
  app.require_subcommand(0, 1);
  std::string precision = "ns", march;
  app.add_option("script", options->inputs, "a .tick script or .tir text, '-' for standard input")->expected(1);
  app.add_option("-o,--output", options->output, "the file to write, '-' for standard output");
  CLI::Option *emit = app.add_option("--emit", options->emit, "tokens, ast, ir, ir-opt, llvm, llvm-opt, asm, bc, obj or so")
                          ->transform(OneOf(kEmits))
                          ->option_text("STAGE");
  app.add_option("--march", options->march,
                 "portable (code for every x86-64 and for AVX2, chosen at load time), native, x86-64, x86-64-v2, -v3 or -v4");
  AddScriptOptions(&app, options);
  bool list_functions = false, list_nodes = false, list_diagnostics = false;
  app.add_flag("--list-functions", list_functions, "print the functions of lambdas");
  app.add_flag("--list-nodes", list_nodes, "print the nodes and their properties");
  app.add_flag("--list-diagnostics", list_diagnostics, "print what the compiler can say");

  CLI::App *check = app.add_subcommand("check", "report a script's mistakes");
  check->add_option("scripts", options->inputs, "scripts")->required();
  AddScriptOptions(check, options);

  CLI::App *fmt = app.add_subcommand("fmt", "print a script in canonical form");
  fmt->add_option("scripts", options->inputs, "scripts, '-' for standard input");
  fmt->add_flag("-w,--write", options->fmt_write, "rewrite the files");
  fmt->add_flag("-d,--diff", options->fmt_diff, "print what would change; exit status 1 if anything would");
  fmt->add_option("--dialect", options->dialect)->transform(OneOf(kDialects))->option_text("WORD");

  CLI::App *explain = app.add_subcommand("explain", "say what a script does and what it costs");
  explain->add_option("script", options->inputs, "a script")->required()->expected(1);
  explain->add_flag("--dot", options->dot, "print the pipeline as DOT");
  AddScriptOptions(explain, options);

  CLI::App *vars = app.add_subcommand("vars", "list a script's variables");
  vars->add_option("script", options->inputs, "a script")->required()->expected(1);
  AddScriptOptions(vars, options);

  CLI::App *run = app.add_subcommand("run", "run a script or a compiled task over points");
  run->add_option("task", options->inputs, "a .tick script, .tir text or compiled .so")->required()->expected(1);
  run->add_option("--points", options->run.points, "a file of line protocol; '-' reads standard input as it comes");
  run->add_option("--database", options->run.database, "database the points are written to");
  run->add_option("--retention-policy", options->run.retention_policy, "retention policy the points are written to");
  run->add_option("--precision", precision, "of the points' times: ns, us, ms, s, m or h");
  run->add_option("--block-rows", options->run.block_rows, "most points handled at once")->check(CLI::Range(1u, 65536u));
  run->add_option("--zone", options->run.zone, "zone of \"time\" in lambdas, such as Europe/Berlin; else TZ's or the machine's");
  run->add_flag("--live", options->run.live, "let sinks act instead of printing what they would do");
  run->add_flag("--json", options->run.json, "print alerts as JSON on a terminal too");
  AddScriptOptions(run, options);

  CLI::App *help = app.add_subcommand("help", "explain a diagnostic's code");
  help->add_option("code", options->topic, "the code in brackets behind a message")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    *status = app.exit(error) == 0 ? 0 : 1;
    return false;
  }
  if (list_functions || list_nodes || list_diagnostics) {
    options->command = Command::List;
    options->topic = list_functions ? "functions" : list_nodes ? "nodes" : "diagnostics";
    return true;
  }
  if (check->parsed()) options->command = Command::Check;
  if (fmt->parsed()) options->command = Command::Format;
  if (explain->parsed()) options->command = Command::Explain;
  if (vars->parsed()) options->command = Command::Vars;
  if (run->parsed()) options->command = Command::Run;
  if (help->parsed()) options->command = Command::Help;
  if (!ParsePrecision(precision, &options->run.precision)) {
    std::fprintf(stderr, "tickc: unknown precision '%s': use ns, us, ms, s, m or h\n", precision.c_str());
    *status = 1;
    return false;
  }
  if (options->command == Command::Format && options->inputs.empty()) options->inputs = {"-"};
  if (options->command != Command::Compile) return true;
  if (options->inputs.empty()) {
    std::fputs(app.help().c_str(), stderr);
    *status = 1;
    return false;
  }
  if (emit->count() == 0) {
    if (options->output.empty()) options->output = options->inputs[0] == "-" ? "-" : options->inputs[0].substr(0, options->inputs[0].size() - Suffix(options->inputs[0]).size()) + ".so";
    auto suffix = kSuffixes.find(Suffix(options->output));
    if (suffix != kSuffixes.end()) {
      options->emit = suffix->second;
    } else if (options->output != "-") {
      std::fprintf(stderr, "tickc: cannot tell from '%s' what to write: end it in .so, .o, .s, .ll, .bc or .tir, or say --emit\n",
                   options->output.c_str());
      *status = 1;
      return false;
    }
  }
  if (options->output.empty()) options->output = "-";
  return true;
}

}  // namespace tick
