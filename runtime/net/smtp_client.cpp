// smtp_client.cpp - SMTP through libcurl.
#include "runtime/net/smtp_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <ctime>

namespace tick {
namespace {

constexpr long kLongestMs = 30'000;  // of one message
constexpr int64_t kSecond = 1'000'000'000;

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

void AppendHex(std::string *out, unsigned char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  *out += '=';
  *out += kDigits[c >> 4];
  *out += kDigits[c & 15];
}

// A header's text: as it is, or in encoded words (RFC 2047), each of whole characters and short enough for a line.
std::string HeaderText(std::string_view text) {
  if (IsPlain(text)) return std::string(text);
  constexpr std::string_view kBegin = "=?UTF-8?q?", kEnd = "?=";
  constexpr size_t kLongest = 75;
  std::string out(kBegin);
  size_t used = kBegin.size() + kEnd.size();
  for (size_t i = 0; i < text.size();) {
    size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
    std::string piece;
    for (; i < next; ++i) {
      unsigned char c = static_cast<unsigned char>(text[i]);
      if (c == ' ') piece += '_';
      else if (c > 0x20 && c < 0x7f && c != '=' && c != '?' && c != '_') piece += static_cast<char>(c);
      else AppendHex(&piece, c);
    }
    if (used + piece.size() > kLongest) {
      out.append(kEnd).append("\r\n ").append(kBegin);
      used = kBegin.size() + kEnd.size();
    }
    used += piece.size();
    out += piece;
  }
  return out.append(kEnd);
}

// Lines of at most 76 bytes; what is not plain as =XX (RFC 2045).
std::string QuotedPrintable(std::string_view text) {
  std::string out;
  size_t line = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n')) {
      if (c == '\r') ++i;
      out += "\r\n";
      line = 0;
      continue;
    }
    bool at_end = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    bool plain = (c >= 0x21 && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !at_end);
    size_t size = plain ? 1 : 3;
    if (line + size > 75) {
      out += "=\r\n";
      line = 0;
    }
    if (plain) out += static_cast<char>(c);
    else AppendHex(&out, c);
    line += size;
  }
  return out;
}

std::string DateText(int64_t now) {
  time_t seconds = static_cast<time_t>(now / kSecond);
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return text;
}

struct Upload {
  std::string_view rest;
  std::string last_reply;  // of the server
};

size_t OnRead(char *buffer, size_t size, size_t count, void *upload) {
  std::string_view &rest = static_cast<Upload *>(upload)->rest;
  size_t n = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), n);
  rest.remove_prefix(n);
  return n;
}

size_t OnReply(char *data, size_t size, size_t count, void *upload) {
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  static_cast<Upload *>(upload)->last_reply = line;
  return size * count;
}

int OnProgress(void *cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool> *>(cancelled)->load(std::memory_order_relaxed);
}

void SetServer(CURL *handle, const SmtpServer &server) {
  // The path is what the client calls itself in EHLO.
  std::string host = server.host.find(':') != std::string::npos && server.host.front() != '[' ? "[" + server.host + "]" : server.host;
  std::string url = (server.port == 465 ? "smtps://" : "smtp://") + host + ":" + std::to_string(server.port) + "/localhost";
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
  if (!server.verify) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!server.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, server.password.c_str());
  }
  if (server.idle_ns > 0) curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, static_cast<long>(std::max<int64_t>(1, server.idle_ns / kSecond)));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kLongestMs);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

MailResult Judge(CURLcode code, const SmtpServer &server, const std::string &reply, const char *detail) {
  if (code == CURLE_OK) return {};
  std::string peer = server.host + ":" + std::to_string(server.port);
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return {"dial tcp " + peer + ": connect: connection refused", true};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"dial tcp: lookup " + server.host + ": no such host", true};
    case CURLE_OPERATION_TIMEDOUT:
      return {"the server " + peer + " does not answer", false};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
      if (reply.empty()) return {"EOF", true};
      break;
    case CURLE_ABORTED_BY_CALLBACK:
      return {"given up", true};
    case CURLE_LOGIN_DENIED:
      return {reply.empty() ? "the login was denied" : reply, false};
    default:
      break;
  }
  if (reply.size() >= 3 && (reply[0] == '4' || reply[0] == '5')) return {"gomail: could not send email 1: " + reply, reply[0] == '4'};
  return {*detail ? detail : curl_easy_strerror(code), false};
}

}  // namespace

std::string MailAddress(std::string_view text) {
  size_t open = text.rfind('<');
  if (open != std::string_view::npos) {
    size_t close = text.find('>', open);
    if (close == std::string_view::npos) return "";
    text = text.substr(open + 1, close - open - 1);
  }
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  size_t at = text.rfind('@');
  bool good = at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
              std::none_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == ','; });
  return good ? std::string(text) : "";
}

std::string MailText(const MailMessage &message, int64_t now) {
  std::string to;
  for (const std::string &each : message.to) to += (to.empty() ? "" : ", ") + each;
  auto one_line = [](std::string text) {
    for (char &c : text)
      if (c == '\r' || c == '\n') c = ' ';
    return text;
  };
  return "Mime-Version: 1.0\r\nDate: " + DateText(now) + "\r\nFrom: " + HeaderText(one_line(message.from)) + "\r\nTo: " +
         HeaderText(one_line(to)) + "\r\nSubject: " + HeaderText(one_line(message.subject)) + "\r\nContent-Type: " + message.content_type +
         "; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + QuotedPrintable(message.body);
}

SmtpClient::SmtpClient(SmtpServer server, std::shared_ptr<std::atomic<bool>> cancelled)
    : server_(std::move(server)), cancelled_(std::move(cancelled)) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)started;
}

SmtpClient::~SmtpClient() {
  if (handle_) curl_easy_cleanup(handle_);
}

MailResult SmtpClient::send(const MailMessage &message) {
  std::lock_guard lock(mutex_);
  if (cancelled_->load()) return {"given up", true};
  if (!handle_) handle_ = curl_easy_init();
  if (!handle_) return {"libcurl does not start", true};
  const std::string text = MailText(message, static_cast<int64_t>(time(nullptr)) * kSecond), sender = MailAddress(message.from);
  Upload upload{text, ""};
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_reset(handle_);  // keeps the connection
  SetServer(handle_, server_);
  curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(handle_, CURLOPT_MAIL_FROM, ("<" + sender + ">").c_str());
  curl_slist *recipients = nullptr;
  for (const std::string &each : message.to) recipients = curl_slist_append(recipients, ("<" + MailAddress(each) + ">").c_str());
  curl_easy_setopt(handle_, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(handle_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle_, CURLOPT_READFUNCTION, OnRead);
  curl_easy_setopt(handle_, CURLOPT_READDATA, &upload);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, OnReply);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &upload);
  curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, OnProgress);
  curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, cancelled_.get());
  CURLcode code = curl_easy_perform(handle_);
  curl_slist_free_all(recipients);
  return Judge(code, server_, upload.last_reply, detail);
}

}  // namespace tick
