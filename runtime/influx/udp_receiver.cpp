// udp_receiver.cpp - one socket, one thread.
#include "runtime/influx/udp_receiver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace tick {
namespace {

constexpr size_t kLargest = 65536;
constexpr int kPollMs = 200;  // how long close() may wait

uint16_t PortOf(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 &>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in &>(address).sin_port);
}

}  // namespace

std::string UdpReceiver::open(const std::string &bind, uint16_t port, int read_buffer,
                              std::function<void(std::string_view)> take) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = bind.empty() ? AF_INET : AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_PASSIVE;
  if (int code = getaddrinfo(bind.empty() ? nullptr : bind.c_str(), std::to_string(port).c_str(), &hints, &found);
      code != 0)
    return "listen udp " + bind + ": " + gai_strerror(code);
  std::string error;
  socket_ = ::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0 || ::bind(socket_, found->ai_addr, found->ai_addrlen) != 0)
    error = "listen udp " + bind + ":" + std::to_string(port) + ": " + std::strerror(errno);
  freeaddrinfo(found);
  if (!error.empty()) {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    return error;
  }
  if (read_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &read_buffer, sizeof read_buffer);
  port_ = PortOf(socket_);
  take_ = std::move(take);
  thread_ = std::thread([this] { receive(); });
  return "";
}

void UdpReceiver::receive() {
  std::string packet(kLargest, '\0');
  while (!closing_) {
    pollfd wait{socket_, POLLIN, 0};
    if (poll(&wait, 1, kPollMs) <= 0) continue;
    ssize_t size = recv(socket_, packet.data(), packet.size(), 0);
    if (size > 0) take_(std::string_view(packet.data(), static_cast<size_t>(size)));
  }
}

void UdpReceiver::close() {
  closing_ = true;
  if (thread_.joinable()) thread_.join();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

}  // namespace tick
