// sockets.h - where inputs listen: UDP packets and TCP connections, on one thread for all of them.
//
// Handlers run on that thread and may block it: a full queue of a task holds TCP senders back, and UDP packets wait
// in the system's buffer, as long as that has room.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tick {

// "[udp4 ]host:port" as Go takes it; host may be empty. An error text in Go's words.
std::string ResolveUdp(boost::asio::io_context &io, const std::string &address, boost::asio::ip::udp::endpoint *endpoint);
std::string ResolveTcp(boost::asio::io_context &io, const std::string &address, boost::asio::ip::tcp::endpoint *endpoint);

class UdpInput {
 public:
  using Take = std::function<void(std::string_view packet)>;
  UdpInput(boost::asio::io_context &io, Take take) : socket_(io), take_(std::move(take)), buffer_(65536) {}
  // read_buffer: bytes of the system's, 0 is its default.
  std::string open(const std::string &address, int read_buffer);
  uint16_t port() const { return socket_.local_endpoint().port(); }
  void close();

 private:
  void receive();
  boost::asio::ip::udp::socket socket_;
  Take take_;
  std::vector<char> buffer_;
};

// What a connection's bytes are for.
class TcpSession {
 public:
  virtual ~TcpSession() = default;
  // Takes what it can from the front of the buffer and may answer. False: the connection ends after the answer.
  virtual bool take(std::string &buffer, std::string *answer) = 0;
  // The peer is done: what is left is all.
  virtual void end(std::string &) {}
};

class TcpInput {
 public:
  using Make = std::function<std::unique_ptr<TcpSession>()>;
  TcpInput(boost::asio::io_context &io, Make make) : io_(io), acceptor_(io), make_(std::move(make)) {}
  ~TcpInput();
  std::string open(const std::string &address);
  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void close();

 private:
  struct Connection;
  void accept();
  boost::asio::io_context &io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Make make_;
  std::set<std::shared_ptr<Connection>> connections_;
};

}  // namespace tick
