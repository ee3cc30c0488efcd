// diagnostics_page.cpp - the table of diagnostics as a page and as `tickc help`.
#include "driver/listings.h"
#include "frontend/support/diagnostics.h"

namespace tick {
namespace {

struct DiagnosticRow {
  std::string_view severity, code, text, help;
};
constexpr DiagnosticRow kRows[] = {
#define TICK_DIAG(id, severity, code, text, help) {#severity, code, text, help},
#include "grammar/diagnostics.def"
#undef TICK_DIAG
};

}  // namespace

std::string DiagnosticsMarkdown() {
  std::string page =
      "# Diagnostics\n\nWhat `tickc` and `kapacitord` say against a script. `tickc help CODE` prints a paragraph.\n";
  for (const DiagnosticRow &row : kRows) {
    page += "\n## " + std::string(row.code) + "\n\n";
    page += (row.severity == "Error" ? "`" : std::string(row.severity) + ": `") + std::string(row.text) + "`\n\n";
    page += std::string(row.help) + "\n";
  }
  return page;
}

std::string DiagnosticHelp(std::string_view code) {
  for (const DiagnosticRow &row : kRows)
    if (row.code == code)
      return std::string(row.code) + ": " + std::string(row.text) + "\n\n" + std::string(row.help) + "\n";
  return "";
}

}  // namespace tick
