// http_client.cpp - outgoing HTTP over libcurl.
#include "runtime/net/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr size_t kKeptHandles = 16;

struct Transfer {
  const HttpCall *call;
  HttpAnswer *answer;
  bool refused = false;    // the receiver wants no more
  bool forbidden = false;  // an address was one of those no call may reach
  bool answered = false; // a status line came
  size_t sent = 0;       // bytes of the body
};

size_t OnBody(char *data, size_t size, size_t count, void *user) {
  auto *transfer = static_cast<Transfer *>(user);
  std::string_view piece(data, size * count);
  if (!transfer->call->receive) {
    transfer->answer->body.append(piece);
  } else if (!transfer->call->receive(piece)) {
    transfer->refused = true;
    return 0;
  }
  return piece.size();
}

// A status line begins the headers anew: those of redirects and of "100 Continue" are not the answer's.
size_t OnHeader(char *data, size_t size, size_t count, void *user) {
  auto *transfer = static_cast<Transfer *>(user);
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer->answer->headers.clear();
    transfer->answered = true;
  } else if (size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    transfer->answer->headers.emplace_back(std::move(name), value);
  }
  return size * count;
}

size_t OnRead(char *buffer, size_t size, size_t count, void *user) {
  auto *transfer = static_cast<Transfer *>(user);
  std::string_view rest = std::string_view(transfer->call->body).substr(transfer->sent);
  size_t n = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), n);
  transfer->sent += n;
  return n;
}

// A redirect has the body sent again. Where a kept connection broke libcurl would do so, too, though the receiver may
// have taken the body: nothing is said twice.
int OnSeek(void *user, curl_off_t to, int origin) {
  auto *transfer = static_cast<Transfer *>(user);
  if (origin != SEEK_SET || to != 0 || !transfer->answered) return CURL_SEEKFUNC_FAIL;
  transfer->sent = 0;
  return CURL_SEEKFUNC_OK;
}

std::vector<Cidr> &Forbidden() {
  static std::vector<Cidr> ranges;
  return ranges;
}

// Every connection passes here with the address it goes to, redirects and all that a name resolves to included.
curl_socket_t OnSocket(void *user, curlsocktype, curl_sockaddr *address) {
  if (InAny(Forbidden(), &address->addr)) {
    static_cast<Transfer *>(user)->forbidden = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int OnProgress(void *user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const HttpCall *call = static_cast<Transfer *>(user)->call;
  return call->cancelled && call->cancelled->load(std::memory_order_relaxed) ? 1 : 0;
}

// "Post", "Get": how Go's client begins its errors.
std::string Verb(const std::string &method) {
  std::string verb = method;
  std::transform(verb.begin(), verb.end(), verb.begin(), [](unsigned char c) { return std::tolower(c); });
  if (!verb.empty()) verb[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(verb[0])));
  return verb;
}

std::string HostAndPort(const std::string &url) {
  std::string out;
  CURLU *parts = curl_url();
  char *host = nullptr, *port = nullptr;
  if (parts && curl_url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
    out = std::string(host) + ":" + port;
  curl_free(host);
  curl_free(port);
  if (parts) curl_url_cleanup(parts);
  return out;
}

std::string Cause(CURL *handle, CURLcode code, const HttpCall &call, const char *detail) {
  long number = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &number);
  std::string peer = HostAndPort(call.url);
  if (call.url.starts_with("http://localhost:") || call.url.starts_with("https://localhost:"))
    peer.replace(0, std::strlen("localhost"), "127.0.0.1");
  switch (code) {
    case CURLE_COULDNT_CONNECT: {
      std::string why = number ? std::strerror(static_cast<int>(number)) : "Connection refused";
      why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
      return "dial tcp " + peer + ": connect: " + why;
    }
    case CURLE_COULDNT_RESOLVE_HOST: return "dial tcp: lookup " + peer.substr(0, peer.rfind(':')) + ": no such host";
    case CURLE_OPERATION_TIMEDOUT: return "net/http: request canceled (Client.Timeout exceeded while awaiting headers)";
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_GOT_NOTHING: return "EOF";
    case CURLE_PARTIAL_FILE: return "unexpected EOF";
    case CURLE_RECV_ERROR: return "read tcp " + peer + ": read: connection reset by peer";
    case CURLE_ABORTED_BY_CALLBACK: return "net/http: request canceled";
    case CURLE_UNSUPPORTED_PROTOCOL: return "unsupported protocol scheme \"" + call.url.substr(0, call.url.find(':')) + "\"";
    case CURLE_TOO_MANY_REDIRECTS: return "stopped after 10 redirects";
    case CURLE_PEER_FAILED_VERIFICATION: return std::string("x509: ") + (*detail ? detail : curl_easy_strerror(code));
    default: return *detail ? detail : curl_easy_strerror(code);
  }
}

void SetTls(CURL *handle, const TlsOptions &tls) {
  if (!tls.ca.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, tls.ca.c_str());
  if (!tls.cert.empty()) curl_easy_setopt(handle, CURLOPT_SSLCERT, tls.cert.c_str());
  if (!tls.key.empty()) curl_easy_setopt(handle, CURLOPT_SSLKEY, tls.key.c_str());
  if (tls.insecure) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

curl_slist *HeaderList(const HttpCall &call) {
  bool agent = false;
  curl_slist *list = curl_slist_append(nullptr, "Expect:");
  list = curl_slist_append(list, "Accept:");
  bool typed = false;
  for (const auto &[name, value] : call.headers) {
    if (strcasecmp(name.c_str(), "user-agent") == 0) agent = true;
    if (strcasecmp(name.c_str(), "content-type") == 0) typed = true;
    // A header with an empty value is written "Name;" for libcurl.
    list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
  }
  if (!agent) list = curl_slist_append(list, "User-Agent: Go-http-client/1.1");
  if (!typed) list = curl_slist_append(list, "Content-Type:");
  return list;
}

void SetMethod(CURL *handle, const HttpCall &call, Transfer *transfer) {
  if (call.method == "GET" && call.body.empty()) return;
  if (call.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  if (call.method == "POST" || !call.body.empty()) {
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, OnRead);
    curl_easy_setopt(handle, CURLOPT_READDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, OnSeek);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, transfer);
  }
  if (call.method != "POST") curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

void SetLimits(CURL *handle, const HttpCall &call) {
  constexpr int64_t kMs = 1'000'000;
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  if (call.timeout_ns > 0) curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<int64_t>(1, call.timeout_ns / kMs)));
  if (call.connect_timeout_ns > 0)
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<int64_t>(1, call.connect_timeout_ns / kMs)));
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  if (call.follow) {
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 10L);
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  }
}

}  // namespace

