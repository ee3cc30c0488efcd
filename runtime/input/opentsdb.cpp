// opentsdb.cpp - telnet puts, HTTP puts, and which of both a connection speaks.
#include "runtime/input/opentsdb.h"

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "runtime/daemon/http.h"
#include "runtime/daemon/json.h"
#include "runtime/text/go_float.h"

namespace tick {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr size_t kLongestLine = 64 * 1024;

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size();) {
    size_t begin = text.find_first_not_of(" \t\r", at);
    if (begin == std::string_view::npos) break;
    size_t end = std::min(text.find_first_of(" \t\r", begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    at = end;
  }
  return words;
}

// Seconds of ten digits, milliseconds of thirteen.
bool ReadTime(const std::string &text, int64_t *ns) {
  int64_t value = 0;
  if ((text.size() != 10 && text.size() != 13) || ParseGoInt(text, &value) != NumberError::None) return false;
  *ns = value * (text.size() == 10 ? 1'000'000'000 : 1'000'000);
  return true;
}

}  // namespace

std::string TakePut(std::string_view line, InputWriter &writer) {
  std::vector<std::string> words = Words(line);
  if (words.size() < 4 || words[0] != "put") return "malformed line";
  int64_t time = 0;
  double value = 0;
  if (!ReadTime(words[2], &time)) return "malformed time, use 10 digits (seconds) or 13 (milliseconds)";
  if (ParseGoFloat(words[3], &value) != NumberError::None || !std::isfinite(value)) return "bad float";
  InputWriter::TagList tags;
  for (size_t i = 4; i < words.size(); ++i) {
    size_t equals = words[i].find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == words[i].size()) return "malformed tag data \"" + words[i] + "\"";
    tags.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
  }
  writer.add(words[1], std::move(tags), "value", value, time);
  return "";
}

std::string TakePutJson(const std::string &body, InputWriter &writer) {
  Json points = Json::parse(body, nullptr, false);
  if (points.is_object()) points = Json::array({points});
  if (!points.is_array()) return "json array or hash decode error";
  struct Point {
    std::string metric;
    InputWriter::TagList tags;
    double value;
    int64_t time;
  };
  std::vector<Point> read;  // all of a body or none
  for (const Json &point : points) {
    if (!point.is_object()) return "json object decode error";
    Point &one = read.emplace_back();
    if (!point.contains("metric") || !point["metric"].is_string()) return "a point without a metric";
    one.metric = point["metric"].get<std::string>();
    if (!point.contains("value") || !point["value"].is_number()) return "a point whose value is no number";
    one.value = point["value"].get<double>();
    if (!std::isfinite(one.value)) return "a point whose value is no number";
    if (!point.contains("timestamp") || !point["timestamp"].is_number_integer()) return "a point without a timestamp";
    int64_t time = point["timestamp"].get<int64_t>();
    one.time = time * (time / 10'000'000'000 == 0 ? 1'000'000'000 : 1'000'000);
    if (point.contains("tags") && point["tags"].is_object())
      for (auto tag = point["tags"].begin(); tag != point["tags"].end(); ++tag)
        if (tag->is_string()) one.tags.emplace_back(tag.key(), tag->get<std::string>());
  }
  for (Point &point : read) writer.add(point.metric, std::move(point.tags), "value", point.value, point.time);
  return "";
}

namespace {

class Session final : public TcpSession {
 public:
  Session(InputWriter &writer, std::function<void(std::string_view, const std::string &)> refused)
      : writer_(writer), refused_(std::move(refused)) {}

  bool take(std::string &buffer, std::string *answer) override {
    if (kind_ == Kind::Unknown && !decide(buffer)) return buffer.size() < kLongestLine;
    return kind_ == Kind::Http ? take_http(buffer, answer) : take_lines(buffer, answer);
  }

  void end(std::string &buffer) override {
    if (kind_ == Kind::Http || buffer.empty()) return;
    buffer += '\n';
    std::string answer;
    take_lines(buffer, &answer);
  }

 private:
  enum class Kind { Unknown, Telnet, Http };
  using Parser = http::request_parser<http::string_body>;

  bool decide(const std::string &buffer) {
    size_t end = buffer.find('\n');
    if (end == std::string::npos) return false;
    kind_ = buffer.substr(0, end).find(" HTTP/1.") != std::string::npos ? Kind::Http : Kind::Telnet;
    return true;
  }

  bool take_lines(std::string &buffer, std::string *answer) {
    size_t at = 0;
    for (size_t end; (end = buffer.find('\n', at)) != std::string::npos; at = end + 1) {
      std::string_view line = std::string_view(buffer).substr(at, end - at);
      std::vector<std::string> words = Words(line);
      if (words.empty()) continue;
      if (words[0] == "version") {
        *answer += "InfluxDB TSDB proxy\n";
        continue;
      }
      if (std::string why = TakePut(line, writer_); !why.empty()) refused_(line, why);
    }
    buffer.erase(0, at);
    writer_.flush();
    return buffer.size() < kLongestLine;
  }

  bool take_http(std::string &buffer, std::string *answer) {
    while (!buffer.empty()) {
      if (!parser_) {
        parser_.emplace();
        parser_->body_limit(std::numeric_limits<uint64_t>::max());
        parser_->eager(true);
      }
      beast::error_code error;
      size_t used = parser_->put(boost::asio::buffer(buffer), error);
      buffer.erase(0, used);
      if (error == http::error::need_more) return true;
      if (error) {
        *answer += Reply(400, "Bad Request", "malformed HTTP request\n");
        return false;
      }
      if (!parser_->is_done()) continue;
      bool keep_alive = parser_->get().keep_alive();
      *answer += handle(parser_->release());
      parser_.reset();
      if (!keep_alive) return false;
    }
    return true;
  }

  std::string handle(http::request<http::string_body> request) {
    auto target = std::string(request.target());
    if (target.substr(0, target.find('?')) != "/api/put") return Reply(404, "Not Found", "404 page not found\n");
    if (request.method() != http::verb::post) return Reply(405, "Method Not Allowed", "method not allowed\n");
    std::string body = std::move(request.body());
    if (request[http::field::content_encoding] == "gzip") {
      std::string plain, error = Gunzip(body, &plain);
      if (!error.empty()) return Reply(400, "Bad Request", "could not read gzip, " + error + "\n");
      body = std::move(plain);
    }
    std::string error = TakePutJson(body, writer_);
    writer_.flush();
    return error.empty() ? Reply(204, "No Content", "") : Reply(400, "Bad Request", error + "\n");
  }

  static std::string Reply(int status, const char *reason, const std::string &text) {
    std::string head = "HTTP/1.1 " + std::to_string(status) + " " + reason + "\r\n";
    if (status != 204)
      head += "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + std::to_string(text.size()) + "\r\n";
    return head + "\r\n" + text;
  }

  InputWriter &writer_;
  std::function<void(std::string_view, const std::string &)> refused_;
  Kind kind_ = Kind::Unknown;
  std::optional<Parser> parser_;
};

}  // namespace

std::unique_ptr<TcpSession> MakeOpenTsdbSession(InputWriter &writer, std::function<void(std::string_view, const std::string &)> refused) {
  return std::make_unique<Session>(writer, std::move(refused));
}

}  // namespace tick
