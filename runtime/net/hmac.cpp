// hmac.cpp - keyed digests.
#include "runtime/net/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace tick {

std::string Hmac(std::string_view key, std::string_view text, HmacDigest digest) {
  const EVP_MD *with = digest == HmacDigest::Sha256 ? EVP_sha256() : digest == HmacDigest::Sha384 ? EVP_sha384() : EVP_sha512();
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(with, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char *>(text.data()), text.size(), mac, &size);
  return {reinterpret_cast<const char *>(mac), size};
}

bool SameSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tick
