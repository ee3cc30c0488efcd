// base64.cpp - four characters for three bytes.
#include "runtime/text/base64.h"

#include <algorithm>
#include <cstdint>

namespace tick {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string Base64Encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    size_t have = std::min<size_t>(bytes.size() - at, 3);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) group = group << 8 | (i < have ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    for (size_t i = 0; i < 4; ++i) text += i <= have ? kDigits[group >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

bool Base64Decode(std::string_view text, std::string *bytes) {
  bytes->clear();
  if (text.size() % 4 != 0) return false;
  size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes->reserve(text.size() / 4 * 3);
  uint32_t group = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t digit = at >= text.size() - padding ? 0 : kDigits.find(text[at]);
    if (digit == std::string_view::npos) return false;
    group = group << 6 | static_cast<uint32_t>(digit);
    if (at % 4 != 3) continue;
    for (int shift : {16, 8, 0}) *bytes += static_cast<char>(group >> shift & 0xff);
    group = 0;
  }
  bytes->resize(bytes->size() - padding);
  return true;
}

std::string Base64UrlEncode(std::string_view bytes, bool padded) {
  std::string text = Base64Encode(bytes);
  while (!padded && text.ends_with('=')) text.pop_back();
  for (char &c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

bool Base64UrlDecode(std::string_view text, std::string *bytes) {
  std::string plain(text);
  for (char &c : plain) c = c == '-' ? '+' : c == '_' ? '/' : c;
  plain.append((4 - plain.size() % 4) % 4, '=');
  return Base64Decode(plain, bytes);
}

}  // namespace tick
