// tcp_connection.h - a TCP connection to `host:port`, with failures in Go's words.
#pragma once

#include <netdb.h>

#include <atomic>
#include <string>
#include <string_view>

namespace tick {

// Closed when it goes out of scope. Connecting and each piece sent or received may take ten seconds, or until
// `cancelled`, if there is one, is set from another thread.
class TcpConnection {
 public:
  explicit TcpConnection(const std::atomic<bool> *cancelled = nullptr) : cancelled_(cancelled) {}
  TcpConnection(const TcpConnection &) = delete;
  TcpConnection &operator=(const TcpConnection &) = delete;
  ~TcpConnection();
  // "" or "dial tcp HOST:PORT: connect: connection refused" and alike.
  std::string open(const std::string &address);
  // "" or "write tcp HOST:PORT: write: broken pipe" and alike.
  std::string send(std::string_view bytes);
  // Reads to the end; "" or why not.
  std::string receive_all(std::string *bytes);

 private:
  int try_address(const addrinfo &address) const;
  // Waits until the socket is ready for `what`; false with errno set after ten seconds or when it is cancelled.
  bool wait(int connection, short what) const;

  const std::atomic<bool> *cancelled_;
  int socket_ = -1;
  std::string address_;
};

}  // namespace tick
