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

bool GlobFrom(std::string_view pattern, std::string_view text, bool *bad) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      while (!pattern.empty() && pattern.front() == '*') pattern.remove_prefix(1);
      for (;;) {
        if (GlobFrom(pattern, text, bad)) return true;
        if (*bad || text.empty() || text.front() == '/') return false;
        text.remove_prefix(DecodeRune(text).width);
      }
    }
    char32_t rune = 0;
    bool end = text.empty();
    if (!end) {
      Rune r = DecodeRune(text);
      rune = r.value;
      text.remove_prefix(r.width);
    }
    char first = pattern.front();
    if (first == '[') {
      pattern.remove_prefix(1);
      Match match = MatchClass(&pattern, rune);
      if (match == Match::Bad) *bad = true;
      if (match != Match::Yes || end) return false;
      continue;
    }
    if (first == '\\') {
      pattern.remove_prefix(1);
      if (pattern.empty()) {
        *bad = true;
        return false;
      }
    }
    Rune wanted = DecodeRune(pattern);
    pattern.remove_prefix(wanted.width);
    if (end || (first == '?' ? rune == '/' : rune != wanted.value)) return false;
  }
  return text.empty();
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
