// http.cpp - parts of HTTP that handlers and the listener share: targets, ids, gzip.
#include "runtime/daemon/http.h"

#include <sys/random.h>
#include <zlib.h>

#include <cstdint>
#include <cstdio>

namespace tick {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr size_t kInflateStep = 256 * 1024;

}  // namespace

const std::string *Request::header(std::string_view lower_case_name) const {
  for (const auto &[name, value] : headers)
    if (name == lower_case_name) return &value;
  return nullptr;
}

std::string Request::parameter(std::string_view name) const {
  for (const auto &[key, value] : query)
    if (key == name) return value;
  return "";
}

std::vector<std::string> Request::parameters(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto &[key, value] : query)
    if (key == name) values.push_back(value);
  return values;
}

bool Request::has_parameter(std::string_view name) const {
  for (const auto &[key, value] : query)
    if (key == name) return true;
  return false;
}

std::string PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return out;
}

void ParseTarget(std::string_view target, Request *request) {
  request->target = target;
  size_t mark = target.find('?');
  request->path = PercentDecode(target.substr(0, mark), false);
  request->query.clear();
  if (mark == std::string_view::npos) return;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    size_t end = rest.find('&');
    std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    if (pair.empty()) continue;
    size_t equals = pair.find('=');
    request->query.emplace_back(PercentDecode(pair.substr(0, equals), true),
                                equals == std::string_view::npos ? "" : PercentDecode(pair.substr(equals + 1), true));
  }
}

std::string RedactedTarget(const Request &request) {
  size_t mark = request.target.find('?');
  if (mark == std::string::npos) return request.target;
  std::string out = request.target.substr(0, mark + 1), rest = request.target.substr(mark + 1);
  for (size_t at = 0; at < rest.size();) {
    size_t end = std::min(rest.find('&', at), rest.size());
    std::string pair = rest.substr(at, end - at);
    out += (at > 0 ? "&" : "") + (pair.rfind("p=", 0) == 0 ? "p=%5BREDACTED%5D" : pair);
    at = end + 1;
  }
  return out;
}

std::string CleanPath(std::string_view path) {
  if (path.empty() || path[0] != '/') return path.empty() ? "/" : "/" + std::string(path);
  std::vector<std::string_view> parts;
  for (size_t at = 1; at <= path.size();) {
    size_t end = path.find('/', at);
    if (end == std::string_view::npos) end = path.size();
    std::string_view part = path.substr(at, end - at);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    at = end + 1;
  }
  std::string clean;
  for (std::string_view part : parts) clean += "/" + std::string(part);
  if (path.back() == '/' || clean.empty()) clean += '/';
  return clean;
}

std::string RandomUuid() {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) return "";
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  char digits[3];
  for (size_t i = 0; i < sizeof bytes; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
    text += digits;
  }
  return text;
}

std::string Gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Gunzip(std::string_view bytes, std::string *out) {
  if (bytes.size() < 2 || bytes[0] != '\x1f' || bytes[1] != '\x8b')
    return bytes.size() < 10 ? (bytes.empty() ? "EOF" : "unexpected EOF") : "gzip: invalid header";
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return "gzip: out of memory";
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int state = Z_OK;
  while (state == Z_OK || (state == Z_STREAM_END && stream.avail_in > 0)) {
    if (state == Z_STREAM_END) inflateReset(&stream);  // several gzip members make one body
    size_t old = out->size();
    out->resize(old + kInflateStep);
    stream.next_out = reinterpret_cast<Bytef *>(out->data() + old);
    stream.avail_out = kInflateStep;
    state = inflate(&stream, Z_NO_FLUSH);
    out->resize(old + kInflateStep - stream.avail_out);
    if (state == Z_BUF_ERROR || (state == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) break;
  }
  inflateEnd(&stream);
  if (state == Z_STREAM_END) return "";
  return state == Z_DATA_ERROR ? "gzip: invalid checksum" : "unexpected EOF";
}

}  // namespace tick
