// listener_tls.cpp - certificate, versions and ciphers.
#include "runtime/daemon/listener_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <cerrno>
#include <utility>

#include "runtime/alert/local_handlers.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr std::pair<std::string_view, int> kVersions[] = {
    {"tls1.0", TLS1_VERSION}, {"tls1.1", TLS1_1_VERSION}, {"tls1.2", TLS1_2_VERSION}, {"tls1.3", TLS1_3_VERSION}};

// The version a word names, `otherwise` for "".
std::string ReadVersion(const std::string &word, int otherwise, int *version) {
  *version = otherwise;
  if (word.empty()) return "";
  for (auto [name, number] : kVersions)
    if (word == name) {
      *version = number;
      return "";
    }
  return "unknown tls version: " + GoQuote(word) + ". available versions: tls1.0, tls1.1, tls1.2, tls1.3";
}

std::string Unreadable(const std::string &path) {
  if (::access(path.c_str(), R_OK) == 0) return "";
  return "open " + path + ": " + ErrnoText(errno);
}

std::string SetCiphers(SSL_CTX *context, const std::vector<std::string> &names) {
  std::string older, newer;  // up to TLS 1.2 under OpenSSL's names; since then under everybody's
  for (const std::string &name : names) {
    const char *known = OPENSSL_cipher_name(name.c_str());
    if (!known || std::string_view(known) == "(NONE)") return "unknown cipher suite: " + GoQuote(name);
    bool of_1_3 = name.starts_with("TLS_AES_") || name.starts_with("TLS_CHACHA20_");
    std::string &list = of_1_3 ? newer : older;
    list += (list.empty() ? "" : ":") + (of_1_3 ? name : std::string(known));
  }
  if (!older.empty() && SSL_CTX_set_cipher_list(context, older.c_str()) != 1) return "none of the ciphers can be used";
  if (!newer.empty() && SSL_CTX_set_ciphersuites(context, newer.c_str()) != 1) return "none of the ciphers can be used";
  return "";
}

}  // namespace

std::string PrepareTls(const ListenOptions &options, boost::asio::ssl::context *context) {
  const std::string &key = options.private_key.empty() ? options.certificate : options.private_key;
  for (const std::string &path : {options.certificate, key})
    if (std::string error = Unreadable(path); !error.empty()) return error;
  int least = 0, most = 0;
  std::string error = ReadVersion(options.min_version, TLS1_2_VERSION, &least);
  if (error.empty()) error = ReadVersion(options.max_version, 0, &most);
  if (!error.empty()) return error;
  SSL_CTX *native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, least);
  SSL_CTX_set_max_proto_version(native, most);
  // OpenSSL's default level of security has no cipher for the versions before 1.2.
  if (least < TLS1_2_VERSION) SSL_CTX_set_security_level(native, 0);
  error = SetCiphers(native, options.ciphers);
  if (!error.empty()) return error;
  boost::system::error_code failed;
  context->use_certificate_chain_file(options.certificate, failed);
  if (failed) return "tls: failed to find any PEM data in certificate input: " + options.certificate;
  context->use_private_key_file(key, boost::asio::ssl::context::pem, failed);
  if (failed || SSL_CTX_check_private_key(native) != 1)
    return "tls: failed to find a private key that belongs to the certificate in " + key;
  return "";
}

bool SpokePlainHttp(const boost::system::error_code &error) {
  return error.category() == boost::asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace tick
