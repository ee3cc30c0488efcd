// escape.cpp - replacements by table, one table a place.
#include "runtime/alert/template/escape.h"

#include <strings.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "runtime/text/copy_plain.h"
#include "runtime/text/utf8.h"

namespace tick::tmpl {
namespace {

// What stands for each ASCII character; empty: itself.
using Table = std::array<std::string_view, 128>;
struct Row {
  char c;
  std::string_view text;
};
template <size_t N>
constexpr Table MakeTable(const Row (&rows)[N]) {
  Table table{};
  for (const Row &row : rows) table[static_cast<size_t>(row.c)] = row.text;
  return table;
}

constexpr Row kFunctionHtmlRows[] = {{0, "\uFFFD"},  {'"', "&#34;"}, {'\'', "&#39;"},
                                     {'&', "&amp;"}, {'<', "&lt;"},  {'>', "&gt;"}};
constexpr Row kHtmlRows[] = {{0, "\uFFFD"},  {'"', "&#34;"}, {'\'', "&#39;"}, {'&', "&amp;"},
                             {'+', "&#43;"}, {'<', "&lt;"},  {'>', "&gt;"}};
constexpr Row kHtmlNormalizedRows[] = {{0, "\uFFFD"},  {'"', "&#34;"}, {'\'', "&#39;"},
                                       {'+', "&#43;"}, {'<', "&lt;"},  {'>', "&gt;"}};
constexpr Row kUnquotedRows[] = {{0, "&#xfffd;"}, {'\t', "&#9;"}, {'\n', "&#10;"}, {'\v', "&#11;"}, {'\f', "&#12;"},
                                 {'\r', "&#13;"}, {' ', "&#32;"}, {'"', "&#34;"},  {'&', "&amp;"},  {'\'', "&#39;"},
                                 {'+', "&#43;"},  {'<', "&lt;"},  {'=', "&#61;"},  {'>', "&gt;"},   {'`', "&#96;"}};
constexpr Row kJsStringRows[] = {{0, "\\u0000"},   {'\t', "\\t"},     {'\n', "\\n"},    {'\v', "\\u000b"},
                                 {'\f', "\\f"},    {'\r', "\\r"},     {'"', "\\u0022"}, {'`', "\\u0060"},
                                 {'&', "\\u0026"}, {'\'', "\\u0027"}, {'+', "\\u002b"}, {'/', "\\/"},
                                 {'<', "\\u003c"}, {'>', "\\u003e"},  {'\\', "\\\\"}};
constexpr Row kJsRegexpRows[] = {
    {0, "\\u0000"},   {'\t', "\\t"},    {'\n', "\\n"},    {'\v', "\\u000b"}, {'\f', "\\f"}, {'\r', "\\r"},
    {'"', "\\u0022"}, {'$', "\\$"},     {'&', "\\u0026"}, {'\'', "\\u0027"}, {'(', "\\("},  {')', "\\)"},
    {'*', "\\*"},     {'+', "\\u002b"}, {'-', "\\-"},     {'.', "\\."},      {'/', "\\/"},  {'<', "\\u003c"},
    {'>', "\\u003e"}, {'?', "\\?"},     {'[', "\\["},     {'\\', "\\\\"},    {']', "\\]"},  {'^', "\\^"},
    {'{', "\\{"},     {'|', "\\|"},     {'}', "\\}"}};
constexpr Row kCssRows[] = {{0, "\\0"},    {'\t', "\\9"},  {'\n', "\\a"},  {'\f', "\\c"}, {'\r', "\\d"},
                            {'"', "\\22"}, {'&', "\\26"},  {'\'', "\\27"}, {'(', "\\28"}, {')', "\\29"},
                            {'+', "\\2b"}, {'/', "\\2f"},  {':', "\\3a"},  {';', "\\3b"}, {'<', "\\3c"},
                            {'>', "\\3e"}, {'\\', "\\\\"}, {'{', "\\7b"},  {'}', "\\7d"}};
constexpr Table kFunctionHtml = MakeTable(kFunctionHtmlRows), kHtml = MakeTable(kHtmlRows),
                kHtmlNormalized = MakeTable(kHtmlNormalizedRows), kUnquoted = MakeTable(kUnquotedRows),
                kJsString = MakeTable(kJsStringRows), kJsRegexp = MakeTable(kJsRegexpRows), kCss = MakeTable(kCssRows);

// The same by byte: up to seven bytes, from the lowest on, and in the eighth how many; none for what is longer.
using Words = std::array<uint64_t, 256>;
Words MakeWords(const Table &table) {
  Words words{};
  for (unsigned c = 0; c < 256; ++c) {
    char itself[] = {static_cast<char>(c)};
    std::string_view text = c < 128 && !table[c].empty() ? table[c] : std::string_view(itself, 1);
    if (text.size() > 7) continue;
    for (size_t i = 0; i < text.size(); ++i) words[c] |= uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
    words[c] |= uint64_t{text.size()} << 56;
  }
  return words;
}
const Words kFunctionHtmlWords = MakeWords(kFunctionHtml), kHtmlWords = MakeWords(kHtml),
                kHtmlNormalizedWords = MakeWords(kHtmlNormalized), kUnquotedWords = MakeWords(kUnquoted);

// A bit for each byte that one of these tables may replace.
uint32_t Replaceable(__m128i bytes) {
  auto is = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
  __m128i low = _mm_andnot_si128(_mm_cmplt_epi8(bytes, _mm_setzero_si128()), _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21)));
  __m128i quotes = _mm_or_si128(_mm_or_si128(is('"'), is('\'')), _mm_or_si128(is('&'), is('`')));
  __m128i marks = _mm_or_si128(_mm_or_si128(is('<'), is('>')), _mm_or_si128(is('+'), is('=')));
  return static_cast<uint32_t>(_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quotes, marks))));
}

