// tcp_connection.cpp - connects, sends and receives within limits of time.
#include "runtime/alert/tcp_connection.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/alert/local_handlers.h"

namespace tick {
namespace {

constexpr int kMsToWait = 10'000;  // a receiver that hangs must not hold up the ones behind it for ever
constexpr int kMsToLook = 100;     // whether the call is cancelled

}  // namespace

bool TcpConnection::wait(int connection, short what) const {
  for (int ms = 0; ms < kMsToWait; ms += kMsToLook) {
    if (cancelled_ && cancelled_->load(std::memory_order_relaxed)) {
      errno = ECANCELED;
      return false;
    }
    pollfd ready{connection, what, 0};
    int n = poll(&ready, 1, kMsToLook);
    if (n > 0) return true;
    if (n < 0 && errno != EINTR) return false;
  }
  errno = ETIMEDOUT;
  return false;
}

int TcpConnection::try_address(const addrinfo &address) const {
  int connection = socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol);
  if (connection < 0) return -1;
  int failure = 0;
  if (connect(connection, address.ai_addr, address.ai_addrlen) != 0) {
    failure = errno;
    if (failure == EINPROGRESS && wait(connection, POLLOUT)) {
      socklen_t size = sizeof failure;
      getsockopt(connection, SOL_SOCKET, SO_ERROR, &failure, &size);
    } else if (failure == EINPROGRESS) {
      failure = errno;
    }
  }
  if (failure == 0) return connection;
  close(connection);
  errno = failure;
  return -1;
}

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
  for (addrinfo *at = found; at && socket_ < 0; at = at->ai_next) socket_ = try_address(*at);
  int failure = errno;
  freeaddrinfo(found);
  return socket_ >= 0 ? "" : "dial tcp " + address + ": connect: " + ErrnoText(failure);
}

std::string TcpConnection::send(std::string_view rest) {
  while (!rest.empty()) {
    ssize_t n = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && (errno == EINTR || (errno == EAGAIN && wait(socket_, POLLOUT)))) continue;
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
    if (n < 0 && (errno == EINTR || (errno == EAGAIN && wait(socket_, POLLIN)))) continue;
    if (n < 0) return "read tcp " + address_ + ": " + (errno == ETIMEDOUT ? "i/o timeout" : "read: " + ErrnoText(errno));
    if (n == 0 || bytes->size() > kMost) return "";
    bytes->append(piece, static_cast<size_t>(n));
  }
}

}  // namespace tick
