// tcp_connection.h - a TCP connection to `host:port`, with failures in Go's words.
#pragma once

#include <string>
#include <string_view>

namespace tick {

// Closed when it goes out of scope. Connecting and each piece sent or received may take ten seconds.
class TcpConnection {
 public:
  TcpConnection() = default;
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
  int socket_ = -1;
  std::string address_;
};

}  // namespace tick
