// tcp_connection.cpp - connects, sends and receives within limits of time.
#include "runtime/alert/tcp_connection.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/alert/local_handlers.h"

namespace tick {
namespace {

constexpr int kSecondsToWait = 10;  // a receiver that hangs must not hold up the ones behind it for ever

int TryAddress(const addrinfo &address) {
  int connection = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol);
  if (connection < 0) return -1;
  timeval wait{kSecondsToWait, 0};
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  if (connect(connection, address.ai_addr, address.ai_addrlen) == 0) return connection;
  int failure = errno == EINPROGRESS ? ETIMEDOUT : errno;
  close(connection);
  errno = failure;
  return -1;
}

}  // namespace

TcpConnection::~TcpConnection() {
  if (socket_ >= 0) close(socket_);
}

std::string TcpConnection::open(const std::string &address) {
  address_ = address;
  size_t colon = address.rfind(':');
  if (colon == std::string::npos) return "dial tcp: address " + address + ": missing port in address";
  std::string host = address.substr(0, colon), port = address.substr(colon + 1);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo *found = nullptr;
  if (int failure = getaddrinfo(host.empty() ? "localhost" : host.c_str(), port.c_str(), &hints, &found))
    return "dial tcp " + address + ": lookup " + host + ": " + gai_strerror(failure);
  for (addrinfo *at = found; at && socket_ < 0; at = at->ai_next) socket_ = TryAddress(*at);
  int failure = errno;
  freeaddrinfo(found);
  return socket_ >= 0 ? "" : "dial tcp " + address + ": connect: " + ErrnoText(failure);
}

std::string TcpConnection::send(std::string_view rest) {
  while (!rest.empty()) {
    ssize_t n = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return "write tcp " + address_ + ": write: " + ErrnoText(errno);
    rest.remove_prefix(static_cast<size_t>(n));
  }
  return "";
}

std::string TcpConnection::receive_all(std::string *bytes) {
  constexpr size_t kMost = 1 << 20;  // of an answer; what is longer is none
  char piece[4096];
  for (;;) {
    ssize_t n = recv(socket_, piece, sizeof piece, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return "read tcp " + address_ + ": " + (errno == EAGAIN ? "i/o timeout" : "read: " + ErrnoText(errno));
    if (n == 0 || bytes->size() > kMost) return "";
    bytes->append(piece, static_cast<size_t>(n));
  }
}

}  // namespace tick