const std::string *HttpAnswer::header(std::string_view lower_name) const {
  for (const auto &[name, value] : headers)
    if (name == lower_name) return &value;
  return nullptr;
}

HttpClient::HttpClient() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)started;
}

HttpClient::~HttpClient() {
  for (void *handle : idle_) curl_easy_cleanup(handle);
}

void HttpClient::Forbid(std::vector<Cidr> ranges) { Forbidden() = std::move(ranges); }

HttpClient &HttpClient::Shared() {
  static HttpClient client;
  return client;
}

void *HttpClient::take() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      void *handle = idle_.back();
      idle_.pop_back();
      return handle;
    }
  }
  return curl_easy_init();
}

void HttpClient::give(void *handle) {
  curl_easy_reset(handle);
  std::unique_lock lock(mutex_);
  if (idle_.size() < kKeptHandles) {
    idle_.push_back(handle);
    return;
  }
  lock.unlock();
  curl_easy_cleanup(handle);
}

HttpAnswer HttpClient::send(const HttpCall &call) {
  HttpAnswer answer;
  CURL *handle = take();
  if (!handle) {
    answer.error = "libcurl does not start";
    return answer;
  }
  Transfer transfer{&call, &answer};
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  if (!Forbidden().empty()) {
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, OnSocket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
  }
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, OnProgress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  if (!call.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(handle, CURLOPT_USERNAME, call.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, call.password.c_str());
  }
  SetTls(handle, call.tls);
  SetMethod(handle, call, &transfer);
  SetLimits(handle, call);
  curl_slist *headers = HeaderList(call);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK && !(transfer.refused && code == CURLE_WRITE_ERROR)) {
    answer.error = Verb(call.method) + " " + GoQuote(RedactedUrl(call.url)) + ": " +
                   (transfer.forbidden ? "the address is one that -blacklist-cidrs forbids" : Cause(handle, code, call, detail));
    answer.status = 0;
  } else {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    if (transfer.refused) answer.error = Verb(call.method) + " " + GoQuote(RedactedUrl(call.url)) + ": the answer was given up";
  }
  curl_slist_free_all(headers);
  give(handle);
  return answer;
}

std::string RedactedUrl(std::string_view url) {
  std::string out(url.substr(0, url.find('?')));
  size_t host = out.find("://");
  host = host == std::string::npos ? 0 : host + 3;
  size_t end = std::min(out.find('/', host), out.size());
  size_t at = out.rfind('@', end == 0 ? 0 : end - 1);
  if (at == std::string::npos || at < host) return out;
  size_t colon = out.find(':', host);
  if (colon < at) out.replace(colon + 1, at - colon - 1, "xxxxx");
  return out;
}

std::string QueryEscape(std::string_view text) {
  static const char *digits = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += static_cast<char>(c);
    } else if (c == ' ') {
      out += '+';
    } else {
      out += '%';
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
  return out;
}

}  // namespace tick
