// code_source_none.cpp - a daemon without a compiler: it takes tasks that tickc compiled, and no scripts.
#include "driver/code_source.h"

namespace tick {
namespace {

constexpr const char *kNone = "this kapacitord has no compiler: compile the script with tickc and define the .so";

class NoCompiler final : public CodeSource {
 public:
  CodeResult compile(const CodeRequest &) override { return {nullptr, kNone, ""}; }
  std::string format(const std::string &script) override { return script; }
  std::string parse_error(const std::string &) override { return kNone; }
};

}  // namespace

std::unique_ptr<CodeSource> MakeCodeSource() { return std::make_unique<NoCompiler>(); }

}  // namespace tick
