// json_api.cpp - one call after the other, each at the next server.
#include "runtime/scale/json_api.h"

#include <cctype>

namespace tick {
namespace {

constexpr int64_t kTimeout = 10'000'000'000;
constexpr size_t kMostText = 200;  // of an answer that is no JSON, in an error

}  // namespace

JsonApi::JsonApi(std::vector<std::string> servers, TlsOptions tls, Headers headers)
    : servers_(std::move(servers)), tls_(std::move(tls)), headers_(std::move(headers)) {
  for (std::string &server : servers_)
    while (!server.empty() && server.back() == '/') server.pop_back();
}

JsonApi::Answer JsonApi::call(std::string method, const std::string &path, std::string body, Headers headers) {
  Answer answer;
  if (servers_.empty()) {
    answer.error = "no server is configured";
    return answer;
  }
  HttpCall call;
  call.method = std::move(method);
  call.url = servers_[next_++ % servers_.size()] + path;
  call.headers = headers_;
  call.headers.insert(call.headers.end(), headers.begin(), headers.end());
  call.body = std::move(body);
  call.timeout_ns = kTimeout;
  call.tls = tls_;
  HttpAnswer got = HttpClient::Shared().send(call);
  answer.status = got.status;
  answer.error = got.error;
  if (!got.error.empty()) return answer;
  answer.body = Json::parse(got.body, nullptr, false);
  if (answer.body.is_discarded()) answer.body = nullptr;
  if (got.ok()) return answer;
  bool told = answer.body.is_object() && answer.body.contains("message") && answer.body["message"].is_string();
  answer.error = "status " + std::to_string(got.status) + ": " +
                 (told ? answer.body["message"].get<std::string>() : got.body.substr(0, kMostText));
  return answer;
}

bool NumberAt(const JsonApi::Json &json, const char *pointer, int64_t *n) {
  JsonApi::Json::json_pointer at(pointer);
  if (!json.contains(at) || !json.at(at).is_number_integer()) return false;
  *n = json.at(at).get<int64_t>();
  return *n >= 0;
}

std::string PathSegment(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '_' || c == '.' || c == '~') out += c;
    else out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
  }
  return out;
}

}  // namespace tick
