// json_api.h - calls of JSON APIs that several servers answer.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/net/http_client.h"

namespace tick {

class JsonApi {
 public:
  using Json = nlohmann::ordered_json;
  using Headers = std::vector<std::pair<std::string, std::string>>;
  JsonApi(std::vector<std::string> servers, TlsOptions tls, Headers headers);

  struct Answer {
    int status = 0;
    Json body;          // null where there is none
    std::string error;  // empty where the status is 2xx
  };
  // Calls the next server. An error has the server's own `message`, where the answer has one.
  Answer call(std::string method, const std::string &path, std::string body = "", Headers headers = {});

 private:
  std::vector<std::string> servers_;
  TlsOptions tls_;
  Headers headers_;
  size_t next_ = 0;
};

// A non-negative whole number at a JSON pointer; false where there is none.
bool NumberAt(const JsonApi::Json &json, const char *pointer, int64_t *n);
// One segment of a path, with what would end it encoded.
std::string PathSegment(std::string_view text);

}  // namespace tick