void Replace(std::string &out, std::string_view text, const Words &words, const Table &table) {
  auto write = [&](char *to, const char **at, const char *) __attribute__((always_inline)) -> size_t {
    auto byte = static_cast<unsigned char>(*(*at)++);
    uint64_t word = words[byte];
    std::memcpy(to, &word, sizeof word);
    return word ? word >> 56 : table[byte].copy(to, table[byte].size());
  };
  AppendReplaced(out, text, [](__m128i bytes) { return Replaceable(bytes); }, write);
}

// JavaScript ends lines at U+2028 and U+2029; other control characters get their code.
void ReplaceJs(std::string &out, std::string_view text, const Table &table) {
  for (size_t i = 0; i < text.size();) {
    Rune rune = DecodeRune(text.substr(i));
    if (rune.value < 128 && !table[rune.value].empty())
      out += table[rune.value];
    else if (rune.value < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(rune.value));
      out += code;
    } else if (rune.value == 0x2028)
      out += "\\u2028";
    else if (rune.value == 0x2029)
      out += "\\u2029";
    else
      out += text.substr(i, rune.width);
    i += rune.width;
  }
}

bool IsHex(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }
bool IsAlphanumeric(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); }

void AppendPercent(std::string &out, char c, const char *digits) {
  unsigned char byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

}  // namespace

void EscapeHtml(std::string &out, std::string_view text) { Replace(out, text, kFunctionHtmlWords, kFunctionHtml); }
void EscapeHtmlText(std::string &out, std::string_view text) { Replace(out, text, kHtmlWords, kHtml); }
void EscapeHtmlNormalized(std::string &out, std::string_view text) { Replace(out, text, kHtmlNormalizedWords, kHtmlNormalized); }
void EscapeHtmlUnquoted(std::string &out, std::string_view text) { Replace(out, text, kUnquotedWords, kUnquoted); }
void EscapeJsString(std::string &out, std::string_view text) { ReplaceJs(out, text, kJsString); }
void EscapeJsRegexp(std::string &out, std::string_view text) {
  if (text.empty()) out += "(?:)";  // an empty expression would begin a comment
  ReplaceJs(out, text, kJsRegexp);
}

void EscapeJs(std::string &out, std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    Rune rune = DecodeRune(text.substr(i));
    char code[16] = "";
    switch (rune.value) {
      case '\\':
        out += "\\\\";
        break;
      case '\'':
        out += "\\'";
        break;
      case '"':
        out += "\\\"";
        break;
      case '<':
      case '>':
      case '&':
      case '=':
        std::snprintf(code, sizeof code, "\\u%04X", static_cast<unsigned>(rune.value));
        out += code;
        break;
      default:
        if (rune.value < 0x20 || (rune.value >= 0x80 && !IsPrintRune(rune.value))) {
          std::snprintf(code, sizeof code, "\\u%04X", static_cast<unsigned>(rune.value));
          out += code;
        } else {
          out += text.substr(i, rune.width);
        }
    }
    i += rune.width;
  }
}

void EscapeQuery(std::string &out, std::string_view text) {
  for (char c : text) {
    if (IsAlphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~')
      out += c;
    else if (c == ' ')
      out += '+';
    else
      AppendPercent(out, c, "0123456789ABCDEF");
  }
}

namespace {
void ProcessUrl(std::string &out, std::string_view text, bool normalize) {
  constexpr std::string_view kReserved = "!#$&*+,/:;=?@[]";
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool keep = IsAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
    if (normalize) {
      keep = keep || kReserved.find(c) != kReserved.npos;
      keep = keep || (c == '%' && i + 2 < text.size() && IsHex(text[i + 1]) && IsHex(text[i + 2]));
    }
    if (keep)
      out += c;
    else
      AppendPercent(out, c, "0123456789abcdef");
  }
}
}  // namespace

void NormalizeUrl(std::string &out, std::string_view text) { ProcessUrl(out, text, true); }
void EscapeUrl(std::string &out, std::string_view text) { ProcessUrl(out, text, false); }

bool IsSafeUrl(std::string_view text) {
  size_t colon = text.find(':');
  if (colon == text.npos || text.substr(0, colon).find('/') != text.npos) return true;
  std::string scheme(text.substr(0, colon));
  for (const char *safe : {"http", "https", "mailto"})
    if (strcasecmp(scheme.c_str(), safe) == 0) return true;
  return false;
}

void EscapeCss(std::string &out, std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 128 || kCss[c].empty()) {
      out += text[i];
      continue;
    }
    out += kCss[c];
    // A digit or blank right behind would be read as part of the escape.
    bool blank = i + 1 < text.size() && std::string_view("\t\n\f\r ").find(text[i + 1]) != std::string_view::npos;
    if (c != '\\' && (i + 1 == text.size() || IsHex(text[i + 1]) || blank)) out += ' ';
  }
}

void FilterCss(std::string &out, std::string_view text) {
  constexpr std::string_view kUnsafe("\0\"'()/;@[\\]`{}", 14);
  std::string words;
  bool safe = text.find("--") == text.npos && text.find_first_of(kUnsafe) == text.npos;
  for (char c : text)
    if (IsAlphanumeric(c) || c == '-' || c == '_') words += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  safe = safe && words.find("expression") == words.npos && words.find("mozbinding") == words.npos;
  if (safe)
    out += text;
  else
    out += "ZgotmplZ";
}

}  // namespace tick::tmpl
