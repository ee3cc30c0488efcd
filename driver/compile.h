// compile.h - the whole compiler as a library: text in, graph or code out.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "codegen/codegen.h"
#include "frontend/check/check.h"
#include "frontend/parse/parse.h"

namespace tick {

struct FrontendOptions {
  CheckOptions check;
  DialectChoice dialect = DialectChoice::Automatic;
  bool notes = false;  // tell what is right for some data only
};

// Parse, check, canonicalize. Nothing having reported: all mistakes of the script, whichever stage finds them.
std::optional<ir::Graph> CompileToIr(const Source &source, const FrontendOptions &options, Diagnostics &diagnostics);

// Frontend and JIT behind the runtime's interface.
class JitSource final : public CodeSource {
 public:
  explicit JitSource(FrontendOptions options = {}) : options_(std::move(options)) {}
  void declare(std::vector<UdfFunction> functions) override;
  CodeResult compile(const CodeRequest &request) override;
  std::string format(const std::string &script) override;
  std::string parse_error(const std::string &script) override;

 private:
  FrontendOptions options_;
  Jit jit_;
};

}  // namespace tick
