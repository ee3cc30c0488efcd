// context.h - what all parts of the checker share: the script, where reports go, the dialect.
#pragma once

#include <string>
#include <vector>

#include "frontend/check/check.h"
#include "grammar/node_tables.h"

namespace tick::check {

struct Context {
  const Source &source;
  const CheckOptions &options;
  Diagnostics &diagnostics;
  NodeDialect dialect;

  bool dotted() const { return dialect == NodeDialect::Dotted; }
  // "line 3 char 5: " for Kapacitor's texts; 0.2 names no places.
  std::string at(uint32_t offset) const;
  // Reports; `kapacitor` is the whole text Kapacitor would give.
  Diagnostic &report(DiagId id, SourceRange range, std::vector<std::string> arguments, std::string kapacitor);
  // The script's text in `range`.
  std::string_view text(SourceRange range) const;
};

// Sets the hint "did you mean …" and what it would replace.
void Suggest(Diagnostic &diagnostic, std::string_view name, SourceRange replace);

}  // namespace tick::check
