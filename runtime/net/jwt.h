// jwt.h - JSON web tokens: those we show to InfluxDB, and those that clients show to us (http-api.md 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tick {

// HS256 over {"exp":…,"username":…}; expires: seconds since 1970.
std::string SignJwt(std::string_view user, int64_t expires, std::string_view secret);
// The user name of a token that is signed with the secret and has not expired; else why not.
std::optional<std::string> JwtUser(std::string_view token, std::string_view secret, int64_t now_s, std::string *refusal);

}  // namespace tick
