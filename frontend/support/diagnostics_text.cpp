// diagnostics_text.cpp - diagnostics for a person: place, message, source line, carets, hint.
//
//   cpu.tick:7:32: error: `+` needs two operands of one type; left is int, right is string [mismatched-operands]
//       .crit(lambda: "usage" > 90 + 'pct')
//                               ~~~^~~~~~
//   hint: …
// Columns count bytes, as editors' goto does; carets are placed by character so that they stand under the text.
#include <algorithm>

#include "frontend/support/diagnostics.h"

namespace tick {
namespace {

constexpr size_t kLineLimit = 160;  // characters of a source line that are shown
constexpr size_t kBefore = 60;      // characters kept before the caret when the line is clipped

std::string_view SeverityWord(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "note";
}

struct Colors {
  std::string_view bold, red, yellow, green, off;
};
constexpr Colors kPlain{"", "", "", "", ""};
constexpr Colors kAnsi{"\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;32m", "\033[0m"};

// Bytes of the character at `i`; an invalid byte is a character of its own.
size_t CharLength(std::string_view text, size_t i) {
  unsigned char lead = static_cast<unsigned char>(text[i]);
  size_t n = lead < 0x80 ? 1 : lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  if (lead >= 0xf5 || i + n > text.size()) return 1;
  for (size_t k = 1; k < n; ++k)
    if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return 1;
  return n;
}

// The source line and the line of marks below it, built character by character.
struct Picture {
  std::string text, marks;
};

Picture Draw(std::string_view line, size_t begin, size_t end, size_t caret) {
  size_t clip = 0, characters = 0;
  std::vector<size_t> starts;
  for (size_t i = 0; i < line.size(); i += CharLength(line, i)) starts.push_back(i);
  characters = starts.size();
  size_t caret_character = static_cast<size_t>(std::lower_bound(starts.begin(), starts.end(), caret) - starts.begin());
  Picture out;
  if (characters > kLineLimit && caret_character > kBefore) {
    clip = caret_character - kBefore;
    out = {"...", "   "};
  }
  for (size_t n = clip; n < characters && n < clip + kLineLimit; ++n) {
    size_t i = starts[n], length = CharLength(line, i);
    unsigned char first = static_cast<unsigned char>(line[i]);
    bool printable = first == '\t' || (first >= 0x20 && first != 0x7f && (first < 0x80 || length > 1));
    out.text += printable ? std::string(line.substr(i, length)) : "?";
    out.marks += i == caret ? '^' : i >= begin && i < end ? '~' : first == '\t' ? '\t' : ' ';
  }
  if (clip + kLineLimit < characters) out.text += "...";
  if (caret >= line.size()) out.marks += '^';
  out.marks.erase(out.marks.find_last_not_of(" \t") + 1);
  return out;
}

void Print(const Diagnostic &d, const Source &source, const Colors &colors, std::string *out) {
  LineColumn place = source.position(d.caret);
  Severity severity = DiagSeverity(d.id);
  *out += colors.bold;
  *out += source.name + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
  *out += severity == Severity::Error ? colors.red : colors.yellow;
  *out += std::string(SeverityWord(severity)) + ": ";
  *out += colors.off;
  *out += colors.bold;
  *out += d.message;
  *out += colors.off;
  *out += " [" + std::string(DiagCode(d.id)) + "]\n";

  std::string_view line = source.line(d.caret);
  uint32_t line_begin = d.caret - (place.column - 1);
  if (d.caret > source.text.size()) line_begin = static_cast<uint32_t>(source.text.size()) - (place.column - 1);
  auto within = [&](uint32_t offset) { return offset <= line_begin ? 0 : size_t{offset} - line_begin; };
  Picture picture = Draw(line, within(d.range.begin), within(d.range.end), within(d.caret));
  *out += picture.text + "\n";
  *out += colors.green;
  *out += picture.marks;
  *out += colors.off;
  *out += "\n";
  if (!d.hint.empty()) *out += "hint: " + d.hint + "\n";
}

}  // namespace

std::string Diagnostics::text(bool color) const {
  std::string out;
  for (const Diagnostic &d : all_) Print(d, source_, color ? kAnsi : kPlain, &out);
  return out;
}

}  // namespace tick
