// jwt.cpp - signed claims, with OpenSSL's HMAC.
#include "runtime/influx/jwt.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "runtime/daemon/json.h"
#include "runtime/text/base64.h"

namespace tick {

std::string Base64Url(std::string_view bytes) {
  std::string text = Base64Encode(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char &c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string SignJwt(std::string_view user, int64_t expires, std::string_view secret) {
  Json claims = {{"exp", expires}, {"username", std::string(user)}};
  std::string text = Base64Url(R"({"alg":"HS256","typ":"JWT"})") + "." + Base64Url(claims.dump());
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char *>(text.data()), text.size(), mac, &size);
  return text + "." + Base64Url({reinterpret_cast<const char *>(mac), size});
}

}  // namespace tick
