// diagnostics_json.cpp - diagnostics for programs: one JSON array.
//
// Lines and columns count from 1, columns in bytes; offsets are bytes from 0. Text that is not UTF-8 is made so,
// since the script it quotes may hold any bytes.
#include <nlohmann/json.hpp>

#include "frontend/support/diagnostics.h"

namespace tick {
namespace {

using Json = nlohmann::ordered_json;

const char *SeverityWord(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "note";
}

Json Range(const Source &source, SourceRange range) {
  LineColumn from = source.position(range.begin), to = source.position(range.end);
  return {{"line", from.line},       {"column", from.column}, {"endLine", to.line},
          {"endColumn", to.column}, {"begin", range.begin},  {"end", range.end}};
}

}  // namespace

std::string Diagnostics::json() const {
  Json list = Json::array();
  for (const Diagnostic &d : all_) {
    LineColumn at = source_.position(d.caret);
    Json item = {{"file", source_.name},
                 {"line", at.line},
                 {"column", at.column},
                 {"range", Range(source_, d.range)},
                 {"severity", SeverityWord(DiagSeverity(d.id))},
                 {"code", DiagCode(d.id)},
                 {"message", d.message}};
    if (!d.hint.empty()) item["hint"] = d.hint;
    if (d.hint_range.end > d.hint_range.begin) item["hintRange"] = Range(source_, d.hint_range);
    if (!d.kapacitor.empty()) item["kapacitor"] = d.kapacitor;
    list.push_back(std::move(item));
  }
  return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tick
