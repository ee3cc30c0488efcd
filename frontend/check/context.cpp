// context.cpp - places and reports in the words of both Kapacitor and this compiler.
#include "frontend/check/context.h"

#include <algorithm>

namespace tick::check {

std::string Context::at(uint32_t offset) const {
  if (dotted()) return "";
  LineColumn place = source.position(offset);
  return "line " + std::to_string(place.line) + " char " + std::to_string(place.column) + ": ";
}

Diagnostic &Context::report(DiagId id, SourceRange range, std::vector<std::string> arguments, std::string kapacitor) {
  Diagnostic &diagnostic = diagnostics.report(id, range, std::move(arguments));
  diagnostic.kapacitor = std::move(kapacitor);
  return diagnostic;
}

std::string_view Context::text(SourceRange range) const {
  size_t end = std::min<size_t>(range.end, source.text.size());
  return range.begin < end ? std::string_view(source.text).substr(range.begin, end - range.begin) : std::string_view();
}

void Suggest(Diagnostic &diagnostic, std::string_view name, SourceRange replace) {
  if (name.empty()) return;
  diagnostic.hint = "did you mean `" + std::string(name) + "`?";
  diagnostic.hint_range = replace;
}

}  // namespace tick::check
