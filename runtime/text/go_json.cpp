// go_json.cpp - JSON as Go's encoding/json writes it.
#include "runtime/text/go_json.h"

#include <array>

#include "runtime/text/go_float.h"
#include "runtime/text/go_time.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

// ASCII that stands for itself inside a string.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
  return plain;
}();

void AppendEscape(std::string &out, char32_t c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
  }
  char code[6] = {'\\', 'u'};
  for (int i = 2; i < 6; ++i) code[i] = "0123456789abcdef"[(c >> (20 - 4 * i)) & 15];
  out.append(code, sizeof code);
}

}  // namespace

void AppendJsonString(std::string &out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    size_t plain = 0;
    while (plain < text.size() && kPlain[static_cast<unsigned char>(text[plain])]) ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      AppendEscape(out, static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    Rune rune = DecodeRune(text);
    bool invalid = rune.value == kRuneError && rune.width == 1;
    if (rune.value == 0x2028 || rune.value == 0x2029 || invalid) AppendEscape(out, rune.value);
    else out += text.substr(0, rune.width);
    text.remove_prefix(rune.width);
  }
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
