// utf8.cpp - runes as Go sees them. Tables: unicode_tables.inc.
#include "runtime/text/utf8.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace tick {
namespace {

struct CaseRun {
  char32_t first, last;
  uint32_t stride;
  int32_t delta;
};
struct RuneRange {
  char32_t first, last;
};
#include "runtime/text/unicode_tables.inc"

template <class Run, size_t n>
const Run *FindRun(const Run (&runs)[n], char32_t rune) {
  const Run *it = std::lower_bound(std::begin(runs), std::end(runs), rune,
                                   [](const Run &run, char32_t r) { return run.last < r; });
  return it != std::end(runs) && it->first <= rune ? it : nullptr;
}

template <size_t n>
char32_t Map(const CaseRun (&runs)[n], char32_t rune) {
  const CaseRun *run = FindRun(runs, rune);
  return run && (rune - run->first) % run->stride == 0 ? rune + static_cast<char32_t>(run->delta) : rune;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

template <class F>
void AppendMapped(std::string &out, std::string_view text, F map) {
  while (!text.empty()) {
    Rune rune = DecodeRune(text);
    AppendRune(out, map(rune.value));
    text.remove_prefix(rune.width);
  }
}

void AppendHex(std::string &out, uint32_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) out += "0123456789abcdef"[(value >> (4 * i)) & 15];
}

void AppendQuoted(std::string &out, Rune rune, std::string_view bytes, char quote) {
  char32_t c = rune.value;
  if (c == kRuneError && rune.width == 1) {
    out += "\\x";
    return AppendHex(out, static_cast<unsigned char>(bytes[0]), 2);
  }
  if (c == static_cast<char32_t>(quote) || c == '\\') {
    out += '\\';
    out += static_cast<char>(c);
    return;
  }
  if (IsPrintRune(c)) return AppendRune(out, c);
  static constexpr std::array<std::pair<char32_t, char>, 7> kShort = {
      {{'\a', 'a'}, {'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}, {'\v', 'v'}}};
  for (auto [control, letter] : kShort)
    if (c == control) {
      out += '\\';
      out += letter;
      return;
    }
  if (c < ' ' || c == 0x7F) {
    out += "\\x";
    AppendHex(out, c, 2);
  } else if (c < 0x10000) {
    out += "\\u";
    AppendHex(out, c, 4);
  } else {
    out += "\\U";
    AppendHex(out, c, 8);
  }
}

}  // namespace

Rune DecodeRune(std::string_view text) {
  if (text.empty()) return {kRuneError, 0};
  auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = at(0);
  if (first < 0x80) return {first, 1};
  uint32_t width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < width) return {kRuneError, 1};
  // The second byte's range excludes overlong forms, surrogates and numbers past U+10FFFF.
  unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < low || at(1) > high) return {kRuneError, 1};
  char32_t value = first & (0x7F >> width);
  for (uint32_t i = 1; i < width; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {kRuneError, 1};
    value = value << 6 | (at(i) & 0x3F);
  }
  return {value, width};
}

Rune DecodeLastRune(std::string_view text) {
  if (text.empty()) return {kRuneError, 0};
  size_t limit = std::min<size_t>(text.size(), 4);
  for (size_t back = 1; back <= limit; ++back) {
    std::string_view tail = text.substr(text.size() - back);
    if ((static_cast<unsigned char>(tail[0]) & 0xC0) == 0x80) continue;
    Rune rune = DecodeRune(tail);
    return rune.width == back ? rune : Rune{kRuneError, 1};
  }
  return {kRuneError, 1};
}

void AppendRune(std::string &out, char32_t rune) {
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000)) rune = kRuneError;
  if (rune < 0x80) {
    out += static_cast<char>(rune);
    return;
  }
  int width = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
  static constexpr unsigned char kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[width] | rune >> (6 * (width - 1)));
  for (int i = width - 2; i >= 0; --i) out += static_cast<char>(0x80 | ((rune >> (6 * i)) & 0x3F));
}

size_t CountRunes(std::string_view text) {
  size_t n = 0;
  for (; !text.empty(); ++n) text.remove_prefix(DecodeRune(text).width);
  return n;
}

bool IsSpaceRune(char32_t rune) {
  return (rune >= 0x09 && rune <= 0x0D) || rune == 0x20 || rune == 0x85 || rune == 0xA0 || rune == 0x1680 ||
         (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 || rune == 0x2029 || rune == 0x202F ||
         rune == 0x205F || rune == 0x3000;
}

bool IsPrintRune(char32_t rune) { return rune == ' ' || FindRun(kPrintable, rune); }
bool IsLetterOrDigit(char32_t rune) { return FindRun(kLetterOrDigit, rune); }
char32_t UpperRune(char32_t rune) { return Map(kToUpper, rune); }
char32_t LowerRune(char32_t rune) { return Map(kToLower, rune); }

std::string_view TrimSpace(std::string_view text) {
  for (Rune r = DecodeRune(text); r.width && IsSpaceRune(r.value); r = DecodeRune(text)) text.remove_prefix(r.width);
  for (Rune r = DecodeLastRune(text); r.width && IsSpaceRune(r.value); r = DecodeLastRune(text))
    text.remove_suffix(r.width);
  return text;
}

void AppendUpper(std::string &out, std::string_view text) {
  if (!IsAscii(text)) return AppendMapped(out, text, UpperRune);
  for (char c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

void AppendLower(std::string &out, std::string_view text) {
  if (!IsAscii(text)) return AppendMapped(out, text, LowerRune);
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string ToUpper(std::string_view text) {
  std::string out;
  AppendUpper(out, text);
  return out;
}

std::string ToLower(std::string_view text) {
  std::string out;
  AppendLower(out, text);
  return out;
}

std::string GoQuote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    Rune rune = DecodeRune(text);
    AppendQuoted(out, rune, text, '"');
    text.remove_prefix(rune.width);
  }
  return out + '"';
}

std::string GoQuoteRune(char32_t rune) {
  std::string out = "'";
  AppendQuoted(out, {rune, 0}, {}, '\'');
  return out + '\'';
}

}  // namespace tick
