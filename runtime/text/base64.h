// base64.h - bytes as text (RFC 4648, with padding) and back.
#pragma once

#include <string>
#include <string_view>

namespace tick {

std::string Base64Encode(std::string_view bytes);
// False where the text is no base64: other characters, missing padding.
bool Base64Decode(std::string_view text, std::string *bytes);
// With - and _ for + and /, as URLs want it.
std::string Base64UrlEncode(std::string_view bytes, bool padded);
bool Base64UrlDecode(std::string_view text, std::string *bytes);  // without padding

}  // namespace tick
