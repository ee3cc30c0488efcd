// diagnostics_sarif.cpp - diagnostics as SARIF 2.1.0, for editors and CI.
//
// Columns count characters there, not bytes. Text that is not UTF-8 is made so.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "frontend/support/diagnostics.h"

namespace tick {
namespace {

using Json = nlohmann::ordered_json;

const char *Level(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "note";
}

size_t CharacterColumn(const Source &source, uint32_t offset) {
  std::string_view before = source.line(offset).substr(0, source.position(offset).column - 1);
  return 1 + static_cast<size_t>(std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Json Region(const Source &source, SourceRange range) {
  return {{"startLine", source.position(range.begin).line}, {"startColumn", CharacterColumn(source, range.begin)},
          {"endLine", source.position(range.end).line},     {"endColumn", CharacterColumn(source, range.end)},
          {"byteOffset", range.begin},                      {"byteLength", range.end - range.begin}};
}

Json Result(const Diagnostic &d, const Source &source) {
  std::string text = d.hint.empty() ? d.message : d.message + "; " + d.hint;
  Json location = {
      {"physicalLocation", {{"artifactLocation", {{"uri", source.name}}}, {"region", Region(source, d.range)}}}};
  return {{"ruleId", DiagCode(d.id)},
          {"level", Level(DiagSeverity(d.id))},
          {"message", {{"text", text}}},
          {"locations", Json::array({location})}};
}

}  // namespace

std::string Diagnostics::sarif() const {
  Json rules = Json::array(), results = Json::array();
  std::vector<DiagId> seen;
  for (const Diagnostic &d : all_) {
    results.push_back(Result(d, source_));
    if (std::find(seen.begin(), seen.end(), d.id) != seen.end()) continue;
    seen.push_back(d.id);
    rules.push_back({{"id", DiagCode(d.id)}, {"fullDescription", {{"text", DiagHelp(d.id)}}}});
  }
  Json driver = {{"name", "tickc"}, {"rules", rules}};
  Json run = {{"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}};
  Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
              {"version", "2.1.0"},
              {"runs", Json::array({run})}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tick
