// hmac.h - keyed digests (RFC 2104), with OpenSSL's.
#pragma once

#include <string>
#include <string_view>

namespace tick {

enum class HmacDigest { Sha256, Sha384, Sha512 };
// The digest's bytes.
std::string Hmac(std::string_view key, std::string_view text, HmacDigest digest = HmacDigest::Sha256);
// Whether both are the same, in a time that tells nothing of where they differ.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace tick
