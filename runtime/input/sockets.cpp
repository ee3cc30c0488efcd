// sockets.cpp - sockets of inputs on Boost.Asio.
#include "runtime/input/sockets.h"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace tick {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using Error = boost::system::error_code;

namespace {

constexpr size_t kPiece = 64 * 1024;
constexpr size_t kMostPending = 64 << 20;  // bytes of an unfinished request

std::string LowerFirst(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

template <class Protocol>
std::string Resolve(asio::io_context &io, const char *network, const std::string &address, typename Protocol::endpoint *endpoint) {
  size_t colon = address.rfind(':');
  if (colon == std::string::npos) return std::string("address ") + address + ": missing port in address";
  std::string host = address.substr(0, colon), port = address.substr(colon + 1);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  Error error;
  typename Protocol::resolver resolver(io);
  auto results = resolver.resolve(host.empty() ? "0.0.0.0" : host, port, Protocol::resolver::passive, error);
  if (error || results.empty()) return std::string("lookup ") + address + ": " + LowerFirst(error.message());
  *endpoint = results.begin()->endpoint();
  (void)network;
  return "";
}

}  // namespace

std::string ResolveUdp(asio::io_context &io, const std::string &address, udp::endpoint *endpoint) {
  return Resolve<udp>(io, "udp", address, endpoint);
}

std::string ResolveTcp(asio::io_context &io, const std::string &address, tcp::endpoint *endpoint) {
  return Resolve<tcp>(io, "tcp", address, endpoint);
}

// --- UDP ----------------------------------------------------------------------------------------------------

std::string UdpInput::open(const std::string &address, int read_buffer) {
  udp::endpoint endpoint;
  asio::io_context names;
  if (std::string error = ResolveUdp(names, address, &endpoint); !error.empty()) return "failed to resolve UDP address " + address + ": " + error;
  Error error;
  socket_.open(endpoint.protocol(), error);
  if (!error && read_buffer > 0) socket_.set_option(asio::socket_base::receive_buffer_size(read_buffer), error);
  if (!error) socket_.bind(endpoint, error);
  if (error) return "listen udp " + address + ": bind: " + LowerFirst(error.message());
  receive();
  return "";
}

void UdpInput::receive() {
  socket_.async_receive(asio::buffer(buffer_), [this](Error error, size_t n) {
    if (error == asio::error::operation_aborted || !socket_.is_open()) return;
    if (!error) take_({buffer_.data(), n});
    receive();
  });
}

void UdpInput::close() {
  Error ignored;
  socket_.close(ignored);
}

// --- TCP ----------------------------------------------------------------------------------------------------

struct TcpInput::Connection : std::enable_shared_from_this<Connection> {
  Connection(tcp::socket s, std::unique_ptr<TcpSession> of) : socket(std::move(s)), session(std::move(of)), piece(kPiece) {}
  tcp::socket socket;
  std::unique_ptr<TcpSession> session;
  std::vector<char> piece;
  std::string buffer;

  void read(TcpInput *owner) {
    socket.async_read_some(asio::buffer(piece), [self = shared_from_this(), owner](Error error, size_t n) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        self->session->end(self->buffer);
        self->drop(owner);
        return;
      }
      self->buffer.append(self->piece.data(), n);
      std::string answer;
      bool more = self->session->take(self->buffer, &answer) && self->buffer.size() < kMostPending;
      Error failed;
      if (!answer.empty()) asio::write(self->socket, asio::buffer(answer), failed);
      if (more && !failed) return self->read(owner);
      self->drop(owner);
    });
  }
  void drop(TcpInput *owner) {
    Error ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    socket.close(ignored);
    owner->connections_.erase(shared_from_this());
  }
};

TcpInput::~TcpInput() = default;

std::string TcpInput::open(const std::string &address) {
  tcp::endpoint endpoint;
  asio::io_context names;
  if (std::string error = ResolveTcp(names, address, &endpoint); !error.empty()) return "listen tcp: " + error;
  Error error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(1024, error);
  if (error) return "listen tcp " + address + ": bind: " + LowerFirst(error.message());
  accept();
  return "";
}

void TcpInput::accept() {
  acceptor_.async_accept([this](Error error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (!error) {
      auto connection = std::make_shared<Connection>(std::move(socket), make_());
      connections_.insert(connection);
      connection->read(this);
    }
    accept();
  });
}

void TcpInput::close() {
  Error ignored;
  acceptor_.close(ignored);
  for (const auto &connection : connections_) connection->socket.close(ignored);
  connections_.clear();
}

}  // namespace tick
