// router.cpp - finds the handler of a request and dresses its answer.
#include <array>
#include <exception>

#include "runtime/daemon/http.h"

namespace tick {
namespace {

constexpr std::array<std::string_view, 7> kMethods = {"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"};
constexpr std::string_view kPreview = "/kapacitor/v1preview/";
constexpr std::string_view kOldBase = "/api/v1";

bool IsOld(const Request &request) { return request.path.rfind(kOldBase, 0) == 0; }

void AddCors(const Request &request, Response *response) {
  const std::string *origin = request.header("origin");
  if (!origin) return;
  response->headers.emplace_back("Access-Control-Allow-Origin", *origin);
  response->headers.emplace_back("Access-Control-Allow-Methods",
                                 IsOld(request) ? "DELETE, GET, OPTIONS, POST, PUT" : "DELETE, GET, OPTIONS, POST, PATCH");
  response->headers.emplace_back("Access-Control-Allow-Headers",
                                 "Accept, Accept-Encoding, Authorization, Content-Length, Content-Type, X-CSRF-Token, "
                                 "X-HTTP-Method-Override");
}

Response NotFound(const Request &request) {
  Response response;
  response.status = 404;
  response.body = IsOld(request) ? "{\n    \"Error\": \"Not Found\"\n}"
                                 : "{\n    \"error\": \"Not Found\",\n    \"message\": \"Not Found\"\n}";
  if (IsOld(request)) response.content_type = "application/json";
  return response;
}

// 0.2 answers methods it does not know with an empty 200, and OPTIONS only where points are written.
std::optional<Response> OldOddities(const Request &request) {
  if (!IsOld(request)) return std::nullopt;
  Response response;
  response.plain = true;
  response.content_type = "";
  if (request.method == "OPTIONS") {
    if (request.path == "/api/v1/write") return response;
    response.status = 404;
    response.body = "404 page not found\n";
    response.content_type = "text/plain; charset=utf-8";
    return response;
  }
  if (request.method == "PUT" || request.method == "PATCH") return response;
  return std::nullopt;
}

}  // namespace

void Router::add(std::string_view method, std::string pattern, Handler handler) {
  table_[std::string(method)][std::move(pattern)] = std::move(handler);
}

Response Router::route(const Request &request) const {
  std::optional<Response> refused = guard_ ? guard_(request) : std::nullopt;
  return refused ? dressed(request, std::move(*refused)) : answer(request);
}

Response Router::answer(const Request &request) const {
  if (std::optional<Response> odd = OldOddities(request)) return *odd;
  Response response;
  if (request.method == "OPTIONS") {
    response.content_type = "";
    response.headers.emplace_back("Request-Id", RandomUuid());
    AddCors(request, &response);
    return response;
  }
  std::string clean = CleanPath(request.path);
  if (clean != request.path) {
    response.status = 301;
    response.plain = true;
    size_t query = request.target.find('?');
    response.headers.emplace_back("Location", clean + (query == std::string::npos ? "" : request.target.substr(query)));
    return response;
  }
  try {
    response = dispatch(request);
  } catch (const std::exception &error) {
    response = {};
    response.status = 500;
    response.body = "{\n    \"error\": \"internal error\",\n    \"message\": \"internal error\"\n}";
  }
  return response.plain ? response : dressed(request, std::move(response));
}

Response Router::dressed(const Request &request, Response response) const {
  response.headers.emplace_back("X-Kapacitor-Version", version_);
  response.headers.emplace_back("Request-Id", RandomUuid());
  AddCors(request, &response);
  return response;
}

Response Router::dispatch(const Request &request) const {
  auto methods = table_.find(request.method);
  if (methods == table_.end()) {
    Response response = NotFound(request);
    for (std::string_view method : kMethods)
      if (method == request.method) return response;
    response.plain = true;
    return response;
  }
  const auto &patterns = methods->second;
  const Handler *found = nullptr;
  size_t longest = 0;
  for (const auto &[pattern, handler] : patterns) {
    bool fits = pattern.back() == '/' ? request.path.rfind(pattern, 0) == 0 : request.path == pattern;
    if (fits && pattern.size() >= longest) {
      found = &handler;
      longest = pattern.size();
    }
  }
  if (found) return (*found)(request);
  if (request.path.rfind(kPreview, 0) == 0) {
    Request rewritten = request;
    rewritten.path = "/kapacitor/v1/" + request.path.substr(kPreview.size());
    return dispatch(rewritten);
  }
  return NotFound(request);
}

std::map<std::string, std::vector<std::string>> Router::patterns() const {
  std::map<std::string, std::vector<std::string>> all;
  for (const auto &[method, patterns] : table_)
    for (const auto &[pattern, handler] : patterns) all[pattern].push_back(method);
  return all;
}

}  // namespace tick
