// jwt.cpp - signed claims.
#include "runtime/net/jwt.h"

#include "runtime/daemon/json.h"
#include "runtime/net/hmac.h"
#include "runtime/text/base64.h"

namespace tick {
namespace {

std::optional<HmacDigest> DigestOf(const std::string &algorithm) {
  if (algorithm == "HS256") return HmacDigest::Sha256;
  if (algorithm == "HS384") return HmacDigest::Sha384;
  if (algorithm == "HS512") return HmacDigest::Sha512;
  return std::nullopt;
}

}  // namespace

std::string SignJwt(std::string_view user, int64_t expires, std::string_view secret) {
  Json claims = {{"exp", expires}, {"username", std::string(user)}};
  std::string text = Base64UrlEncode(R"({"alg":"HS256","typ":"JWT"})", false) + "." + Base64UrlEncode(claims.dump(), false);
  return text + "." + Base64UrlEncode(Hmac(secret, text), false);
}

std::optional<std::string> JwtUser(std::string_view token, std::string_view secret, int64_t now_s, std::string *refusal) {
  auto refuse = [refusal](std::string text) {
    *refusal = std::move(text);
    return std::nullopt;
  };
  size_t first = token.find('.'), second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos)
    return refuse("invalid token: token contains an invalid number of segments");
  std::string head, body, signature;
  if (!Base64UrlDecode(token.substr(0, first), &head) || !Base64UrlDecode(token.substr(first + 1, second - first - 1), &body) ||
      !Base64UrlDecode(token.substr(second + 1), &signature))
    return refuse("invalid token: illegal base64 data");
  Json header = Json::parse(head, nullptr, false), claims = Json::parse(body, nullptr, false);
  if (!header.is_object() || !claims.is_object()) return refuse("invalid token");
  std::string algorithm = header.contains("alg") && header["alg"].is_string() ? header["alg"].get<std::string>() : "";
  std::optional<HmacDigest> digest = DigestOf(algorithm);
  if (!digest) return refuse("invalid token: unexpected signing method: " + algorithm);
  // Without a secret everybody could sign.
  if (secret.empty()) return refuse("invalid token: signature is invalid");
  if (!SameSecret(Hmac(secret, token.substr(0, second), *digest), signature)) return refuse("invalid token: signature is invalid");
  const Json *expires = claims.contains("exp") ? &claims["exp"] : nullptr;
  if (expires && expires->is_number() && expires->get<double>() > 0 && expires->get<double>() < static_cast<double>(now_s))
    return refuse("invalid token: Token is expired");
  if (!expires || !expires->is_number() || expires->get<double>() <= 0) return refuse("token expiration required");
  if (!claims.contains("username")) return refuse("token must contain a username");
  if (!claims["username"].is_string()) return refuse("username in token must be a string");
  std::string name = claims["username"].get<std::string>();
  if (name.empty()) return refuse("token must contain a username");
  return name;
}

}  // namespace tick
