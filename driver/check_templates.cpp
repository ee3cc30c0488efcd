// check_templates.cpp - parses the alerts' templates with the runtime's parser and places its messages in the script.
//
// In: a graph, raw or canonical. Out: an error for a template that does not parse, a warning for a field that no event
// has. The template parser names a line of the text; a text in one line is marked whole.
#include "driver/check_templates.h"

#include <charconv>

#include "frontend/ir/stage.h"
#include "runtime/alert/template/template.h"

namespace tick {
namespace {

constexpr std::string_view kIdFields[] = {"Name", "TaskName", "Group", "Tags", "ServerInfo"};
constexpr std::string_view kMessageFields[] = {"Name",  "TaskName", "Group", "Tags", "ServerInfo",
                                               "ID",    "Fields",   "Level", "Time", "Duration"};
constexpr std::string_view kDetailsFields[] = {"Name", "TaskName", "Group", "Tags", "ServerInfo", "ID",
                                               "Fields", "Level",  "Time",  "Duration", "Message"};
constexpr std::string_view kOldIdFields[] = {"Name", "Group", "Tags"};
constexpr std::string_view kOldMessageFields[] = {"Name", "Group", "Tags", "ID", "Fields", "Level"};

struct TemplateRow {
  std::string_view property;
  tmpl::Mode mode;
  std::span<const std::string_view> fields, old_fields;
};
constexpr TemplateRow kTemplates[] = {{"id", tmpl::Mode::Text, kIdFields, kOldIdFields},
                                      {"message", tmpl::Mode::Text, kMessageFields, kOldMessageFields},
                                      {"details", tmpl::Mode::Html, kDetailsFields, kMessageFields}};

// Bytes of the literal before its text: the quotes; 0 where the text stands somewhere else (a variable).
uint32_t Quotes(const Source &source, SourceRange range) {
  std::string_view text(source.text);
  if (range.end > text.size() || range.begin >= range.end || text[range.begin] != '\'') return 0;
  return text.substr(range.begin).starts_with("'''") && range.end - range.begin >= 6 ? 3 : 1;
}

// "template: message:2: unexpected EOF": the line and what is said of it.
void Split(std::string_view error, std::string_view name, uint32_t *line, std::string *what) {
  std::string prefix = "template: " + std::string(name) + ":";
  *what = error;
  if (!error.starts_with(prefix)) return;
  error.remove_prefix(prefix.size());
  auto [rest, failed] = std::from_chars(error.data(), error.data() + error.size(), *line);
  if (failed != std::errc()) return;
  error.remove_prefix(static_cast<size_t>(rest - error.data()));
  size_t blank = error.find(' ');
  if (blank != std::string_view::npos) *what = error.substr(blank + 1);
}

// The range of a line of the literal's text, or all of it where it has one line only.
SourceRange LineRange(const Source &source, SourceRange literal, uint32_t line) {
  uint32_t begin = literal.begin + Quotes(source, literal);
  if (begin == literal.begin || line <= 1) return literal;
  for (; line > 1; --line) {
    size_t at = source.text.find('\n', begin);
    if (at >= literal.end) return literal;
    begin = static_cast<uint32_t>(at) + 1;
  }
  return {begin, std::min<uint32_t>(literal.end, static_cast<uint32_t>(source.text.find('\n', begin)))};
}

bool Check(const TemplateRow &row, const ir::Arg &arg, bool old, Diagnostics &diagnostics) {
  std::string error;
  std::unique_ptr<tmpl::Template> parsed = tmpl::Template::Parse(row.property, arg.literal.s, row.mode, &error);
  if (!parsed) {
    uint32_t line = 1;
    std::string what;
    Split(error, row.property, &line, &what);
    diagnostics
        .report(DiagId::TemplateSyntax, LineRange(diagnostics.source(), arg.range, line),
                {std::string(row.property), what})
        .kapacitor = error;
    return false;
  }
  tmpl::Template::Place place;
  if (!parsed->reads_unknown(old ? row.old_fields : row.fields, &place)) return true;
  uint32_t quotes = Quotes(diagnostics.source(), arg.range);
  SourceRange range = arg.range;
  // Escaped quotes move what follows them, so the place is taken only where the name stands.
  uint32_t at = arg.range.begin + quotes + place.at;
  for (uint32_t begin = at > 0 ? at - 1 : 0; quotes && begin <= at + 1; ++begin)
    if (std::string_view(diagnostics.source().text).substr(begin).starts_with(place.name))
      range = {begin, begin + static_cast<uint32_t>(place.name.size())};
  Diagnostic &diagnostic =
      diagnostics.report(DiagId::TemplateField, range, {std::string(row.property), std::string(place.name)});
  auto known = old ? row.old_fields : row.fields;
  std::string_view near = NearName(place.name, {known.begin(), known.end()});
  if (!near.empty())
    diagnostic.hint = "did you mean `." + std::string(near) + "`?";
  else if (row.property != "id")
    diagnostic.hint = "a field of the point is `{{ index .Fields \"" + std::string(place.name) +
                      "\" }}`, a tag `{{ index .Tags \"" + std::string(place.name) + "\" }}`";
  return true;
}

}  // namespace

bool CheckTemplates(const ir::Graph &graph, Diagnostics &diagnostics) {
  bool good = true;
  for (const ir::Stage &stage : graph.stages) {
    if (stage.kind != "alert") continue;
    for (const TemplateRow &row : kTemplates) {
      const ir::Property *property = ir::FindProperty(stage, row.property);
      if (!property || property->args.empty() || property->args[0].type != Type::String) continue;
      good &= Check(row, property->args[0], graph.dialect == 2, diagnostics);
    }
  }
  return good;
}

}  // namespace tick
