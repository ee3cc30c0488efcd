// jwt.h - the bearer tokens that InfluxDB takes from who knows its shared secret.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick {

// HS256 over {"exp":…,"username":…}; expires: seconds since 1970.
std::string SignJwt(std::string_view user, int64_t expires, std::string_view secret);
// Base64 of URLs, without padding.
std::string Base64Url(std::string_view bytes);

}  // namespace tick
