// collectd.cpp - parts of collectd's packets.
#include "runtime/input/collectd.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/net/hmac.h"

namespace tick {
namespace {

enum Part : uint16_t {
  kHost = 0, kTime = 1, kPlugin = 2, kPluginInstance = 3, kType = 4, kTypeInstance = 5, kValues = 6, kTimeHigh = 8,
  kSignature = 0x200, kEncryption = 0x210
};
constexpr int64_t kSecond = 1'000'000'000;

uint64_t Big(std::string_view bytes) {
  uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

// A text part ends in a zero byte.
std::string Text(std::string_view body) {
  if (!body.empty() && body.back() == '\0') body.remove_suffix(1);
  return std::string(body);
}

// In units of 2^-30 seconds.
int64_t HighTime(uint64_t value) {
  return static_cast<int64_t>(value >> 30) * kSecond + static_cast<int64_t>(((value & 0x3fffffff) * kSecond) >> 30);
}

std::string OpenError(const std::string &path) {
  std::string text = std::strerror(errno);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return "open " + path + ": " + text;
}

}  // namespace

std::string CollectdReader::read_types(const std::string &path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    for (const auto &file : std::filesystem::directory_iterator(path, error))
      if (file.is_regular_file())
        if (std::string problem = read_types(file.path().string()); !problem.empty()) return problem;
    return "";
  }
  std::ifstream file(path);
  if (!file) return OpenError(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, source;
    if (!(words >> name) || name[0] == '#') continue;
    std::vector<std::string> sources;
    while (words >> source) sources.push_back(source.substr(0, source.find(':')));
    types_[name] = std::move(sources);
  }
  return "";
}

std::string CollectdReader::read_users(const std::string &path) {
  std::ifstream file(path);
  if (!file) return OpenError(path);
  for (std::string line; std::getline(file, line);) {
    size_t colon = line.find(':');
    if (line.empty() || line[0] == '#' || colon == std::string::npos) continue;
    size_t begin = line.find_first_not_of(" \t", colon + 1);
    users_[line.substr(0, colon)] = begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

std::string CollectdReader::parse(std::string_view packet, int64_t now, std::vector<CollectdPoint> *points) const {
  State state;
  return parts(packet, now, security_ == Security::None, &state, points);
}

// trusted: what follows may be used. Values before a signature are not.
std::string CollectdReader::parts(std::string_view bytes, int64_t now, bool trusted, State *state,
                                  std::vector<CollectdPoint> *points) const {
  while (bytes.size() >= 4) {
    uint64_t kind = Big(bytes.substr(0, 2)), length = Big(bytes.substr(2, 2));
    if (length < 4 || length > bytes.size()) return "a part is longer than its packet";
    std::string_view body = bytes.substr(4, length - 4);
    bytes.remove_prefix(length);
    switch (kind) {
      case kHost: state->host = Text(body); break;
      case kPlugin: state->plugin = Text(body); break;
      case kPluginInstance: state->plugin_instance = Text(body); break;
      case kType: state->type = Text(body); break;
      case kTypeInstance: state->type_instance = Text(body); break;
      case kTime: state->time = static_cast<int64_t>(Big(body)) * kSecond; break;
      case kTimeHigh: state->time = HighTime(Big(body)); break;
      case kValues:
        if (!trusted) break;
        if (std::string error = values(body, now, *state, points); !error.empty()) return error;
        break;
      case kSignature:
        if (security_ == Security::None) break;
        if (!signature_holds(body, bytes)) return "the signature does not hold";
        trusted = security_ == Security::Sign;
        break;
      case kEncryption: {
        if (users_.empty()) return "the packet is encrypted and there is no auth-file";
        std::string plain;
        if (std::string error = decrypt(body, &plain); !error.empty()) return error;
        if (std::string error = parts(plain, now, true, state, points); !error.empty()) return error;
        break;
      }
      default: break;
    }
  }
  if (!bytes.empty()) return "the packet is cut";
  return "";
}

std::string CollectdReader::values(std::string_view body, int64_t now, const State &state, std::vector<CollectdPoint> *points) const {
  if (body.size() < 2) return "values without a count";
  size_t count = Big(body.substr(0, 2));
  if (body.size() != 2 + count * 9) return "values whose count does not fit";
  auto type = types_.find(state.type);
  if (type == types_.end() || type->second.size() != count) return "unknown type \"" + state.type + "\": see the typesdb of [collectd]";
  CollectdPoint base;
  base.time = state.time == 0 ? now : state.time;
  for (const auto &[key, value] : {std::pair("host", &state.host), std::pair("instance", &state.plugin_instance),
                                   std::pair("type", &state.type), std::pair("type_instance", &state.type_instance)})
    if (!value->empty()) base.tags.emplace_back(key, *value);
  CollectdPoint joined = base;
  joined.measurement = state.plugin;
  for (size_t i = 0; i < count; ++i) {
    auto kind = static_cast<uint8_t>(body[2 + i]);
    uint64_t bits = Big(body.substr(2 + count + i * 8, 8));
    double value = 0;
    if (kind == 1) {  // a gauge is the one number of the protocol that lies with its low byte first
      bits = __builtin_bswap64(bits);
      std::memcpy(&value, &bits, sizeof value);
    } else {
      value = kind == 2 ? static_cast<double>(static_cast<int64_t>(bits)) : static_cast<double>(bits);
    }
    if (!std::isfinite(value)) continue;
    const std::string &source = type->second[i];
    joined.fields.emplace_back(source, value);
    if (join_) continue;
    CollectdPoint point = base;
    point.measurement = state.plugin + "_" + source;
    point.fields.emplace_back("value", value);
    points->push_back(std::move(point));
  }
  if (join_ && !joined.fields.empty()) points->push_back(std::move(joined));
  return "";
}

// HMAC-SHA256 over the user's name and all that follows.
bool CollectdReader::signature_holds(std::string_view body, std::string_view signed_bytes) const {
  if (body.size() < 32) return false;
  std::string user(body.substr(32));
  auto found = users_.find(user);
  if (found == users_.end()) return false;
  return SameSecret(Hmac(found->second, user + std::string(signed_bytes)), body.substr(0, 32));
}

// AES-256 in OFB mode; the key is the SHA-256 of the password. Inside: the SHA-1 of what follows it.
std::string CollectdReader::decrypt(std::string_view body, std::string *plain) const {
  if (body.size() < 2) return "an encrypted part without a user";
  size_t length = Big(body.substr(0, 2));
  if (body.size() < 2 + length + 16 + 20) return "an encrypted part is cut";
  auto found = users_.find(body.substr(2, length));
  if (found == users_.end()) return "an encrypted packet of an unknown user";
  std::string_view iv = body.substr(2 + length, 16), sealed = body.substr(2 + length + 16);
  unsigned char key[SHA256_DIGEST_LENGTH], digest[SHA_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char *>(found->second.data()), found->second.size(), key);
  std::string open(sealed.size() + 32, '\0');
  int size = 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  bool done = context &&
              EVP_DecryptInit_ex(context, EVP_aes_256_ofb(), nullptr, key, reinterpret_cast<const unsigned char *>(iv.data())) == 1 &&
              EVP_DecryptUpdate(context, reinterpret_cast<unsigned char *>(open.data()), &size,
                                reinterpret_cast<const unsigned char *>(sealed.data()), static_cast<int>(sealed.size())) == 1;
  EVP_CIPHER_CTX_free(context);
  if (!done || size != static_cast<int>(sealed.size())) return "an encrypted part cannot be read";
  *plain = open.substr(20, sealed.size() - 20);
  SHA1(reinterpret_cast<const unsigned char *>(plain->data()), plain->size(), digest);
  return CRYPTO_memcmp(digest, open.data(), 20) == 0 ? "" : "an encrypted packet's password is another one";
}

}  // namespace tick
