// diagnostics.cpp - collects what the stages report and puts it in order.
//
// In: reports, in the order the stages find them. Out: one diagnostic a cause, in the order of the source.
// The printers are in diagnostics_text.cpp, diagnostics_json.cpp and diagnostics_sarif.cpp.
#include "frontend/support/diagnostics.h"

#include <algorithm>

namespace tick {
namespace {

struct DiagRow {
  Severity severity;
  std::string_view code, text, help;
};
constexpr DiagRow kRows[] = {
#define TICK_DIAG(id, severity, code, text, help) {Severity::severity, code, text, help},
#include "grammar/diagnostics.def"
#undef TICK_DIAG
};

const DiagRow &Row(DiagId id) { return kRows[static_cast<size_t>(id)]; }

// Replaces {0}, {1}, …; arguments are not looked into, so a script's text may hold braces.
std::string Fill(std::string_view text, const std::vector<std::string> &arguments) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}' && text[i + 1] >= '0' && text[i + 1] <= '9') {
      size_t n = static_cast<size_t>(text[i + 1] - '0');
      if (n < arguments.size()) out += arguments[n];
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string_view DiagCode(DiagId id) { return Row(id).code; }
Severity DiagSeverity(DiagId id) { return Row(id).severity; }
std::string_view DiagHelp(DiagId id) { return Row(id).help; }

Diagnostic &Diagnostics::report(DiagId id, SourceRange range, std::vector<std::string> arguments) {
  Diagnostic &added = all_.emplace_back();
  added.id = id;
  added.range = range;
  added.caret = range.begin;
  added.message = Fill(Row(id).text, arguments);
  added.order = static_cast<uint32_t>(all_.size() - 1);
  return added;
}

bool Diagnostics::has_errors() const { return error_count() > 0; }

size_t Diagnostics::error_count() const {
  return static_cast<size_t>(std::count_if(
      all_.begin(), all_.end(), [](const Diagnostic &d) { return DiagSeverity(d.id) == Severity::Error; }));
}

void Diagnostics::finish() {
  std::sort(all_.begin(), all_.end(), [](const Diagnostic &a, const Diagnostic &b) {
    if (a.range.begin != b.range.begin) return a.range.begin < b.range.begin;
    if (DiagSeverity(a.id) != DiagSeverity(b.id)) return DiagSeverity(a.id) < DiagSeverity(b.id);
    return a.order < b.order;
  });
  auto same_cause = [](const Diagnostic &a, const Diagnostic &b) { return a.range.begin == b.range.begin; };
  all_.erase(std::unique(all_.begin(), all_.end(), same_cause), all_.end());
}

std::string Diagnostics::kapacitor() const {
  const Diagnostic *first = nullptr;
  for (const Diagnostic &d : all_)
    if (DiagSeverity(d.id) == Severity::Error && (!first || d.order < first->order)) first = &d;
  if (!first) return "";
  if (!first->kapacitor.empty()) return first->kapacitor;
  LineColumn place = source_.position(first->caret);
  return "line " + std::to_string(place.line) + " char " + std::to_string(place.column) + ": " + first->message;
}

}  // namespace tick
