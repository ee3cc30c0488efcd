// receiver.cpp - reads requests from sockets.
#include "test/unit/services/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace tick {

Receiver::Receiver() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr *>(&address), size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr *>(&address), &size) != 0)
    throw std::runtime_error("no port for a receiver");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

Receiver::~Receiver() {
  ending_ = true;
  thread_.join();
  close(listener_);
}

void Receiver::answer(int status, std::string body) {
  std::lock_guard lock(mutex_);
  status_ = status;
  body_ = std::move(body);
  raw_.clear();
}

void Receiver::answer_raw(std::string bytes) {
  std::lock_guard lock(mutex_);
  raw_ = std::move(bytes);
}

std::vector<Received> Receiver::take(size_t n) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, std::chrono::seconds(10), [&] { return received_.size() >= n; });
  return std::exchange(received_, {});
}

void Receiver::serve() {
  while (!ending_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, 50) <= 0) continue;
    int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve_one(connection);
    close(connection);
  }
}

void Receiver::serve_one(int connection) {
  std::string text;
  size_t end = std::string::npos, length = 0;
  char piece[4096];
  bool raw;
  {
    std::lock_guard lock(mutex_);
    raw = !raw_.empty();
  }
  Received got;
  while (raw ? text.find('\n') == std::string::npos : end == std::string::npos || text.size() < end + 4 + length) {
    ssize_t n = recv(connection, piece, sizeof piece, 0);
    if (n <= 0) break;
    text.append(piece, static_cast<size_t>(n));
    if (raw || end != std::string::npos || (end = text.find("\r\n\r\n")) == std::string::npos) continue;
    size_t at = text.find("\r\n");
    std::string first = text.substr(0, at);
    got.method = first.substr(0, first.find(' '));
    got.target = first.substr(got.method.size() + 1, first.rfind(' ') - got.method.size() - 1);
    while (at < end) {
      size_t from = at + 2;
      at = text.find("\r\n", from);
      std::string line = text.substr(from, at - from);
      std::string name = line.substr(0, line.find(':'));
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      got.headers[name] = line.size() > name.size() + 2 ? line.substr(name.size() + 2) : "";
    }
    if (got.headers.count("content-length")) length = std::strtoul(got.headers["content-length"].c_str(), nullptr, 10);
  }
  got.body = raw || end == std::string::npos ? text : text.substr(end + 4);
  std::string reply;
  int status;
  {
    std::lock_guard lock(mutex_);
    status = status_;
    reply = raw ? raw_ : "HTTP/1.1 " + std::to_string(status) + " X\r\nConnection: close\r\nContent-Length: " + std::to_string(body_.size()) + "\r\n\r\n" + body_;
    received_.push_back(std::move(got));
  }
  came_.notify_all();
  while (!raw && status < 0 && !ending_) {
    pollfd gone{connection, POLLRDHUP, 0};
    if (poll(&gone, 1, 20) > 0) return;
  }
  if (raw || status > 0) send(connection, reply.data(), reply.size(), MSG_NOSIGNAL);
}

}  // namespace tick
