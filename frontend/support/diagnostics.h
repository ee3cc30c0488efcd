// diagnostics.h - what the compiler tells its user.
//
// In: reports with a code of grammar/diagnostics.def, a range and arguments. Out: text with carets, JSON or
// SARIF, in the order of the source. User mistakes always end here and never in an assert; a stage that
// reported an error returns nothing and its caller stops.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frontend/support/source.h"

namespace tick {

enum class DiagId : uint16_t {
#define TICK_DIAG(id, severity, code, text, help) id,
#include "grammar/diagnostics.def"
#undef TICK_DIAG
};
enum class Severity : uint8_t { Error, Warning, Note };

struct Diagnostic {
  DiagId id;
  SourceRange range;
  uint32_t caret = 0;      // the byte that `line:col` names and `^` marks, within range; range.begin unless set
  std::string message;     // one line, lower case, no final period
  std::string hint;        // one line, may be empty
  SourceRange hint_range;  // what the hint would replace; empty: none
  std::string kapacitor;   // Kapacitor's wording of the same error ("line 1 char 8: …"), for the API
  uint32_t order = 0;      // how many were reported before: Kapacitor stops at the first
};

std::string_view DiagCode(DiagId id);  // "unknown-method"
Severity DiagSeverity(DiagId id);
std::string_view DiagHelp(DiagId id);  // the paragraph of docs/diagnostics.md

class Diagnostics {
 public:
  explicit Diagnostics(const Source &source) : source_(source) {}
  // The message is the row's text with {0}, {1}, … replaced. Valid until the next report.
  Diagnostic &report(DiagId id, SourceRange range, std::vector<std::string> arguments = {});
  bool has_errors() const;
  size_t error_count() const;
  const std::vector<Diagnostic> &all() const { return all_; }
  const Source &source() const { return source_; }
  // Sorts by place and leaves one a cause: the first of those that begin at the same byte, errors before warnings.
  void finish();

  std::string text(bool color = false) const;  // file:line:col: error: message [code], source line, carets, hint
  std::string json() const;
  std::string sarif() const;
  // The error that was reported first, as Kapacitor would say it, one line.
  std::string kapacitor() const;

 private:
  const Source &source_;
  std::vector<Diagnostic> all_;
};

// The name out of `names` that is one edit (or a change of case) away from `name`, or "".
std::string_view NearName(std::string_view name, const std::vector<std::string_view> &names);

}  // namespace tick
