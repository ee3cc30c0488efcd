// regex.cpp - matching, and regexReplace() with Go's replacement templates.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "runtime/abi/symbols.h"
#include "runtime/lambda/string_out.h"
#include "runtime/text/utf8.h"

namespace {

using tick::DecodeRune;
using tick::View;

// What stands behind a `$`: a group's name, in braces or the longest run of letters, digits and `_`.
struct GroupName {
  std::string_view name;
  size_t size = 0;  // bytes of the template it took; 0: no name, the `$` is text
};
GroupName TakeName(std::string_view text) {
  bool brace = text.starts_with('{');
  size_t start = brace ? 1 : 0, end = start;
  while (end < text.size()) {
    tick::Rune rune = DecodeRune(text.substr(end));
    if (rune.value != '_' && !tick::IsLetterOrDigit(rune.value)) break;
    end += rune.width;
  }
  if (end == start || (brace && (end == text.size() || text[end] != '}'))) return {};
  return {text.substr(start, end - start), end + (brace ? 1 : 0)};
}

// A group's number, or -1 where no such group is. A number has no leading zeros; a name that is a number is one.
int GroupOf(const re2::RE2 &regex, std::string_view name) {
  int number = 0;
  for (char c : name) number = number < 0 || c < '0' || c > '9' || number >= 100000000 ? -1 : number * 10 + (c - '0');
  if (name.size() > 1 && name[0] == '0') number = -1;
  if (number >= 0) return number <= regex.NumberOfCapturingGroups() ? number : -1;
  const auto &named = regex.NamedCapturingGroups();
  auto it = named.find(std::string(name));
  return it == named.end() ? -1 : it->second;
}

void Expand(std::string &out, const re2::RE2 &regex, std::string_view replacement,
            const std::vector<re2::StringPiece> &groups) {
  while (!replacement.empty()) {
    size_t dollar = replacement.find('$');
    out += replacement.substr(0, dollar);
    if (dollar == std::string_view::npos) return;
    replacement.remove_prefix(dollar + 1);
    if (replacement.starts_with('$')) {
      out += '$';
      replacement.remove_prefix(1);
      continue;
    }
    GroupName name = TakeName(replacement);
    if (!name.size) {
      out += '$';
      continue;
    }
    int group = GroupOf(regex, name.name);
    if (group >= 0 && groups[static_cast<size_t>(group)].data())
      out.append(groups[static_cast<size_t>(group)].data(), groups[static_cast<size_t>(group)].size());
    replacement.remove_prefix(name.size);
  }
}

// Go's rule for empty matches: none directly behind another match; always go on by a rune at least.
void ReplaceAll(std::string &out, const re2::RE2 &regex, std::string_view text, std::string_view replacement) {
  thread_local std::vector<re2::StringPiece> groups;
  groups.resize(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1);
  re2::StringPiece piece(text.data(), text.size());
  size_t last = 0, at = 0;
  while (at <= text.size() &&
         regex.Match(piece, at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) {
    size_t start = static_cast<size_t>(groups[0].data() - text.data()), end = start + groups[0].size();
    out += text.substr(last, start - last);
    if (end > last || start == 0) Expand(out, regex, replacement, groups);
    last = end;
    size_t width = at < text.size() ? DecodeRune(text.substr(at)).width : 1;
    at = std::max(at + width, end);
  }
  if (last < text.size()) out += text.substr(last);
}

}  // namespace

extern "C" {

uint8_t tick_regex_match(const void *regex, const char *data, uint64_t size) {
  const re2::RE2 &re = *static_cast<const re2::RE2 *>(regex);
  return re.Match({data, size}, 0, size, re2::RE2::UNANCHORED, nullptr, 0);
}

void tick_fn_regexReplace_rss(tick_context *context, const void *regex, const tick_string *s, const tick_string *with,
                              tick_string *out) {
  std::string &text = tick::Scratch();
  // An empty string may have no address, and RE2 takes that for "no group".
  std::string_view input = s->size ? View(*s) : std::string_view("");
  ReplaceAll(text, *static_cast<const re2::RE2 *>(regex), input, View(*with));
  tick::Keep(context, text, out);
}
}
