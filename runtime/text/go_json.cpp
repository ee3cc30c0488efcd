// go_json.cpp - JSON as Go's encoding/json writes it.
#include "runtime/text/go_json.h"

#include <array>
#include <cstring>

#include "runtime/text/copy_plain.h"
#include "runtime/text/go_float.h"
#include "runtime/text/go_time.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

// What each byte is written as: up to seven bytes, from the lowest on, and in the eighth how many. None for those of
// 0x80 and above, which are parts of longer characters.
constexpr auto kWritten = [] {
  std::array<uint64_t, 256> written{};
  for (unsigned c = 0; c < 128; ++c) {
    bool plain = c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
    char letter = c == '"' ? '"' : c == '\\' ? '\\' : c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : '\0';
    char text[7] = {};
    unsigned size = plain ? 1 : letter ? 2 : 6;
    if (plain) text[0] = static_cast<char>(c);
    else if (letter) text[0] = '\\', text[1] = letter;
    else text[0] = '\\', text[1] = 'u', text[2] = text[3] = '0', text[4] = "0123456789abcdef"[c >> 4],
         text[5] = "0123456789abcdef"[c & 15];
    for (unsigned i = 0; i < size; ++i) written[c] |= uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
    written[c] |= uint64_t{size} << 56;
  }
  return written;
}();

// A bit for each byte that does not stand for itself.
uint32_t NotPlain(__m128i bytes) {
  auto is = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
  __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));  // also all of 0x80 and above, which are negative
  __m128i quotes = _mm_or_si128(is('"'), is('\\')), marks = _mm_or_si128(_mm_or_si128(is('<'), is('>')), is('&'));
  return static_cast<uint32_t>(_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quotes, marks))));
}

// Writes the character at `at`, which is none of ASCII, and goes behind it. Apart from the bytes most texts are made of,
// whose loop stays short.
[[gnu::noinline]] size_t WriteRune(char *to, const char **at, const char *end) {
  std::string_view rest(*at, static_cast<size_t>(end - *at));
  Rune rune = DecodeRune(rest);
  std::string_view as = rest.substr(0, rune.width);
  if (rune.value == 0x2028) as = "\\u2028";
  else if (rune.value == 0x2029) as = "\\u2029";
  else if (rune.value == kRuneError && rune.width == 1) as = "\\ufffd";
  std::memcpy(to, as.data(), as.size());
  *at += rune.width;
  return as.size();
}

}  // namespace

void AppendJsonString(std::string &out, std::string_view text) {
  auto write = [](char *to, const char **at, const char *end) __attribute__((always_inline)) -> size_t {
    uint64_t written = kWritten[static_cast<unsigned char>(**at)];
    std::memcpy(to, &written, sizeof written);
    if (written == 0) return WriteRune(to, at, end);
    ++*at;
    return written >> 56;
  };
  out += '"';
  AppendReplaced(out, text, [](__m128i bytes) { return NotPlain(bytes); }, write);
  out += '"';
}

bool AppendJsonValue(std::string &out, const Value &value) {
  switch (TypeOf(value)) {
    case Type::Bool: out += value.as.b ? "true" : "false"; return true;
    case Type::Int:
    case Type::Duration: out += std::to_string(value.as.i); return true;
    case Type::Float:
      if (AppendJsonFloat(out, value.as.f)) return true;
      out += "null";
      return false;
    case Type::String: AppendJsonString(out, StringOf(value)); return true;
    case Type::Time:
      out += '"';
      AppendRfc3339(out, value.as.i);
      out += '"';
      return true;
    default: out += "null"; return true;
  }
}

void JsonWriter::separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

JsonWriter &JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
  return *this;
}

JsonWriter &JsonWriter::close(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}

JsonWriter &JsonWriter::key(std::string_view name) {
  separate();
  AppendJsonString(out_, name);
  out_ += ':';
  comma_ = false;
  return *this;
}

JsonWriter &JsonWriter::string(std::string_view text) {
  separate();
  AppendJsonString(out_, text);
  return *this;
}

JsonWriter &JsonWriter::time(int64_t ns) { return value(MakeTime(ns)); }

JsonWriter &JsonWriter::value(const Value &value) {
  separate();
  ok_ &= AppendJsonValue(out_, value);
  return *this;
}

JsonWriter &JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace tick
