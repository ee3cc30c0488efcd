// tcp_handler.cpp - `.tcp('host:port')`: a connection an event; JSON and an empty line, then it is closed.
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/alert/event_json.h"
#include "runtime/alert/local_handlers.h"

namespace tick {
namespace {

constexpr int kSecondsToWait = 10;  // a receiver that hangs must not hold up the ones behind it for ever

class TcpHandler final : public AlertHandler {
 public:
  TcpHandler(TcpOptions options, HandlerReport report) : options_(std::move(options)), report_(std::move(report)) {}

  void handle(const AlertEvent &event) override {
    std::string body;
    if (!AppendEventJson(&body, event))
      return report_("failed to marshal alert data json", NotFinite(event), {{"address", options_.address}});
    body += "\n\n";
    std::string cause;
    int connection = connect_to(&cause);
    if (connection < 0) return report_("tcp handler failed to connect", cause, {{"address", options_.address}});
    if (!send_all(connection, body))
      report_("failed to send alert data to tcp endpoint",
              std::string("write tcp ") + options_.address + ": write: " + ErrnoText(errno),
              {{"address", options_.address}});
    close(connection);
  }

 private:
  int connect_to(std::string *cause) {
    *cause = "dial tcp " + options_.address + ": ";
    size_t colon = options_.address.rfind(':');
    if (colon == std::string::npos) {
      *cause = "dial tcp: address " + options_.address + ": missing port in address";
      return -1;
    }
    std::string host = options_.address.substr(0, colon), port = options_.address.substr(colon + 1);
    if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (int failure = getaddrinfo(host.empty() ? "localhost" : host.c_str(), port.c_str(), &hints, &found)) {
      *cause += std::string("lookup ") + host + ": " + gai_strerror(failure);
      return -1;
    }
    int connection = -1;
    for (addrinfo *at = found; at && connection < 0; at = at->ai_next) connection = try_address(*at);
    freeaddrinfo(found);
    if (connection < 0) *cause += "connect: " + ErrnoText(errno);
    return connection;
  }

  static int try_address(const addrinfo &address) {
    int connection = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol);
    if (connection < 0) return -1;
    timeval wait{kSecondsToWait, 0};
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(connection, address.ai_addr, address.ai_addrlen) == 0) return connection;
    int failure = errno == EINPROGRESS ? ETIMEDOUT : errno;
    close(connection);
    errno = failure;
    return -1;
  }

  static bool send_all(int connection, std::string_view rest) {
    while (!rest.empty()) {
      ssize_t n = send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      rest.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }

  TcpOptions options_;
  HandlerReport report_;
};

}  // namespace

std::unique_ptr<AlertHandler> MakeTcpHandler(TcpOptions options, HandlerReport report, std::string *error) {
  if (options.address.empty()) {
    *error = "failed to create tcp alert handler: address must not be empty";
    return nullptr;
  }
  return std::make_unique<TcpHandler>(std::move(options), std::move(report));
}

}  // namespace tick
