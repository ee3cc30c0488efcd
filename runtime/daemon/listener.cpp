// listener.cpp - the HTTP listener on Boost.Beast: binding, accepting, stopping.
#include "runtime/daemon/listener.h"

#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>

#include "runtime/daemon/listener_connection.h"

namespace tick {
namespace {

// "host:port" to an endpoint; an error text in Go's words.
std::string Resolve(asio::io_context &io, const std::string &address, tcp::endpoint *endpoint) {
  size_t colon = address.rfind(':');
  if (colon == std::string::npos) return "listen tcp: address " + address + ": missing port in address";
  std::string host = address.substr(0, colon), port = address.substr(colon + 1);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  beast::error_code error;
  tcp::resolver resolver(io);
  auto results = resolver.resolve(host.empty() ? "0.0.0.0" : host, port, tcp::resolver::passive, error);
  if (error || results.empty()) return "listen tcp: lookup " + address + ": " + error.message();
  *endpoint = results.begin()->endpoint();
  return "";
}

template <class Acceptor, class Endpoint>
std::string Bind(Acceptor &acceptor, const Endpoint &endpoint, const std::string &what) {
  beast::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error && std::is_same_v<Endpoint, tcp::endpoint>) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(4096, error);
  if (!error) return "";
  std::string text = error.message();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return "listen " + what + ": bind: " + text;
}

}  // namespace

void Listener::State::serve(tcp::socket socket, const std::shared_ptr<State> &self) {
  beast::error_code ignored;
  auto peer = socket.remote_endpoint(ignored);
  std::string remote = ignored ? "" : peer.address().to_string();
  socket.set_option(tcp::no_delay(true), ignored);
  if (tls)
    std::make_shared<Connection<beast::ssl_stream<beast::tcp_stream>>>(self, remote, beast::tcp_stream(std::move(socket)), *tls)
        ->begin();
  else
    std::make_shared<Connection<beast::tcp_stream>>(self, remote, std::move(socket))->begin();
}

void Listener::State::serve(local::socket socket, const std::shared_ptr<State> &self) {
  std::make_shared<Connection<beast::basic_stream<local>>>(self, "@", std::move(socket))->begin();
}

template <class Acceptor>
void Listener::State::accept(Acceptor &acceptor, const std::shared_ptr<State> &self) {
  using Socket = typename Acceptor::protocol_type::socket;
  acceptor.async_accept(asio::make_strand(io), [self, &acceptor](beast::error_code error, Socket socket) {
    if (self->stopping || error == asio::error::operation_aborted) return;
    if (!error) {
      self->serve(std::move(socket), self);
      return self->accept(acceptor, self);
    }
    // Out of descriptors: the connection stays in the backlog until some are free again.
    auto timer = std::make_shared<asio::steady_timer>(self->io, std::chrono::milliseconds(50));
    timer->async_wait([self, &acceptor, timer](beast::error_code) { self->accept(acceptor, self); });
  });
}

Listener::Listener(ListenOptions options, Route route, Answered answered)
    : state_(std::make_shared<State>(std::move(options), std::move(route), std::move(answered))) {}

Listener::~Listener() { stop(0); }

std::string Listener::listen_tcp() {
  State &state = *state_;
  if (state.options.tls) {
    state.tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    if (std::string error = PrepareTls(state.options, state.tls.get()); !error.empty()) return error;
  }
  tcp::endpoint endpoint;
  std::string problem = Resolve(state.io, state.options.address, &endpoint);
  return problem.empty() ? Bind(state.tcp_acceptor, endpoint, "tcp " + state.options.address) : problem;
}

// A socket file that nobody listens to any more is left from a process that was killed: it makes room.
std::string Listener::listen_unix() {
  State &state = *state_;
  const std::string &path = state.options.unix_socket;
  if (path.size() >= sizeof(sockaddr_un::sun_path)) return "listen unix " + path + ": bind: the path is too long";
  local::endpoint endpoint(path);
  local::socket probe(state.io);
  beast::error_code error;
  probe.connect(endpoint, error);
  if (error == asio::error::connection_refused) ::unlink(path.c_str());
  std::string problem = Bind(state.unix_acceptor, endpoint, "unix " + path);
  state.owns_socket_file = problem.empty();
  return problem;
}

std::string Listener::start() {
  State &state = *state_;
  // Who can connect by TCP finds the socket there.
  std::string problem = state.options.unix_socket.empty() ? "" : listen_unix();
  if (!problem.empty()) return problem;
  problem = listen_tcp();
  if (!problem.empty()) return problem;
  state.accept(state.tcp_acceptor, state_);
  if (state.unix_acceptor.is_open()) state.accept(state.unix_acceptor, state_);
  for (unsigned i = 0; i < state.options.io_threads; ++i) state.threads.emplace_back([this] { state_->io.run(); });
  return "";
}

uint16_t Listener::port() const {
  beast::error_code error;
  return state_->tcp_acceptor.local_endpoint(error).port();
}

void Listener::stop(int grace_ms) {
  State &state = *state_;
  if (state.stopping.exchange(true)) return;
  // A stream's writer may be between two writes: whoever serves them goes on until the last one has ended.
  auto serving = asio::make_work_guard(state.io);
  asio::post(state.io, [this] {
    beast::error_code ignored;
    state_->tcp_acceptor.close(ignored);
    state_->unix_acceptor.close(ignored);
  });
  if (state.owns_socket_file) ::unlink(state.options.unix_socket.c_str());
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  auto any_busy = [&] {
    std::lock_guard lock(state.mutex);
    for (State::Link *link : state.links)
      if (link->busy) return true;
    return false;
  };
  while (any_busy() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  state.handlers.stop();
  state.handlers.join();
  {
    // Those that stream first: their writers wait on threads of their own for what they wrote.
    std::unique_lock lock(state.mutex);
    for (State::Link *link : state.links)
      if (link->streaming) link->close_soon();
    state.stream_ended.wait(lock, [&] { return state.streams == 0 || state.threads.empty(); });
    for (State::Link *link : state.links) link->close_soon();
  }
  serving.reset();
  for (std::thread &thread : state.threads) thread.join();  // ends with the last connection
  state.threads.clear();
}

}  // namespace tick
