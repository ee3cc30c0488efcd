// aws_signature.cpp - AWS Signature Version 4.
//
// In: a request whose signed headers are content-type (where it has one), host and x-amz-date. Out: the header that
// shows who sent it. A canonical text of the request is hashed, and that hash signed with a key made of date, region
// and service.
#include <openssl/sha.h>

#include "runtime/net/hmac.h"
#include "runtime/scale/scalers.h"

namespace tick {
namespace {

std::string Hex(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned char byte : bytes) out.append({kHex[byte >> 4], kHex[byte & 15]});
  return out;
}

std::string Sha256(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest);
  return {reinterpret_cast<char *>(digest), sizeof digest};
}

}  // namespace

std::string AwsAuthorization(const AwsRequest &request, const std::string &access_key, const std::string &secret_key) {
  std::string headers, names;
  if (!request.content_type.empty()) {
    headers = "content-type:" + request.content_type + "\n";
    names = "content-type;";
  }
  headers += "host:" + request.host + "\nx-amz-date:" + request.date + "\n";
  names += "host;x-amz-date";
  std::string canonical = request.method + "\n" + request.path + "\n" + request.query + "\n" + headers + "\n" + names + "\n" +
                          Hex(Sha256(request.body));
  std::string day = request.date.substr(0, 8);
  std::string scope = day + "/" + request.region + "/" + request.service + "/aws4_request";
  std::string to_sign = "AWS4-HMAC-SHA256\n" + request.date + "\n" + scope + "\n" + Hex(Sha256(canonical));
  std::string key = Hmac(Hmac(Hmac(Hmac("AWS4" + secret_key, day), request.region), request.service), "aws4_request");
  return "AWS4-HMAC-SHA256 Credential=" + access_key + "/" + scope + ", SignedHeaders=" + names + ", Signature=" + Hex(Hmac(key, to_sign));
}

}  // namespace tick
