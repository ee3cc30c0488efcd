// utf8.h - runes as Go sees them: decoding, classes, case, and quoting.
//
// An invalid byte decodes as U+FFFD of width 1, as in Go; nothing here fails.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick {

inline constexpr char32_t kRuneError = 0xFFFD;

struct Rune {
  char32_t value;
  uint32_t width;  // bytes; 0 only for empty text
};
// The first and the last rune of the text.
Rune DecodeRune(std::string_view text);
Rune DecodeLastRune(std::string_view text);
// A surrogate or a number past U+10FFFF is written as U+FFFD.
void AppendRune(std::string &out, char32_t rune);
size_t CountRunes(std::string_view text);

// Unicode white space (language.md 1.2).
bool IsSpaceRune(char32_t rune);
// Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and U+0020.
bool IsPrintRune(char32_t rune);
// A letter or decimal digit of any script.
bool IsLetterOrDigit(char32_t rune);
// Simple case mapping: one rune to one.
char32_t UpperRune(char32_t rune);
char32_t LowerRune(char32_t rune);

std::string_view TrimSpace(std::string_view text);
// Case-mapped text; if it has other than ASCII, invalid bytes become U+FFFD as in Go.
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);
void AppendUpper(std::string &out, std::string_view text);
void AppendLower(std::string &out, std::string_view text);

// Go's strconv.Quote ("%q"), and the same for a rune ('x').
std::string GoQuote(std::string_view text);
std::string GoQuoteRune(char32_t rune);

}  // namespace tick
