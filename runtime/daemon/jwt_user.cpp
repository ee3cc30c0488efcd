// jwt_user.cpp - the user a JSON web token speaks for (http-api.md 3).
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <vector>

#include "runtime/daemon/auth.h"
#include "runtime/daemon/json.h"
#include "runtime/text/base64.h"

namespace tick {
namespace {

bool DecodeUrl(std::string_view text, std::string *bytes) {
  std::string plain(text);
  for (char &c : plain) c = c == '-' ? '+' : c == '_' ? '/' : c;
  plain.append((4 - plain.size() % 4) % 4, '=');
  return Base64Decode(plain, bytes);
}

const EVP_MD *DigestOf(const std::string &algorithm) {
  if (algorithm == "HS256") return EVP_sha256();
  if (algorithm == "HS384") return EVP_sha384();
  if (algorithm == "HS512") return EVP_sha512();
  return nullptr;
}

}  // namespace

std::optional<std::string> JwtUser(std::string_view token, std::string_view secret, int64_t now_s, std::string *refusal) {
  auto refuse = [refusal](std::string text) {
    *refusal = std::move(text);
    return std::nullopt;
  };
  size_t first = token.find('.'), second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos)
    return refuse("invalid token: token contains an invalid number of segments");
  std::string head, body, signature;
  if (!DecodeUrl(token.substr(0, first), &head) || !DecodeUrl(token.substr(first + 1, second - first - 1), &body) ||
      !DecodeUrl(token.substr(second + 1), &signature))
    return refuse("invalid token: illegal base64 data");
  Json header = Json::parse(head, nullptr, false), claims = Json::parse(body, nullptr, false);
  if (!header.is_object() || !claims.is_object()) return refuse("invalid token");
  std::string algorithm = header.contains("alg") && header["alg"].is_string() ? header["alg"].get<std::string>() : "";
  const EVP_MD *digest = DigestOf(algorithm);
  if (!digest) return refuse("invalid token: unexpected signing method: " + algorithm);
  // Without a secret everybody could sign.
  if (secret.empty()) return refuse("invalid token: signature is invalid");
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char *>(token.data()), second, mac, &size);
  if (signature.size() != size || CRYPTO_memcmp(mac, signature.data(), size) != 0) return refuse("invalid token: signature is invalid");
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
