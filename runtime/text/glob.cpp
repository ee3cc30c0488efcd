// glob.cpp - shell globs.
#include "runtime/text/glob.h"

#include "runtime/text/utf8.h"

namespace tick {
namespace {

// Matches one element of a pattern (`?`, `[…]`, `\x`, a rune) against a rune; advances the pattern behind it.
enum class Match { No, Yes, Bad };

Match MatchClass(std::string_view *pattern, char32_t rune) {
  bool negated = !pattern->empty() && pattern->front() == '^';
  if (negated) pattern->remove_prefix(1);
  bool hit = false, any = false;
  auto next = [&](char32_t *out) {
    if (!pattern->empty() && pattern->front() == '\\') pattern->remove_prefix(1);
    if (pattern->empty()) return false;
    Rune r = DecodeRune(*pattern);
    pattern->remove_prefix(r.width);
    *out = r.value;
    return true;
  };
  for (;;) {
    if (!pattern->empty() && pattern->front() == ']' && any) {
      pattern->remove_prefix(1);
      return hit != negated ? Match::Yes : Match::No;
    }
    char32_t low, high;
    if (pattern->empty() || pattern->front() == '-' || pattern->front() == ']' || !next(&low)) return Match::Bad;
    high = low;
    if (!pattern->empty() && pattern->front() == '-') {
      pattern->remove_prefix(1);
      if (pattern->empty() || pattern->front() == ']' || !next(&high)) return Match::Bad;
    }
    any = true;
    if (low <= rune && rune <= high) hit = true;
  }
}

// Whether the pattern's first element, which is no `*`, takes the text's first rune; advances both.
bool TakeOne(std::string_view *pattern, std::string_view *text, bool *bad) {
  Rune rune = text->empty() ? Rune{0, 0} : DecodeRune(*text);
  text->remove_prefix(rune.width);
  bool end = rune.width == 0;
  char first = pattern->front();
  if (first == '[') {
    pattern->remove_prefix(1);
    Match match = MatchClass(pattern, rune.value);
    *bad = *bad || match == Match::Bad;
    return match == Match::Yes && !end;
  }
  if (first == '\\') {
    pattern->remove_prefix(1);
    if (pattern->empty()) return !(*bad = true);
  }
  Rune wanted = DecodeRune(*pattern);
  pattern->remove_prefix(wanted.width);
  return !end && (first == '?' ? rune.value != '/' : rune.value == wanted.value);
}

// After a mismatch the last `*` takes one rune more; earlier ones need not be tried again.
bool GlobFrom(std::string_view pattern, std::string_view text, bool *bad) {
  std::string_view behind_star, rest;
  bool star = false;
  for (;;) {
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      behind_star = pattern;
      rest = text;
      star = true;
      continue;
    }
    if (pattern.empty() && text.empty()) return true;
    if (!pattern.empty() && TakeOne(&pattern, &text, bad)) continue;
    if (*bad || !star || rest.empty() || rest.front() == '/') return false;
    rest.remove_prefix(DecodeRune(rest).width);
    pattern = behind_star;
    text = rest;
  }
}

}  // namespace

bool MatchesGlob(std::string_view pattern, std::string_view text, bool *bad) {
  if (pattern.empty()) return true;
  bool malformed = false;
  bool matched = GlobFrom(pattern, text, &malformed);
  if (bad) *bad = malformed;
  return matched && !malformed;
}

}  // namespace tick
