// client.cpp - HTTP calls by cpp-httplib.
#include "driver/cli/client.h"

#include <httplib.h>
#include <sys/socket.h>

#include <cctype>
#include <cstdio>

namespace tick::cli {

struct Client::Connection {
  std::string url;  // scheme://host:port, as error texts show it
  std::unique_ptr<httplib::Client> http;
  httplib::Headers headers;
};

Client::Client(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Client::~Client() = default;

std::string Client::Make(const std::string &url, bool skip_verify, std::unique_ptr<Client> *client) {
  size_t mark = url.find("://");
  std::string scheme = mark == std::string::npos ? "" : url.substr(0, mark);
  if (scheme == "unix") return MakeUnix(url.substr(mark + 3), client);
  if (scheme != "http" && scheme != "https")
    return "Unsupported protocol scheme: " + scheme + ", your address must start with http:// or https://";
  std::string rest = url.substr(mark + 3), user, password;
  rest = rest.substr(0, rest.find('/'));
  if (size_t at = rest.rfind('@'); at != std::string::npos) {
    std::string credentials = rest.substr(0, at);
    rest = rest.substr(at + 1);
    size_t colon = credentials.find(':');
    user = credentials.substr(0, colon);
    password = colon == std::string::npos ? "" : credentials.substr(colon + 1);
  }
  if (rest.empty()) return "parse \"" + url + "\": the address has no host";
  auto connection = std::make_unique<Connection>();
  connection->url = scheme + "://" + rest;
  connection->http = std::make_unique<httplib::Client>(connection->url);
  httplib::Client &http = *connection->http;
  http.set_keep_alive(true);
  http.set_connection_timeout(10);
  http.set_read_timeout(24 * 3600);  // a recording's end is waited for
  if (!user.empty()) http.set_basic_auth(user.c_str(), password.c_str());
  if (skip_verify) http.enable_server_certificate_verification(false);
  connection->headers = {{"User-Agent", "KapacitorClient"}};
  client->reset(new Client(std::move(connection)));
  return "";
}

std::string Client::MakeUnix(const std::string &path, std::unique_ptr<Client> *client) {
  if (path.empty() || path[0] != '/') return "unix://" + path + ": the path of a socket must be absolute";
  auto connection = std::make_unique<Connection>();
  connection->url = "unix://" + path;
  connection->http = std::make_unique<httplib::Client>(path, 80);
  connection->http->set_address_family(AF_UNIX);
  connection->http->set_keep_alive(true);
  connection->http->set_read_timeout(24 * 3600);
  connection->headers = {{"User-Agent", "KapacitorClient"}, {"Host", "localhost"}};
  client->reset(new Client(std::move(connection)));
  return "";
}

namespace {

std::string ErrorOf(const Reply &reply) {
  if (reply.json.is_object()) {
    for (const char *key : {"error", "Error"})
      if (reply.json.contains(key) && reply.json[key].is_string() && !reply.json[key].get<std::string>().empty())
        return reply.json[key].get<std::string>();
  }
  return reply.status >= 200 && reply.status < 300
             ? ""
             : "invalid response: code " + std::to_string(reply.status) + ": body: " + reply.body;
}

}  // namespace

Reply Client::finish(const std::string &method, const std::string &path, void *opaque) {
  auto &result = *static_cast<httplib::Result *>(opaque);
  Reply reply;
  if (!result) {
    std::string why = httplib::to_string(result.error());
    if (result.error() == httplib::Error::Connection) why = "dial tcp " + connection_->url.substr(connection_->url.find("://") + 3) + ": connect: connection refused";
    std::string verb(1, method[0]);
    for (char c : method.substr(1)) verb += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    reply.error = verb + " \"" + connection_->url + path + "\": " + why;
    return reply;
  }
  reply.status = result->status;
  reply.body = result->body;
  for (const auto &[name, value] : result->headers) {
    std::string lower;
    for (char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    reply.headers.emplace_back(lower, value);
  }
  Json json = Json::parse(reply.body, nullptr, false);
  if (!json.is_discarded()) reply.json = std::move(json);
  // A task's own object has an `error` that is not the call's.
  bool success = reply.status >= 200 && reply.status < 300;
  reply.error = success && !(reply.json.is_object() && reply.json.size() == 1) ? "" : ErrorOf(reply);
  return reply;
}

Reply Client::call(const std::string &method, const std::string &path, const Json &body) {
  return send(method, path, body.is_null() ? "" : body.dump());
}

Reply Client::send(const std::string &method, const std::string &path, const std::string &text) {
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.headers = connection_->headers;
  request.body = text;
  if (!text.empty()) request.headers.emplace("Content-Type", "application/json");
  httplib::Result result = connection_->http->send(request);
  return finish(method, path, &result);
}

Reply Client::follow(const std::string &path, const std::function<bool(std::string_view)> &take) {
  httplib::Result result = connection_->http->Get(path.c_str(), connection_->headers, [&](const char *data, size_t size) {
    return take(std::string_view(data, size));
  });
  Reply reply = finish("GET", path, &result);
  if (reply.status != 0 && (reply.status < 200 || reply.status > 299)) reply.error = "bad status code " + std::to_string(reply.status);
  return reply;
}

std::string Escape(std::string_view text, bool keep_slash) {
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~' || (c == '/' && keep_slash)) {
      out += static_cast<char>(c);
    } else {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", c);
      out += code;
    }
  }
  return out;
}

}  // namespace tick::cli
