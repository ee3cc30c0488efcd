// listener.cpp - the HTTP listener on Boost.Beast.
#include "runtime/daemon/listener.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace tick {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr int kIdleSeconds = 600;  // a keep-alive connection without a request
constexpr size_t kFirstBytes = 1024;
constexpr size_t kPieceBytes = 64 * 1024;

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char &c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

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

}  // namespace

struct Listener::State {
  State(ListenOptions o, Route r, Answered a)
      : options(std::move(o)), route(std::move(r)), answered(std::move(a)), acceptor(io), handlers(options.handler_threads) {}

  ListenOptions options;
  Route route;
  Answered answered;
  asio::io_context io;
  tcp::acceptor acceptor;
  asio::thread_pool handlers;
  std::vector<std::thread> threads;
  std::atomic<bool> stopping{false};

  struct Connection;
  std::mutex mutex;
  std::set<Connection *> connections;

  void accept(const std::shared_ptr<State> &self);
};

// One client. All of it runs on the connection's strand but the handler, which runs on the pool while the
// strand waits for nothing but its end.
struct Listener::State::Connection : std::enable_shared_from_this<Connection> {
  Connection(tcp::socket socket, std::shared_ptr<State> owner) : stream(std::move(socket)), state(std::move(owner)) {
    beast::error_code ignored;
    auto peer = stream.socket().remote_endpoint(ignored);
    if (!ignored) remote = peer.address().to_string();
    stream.socket().set_option(tcp::no_delay(true), ignored);
    std::lock_guard lock(state->mutex);
    state->connections.insert(this);
  }
  ~Connection() {
    std::lock_guard lock(state->mutex);
    state->connections.erase(this);
  }

  void read() {
    parser.emplace();
    // Boost 1.74 takes "no limit" for a limit that every body exceeds.
    parser->body_limit(std::numeric_limits<uint64_t>::max());
    parser->header_limit(64 * 1024);
    if (buffer.size() > 0) return read_header();
    // Between requests a client may be silent for long; it costs a small buffer.
    buffer = beast::flat_buffer();
    stream.expires_after(std::chrono::seconds(kIdleSeconds));
    stream.async_read_some(buffer.prepare(kFirstBytes), [self = shared_from_this()](beast::error_code error, size_t n) {
      self->buffer.commit(n);
      if (error) return self->close();
      self->read_header();
    });
  }

  void read_header() {
    stream.expires_after(std::chrono::milliseconds(state->options.stall_ms));
    http::async_read_header(stream, buffer, *parser, [self = shared_from_this()](beast::error_code error, size_t) {
      if (error) return self->refuse_or_close(error);
      self->read_body();
    });
  }

  void read_body() {
    if (beast::iequals(parser->get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      beast::error_code ignored;
      asio::write(stream.socket(), asio::buffer(kContinue), ignored);
    }
    parser->eager(true);
    if (!parser->is_done()) buffer.reserve(kPieceBytes);  // or a body arrives in scraps
    read_body_more();
  }
  // Each piece that arrives gives the client another while.
  void read_body_more() {
    if (parser->is_done()) return handle();
    stream.expires_after(std::chrono::milliseconds(state->options.stall_ms));
    http::async_read_some(stream, buffer, *parser, [self = shared_from_this()](beast::error_code error, size_t) {
      if (error) return self->refuse_or_close(error);
      self->read_body_more();
    });
  }

  void refuse_or_close(beast::error_code error) {
    if (error.category() == http::make_error_code(http::error::bad_method).category() && error != http::error::end_of_stream &&
        error != http::error::partial_message) {
      static constexpr std::string_view kBad =
          "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
      beast::error_code ignored;
      asio::write(stream.socket(), asio::buffer(kBad), ignored);
    }
    close();
  }

  void close() {
    beast::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream.socket().close(ignored);
  }

  void handle() {
    stream.expires_never();
    busy = true;
    auto message = parser->release();
    auto request = std::make_shared<Request>();
    request->method = std::string(message.method_string());
    ParseTarget(std::string_view(message.target().data(), message.target().size()), request.get());
    for (const auto &field : message)
      request->headers.emplace_back(LowerCase({field.name_string().data(), field.name_string().size()}),
                                    std::string(field.value()));
    request->remote = remote;
    request->body = std::make_shared<const std::string>(std::move(message.body()));
    keep_alive = message.keep_alive();
    version = message.version();
    asio::post(state->handlers, [self = shared_from_this(), request] { self->run(*request); });
  }

  // On the pool.
  void run(const Request &request) {
    auto begin = std::chrono::steady_clock::now();
    auto response = std::make_shared<Response>(state->route(request));
    auto took = std::chrono::steady_clock::now() - begin;
    state->answered(request, *response, std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
    if (response->stream) return stream_out(*response);
    asio::post(stream.get_executor(), [self = shared_from_this(), response, head = request.method == "HEAD"] {
      self->write(*response, head);
    });
  }

  void write(const Response &response, bool head) {
    out.emplace(static_cast<http::status>(response.status), version);
    if (!response.content_type.empty()) out->set(http::field::content_type, response.content_type);
    for (const auto &[name, value] : response.headers) out->insert(name, value);
    out->keep_alive(keep_alive && !state->stopping);
    size_t size = response.body.size();
    if (!head) out->body() = response.body;
    if (response.status != 204) out->content_length(size);
    serializer.emplace(*out);
    if (head) serializer->split(true);
    stream.expires_after(std::chrono::milliseconds(state->options.stall_ms));
    auto written = [self = shared_from_this()](beast::error_code error, size_t) {
      self->busy = false;
      if (error || !self->out->keep_alive()) return self->close();
      self->read();
    };
    if (head)
      http::async_write_header(stream, *serializer, written);
    else
      http::async_write(stream, *serializer, written);
  }

  // A body without an end: chunks, written on the handler's thread.
  void stream_out(const Response &response) {
    std::string header = "HTTP/1.1 " + std::to_string(response.status) + " OK\r\nTransfer-Encoding: chunked\r\n";
    if (!response.content_type.empty()) header += "Content-Type: " + response.content_type + "\r\n";
    for (const auto &[name, value] : response.headers) header += name + ": " + value + "\r\n";
    header += "\r\n";
    beast::error_code error;
    asio::write(stream.socket(), asio::buffer(header), error);
    if (!error) {
      response.stream([&](std::string_view part) {
        if (part.empty()) return !error && !state->stopping;
        char size[32];
        int n = std::snprintf(size, sizeof size, "%zx\r\n", part.size());
        std::string chunk = std::string(size, static_cast<size_t>(n)) + std::string(part) + "\r\n";
        asio::write(stream.socket(), asio::buffer(chunk), error);
        return !error && !state->stopping;
      });
    }
    if (!error) asio::write(stream.socket(), asio::buffer(std::string_view("0\r\n\r\n")), error);
    asio::post(stream.get_executor(), [self = shared_from_this()] { self->close(); });
  }

  beast::tcp_stream stream;
  std::shared_ptr<State> state;
  beast::flat_buffer buffer;
  std::optional<http::request_parser<http::string_body>> parser;
  std::optional<http::response<http::string_body>> out;
  std::optional<http::response_serializer<http::string_body>> serializer;
  std::string remote;
  bool keep_alive = true;
  unsigned version = 11;
  std::atomic<bool> busy{false};
};

void Listener::State::accept(const std::shared_ptr<State> &self) {
  acceptor.async_accept(asio::make_strand(io), [self](beast::error_code error, tcp::socket socket) {
    if (self->stopping || error == asio::error::operation_aborted) return;
    if (!error) {
      std::make_shared<Connection>(std::move(socket), self)->read();
      return self->accept(self);
    }
    // Out of descriptors: the connection stays in the backlog until some are free again.
    auto timer = std::make_shared<asio::steady_timer>(self->io, std::chrono::milliseconds(50));
    timer->async_wait([self, timer](beast::error_code) { self->accept(self); });
  });
}

Listener::Listener(ListenOptions options, Route route, Answered answered)
    : state_(std::make_shared<State>(std::move(options), std::move(route), std::move(answered))) {}

Listener::~Listener() { stop(0); }

std::string Listener::start() {
  State &state = *state_;
  tcp::endpoint endpoint;
  std::string problem = Resolve(state.io, state.options.address, &endpoint);
  if (!problem.empty()) return problem;
  beast::error_code error;
  state.acceptor.open(endpoint.protocol(), error);
  if (!error) state.acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) state.acceptor.bind(endpoint, error);
  if (!error) state.acceptor.listen(4096, error);
  if (error) {
    std::string text = error.message();
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return "listen tcp " + state.options.address + ": bind: " + text;
  }
  state.accept(state_);
  for (unsigned i = 0; i < state.options.io_threads; ++i) state.threads.emplace_back([this] { state_->io.run(); });
  return "";
}

uint16_t Listener::port() const {
  beast::error_code error;
  return state_->acceptor.local_endpoint(error).port();
}

void Listener::stop(int grace_ms) {
  State &state = *state_;
  if (state.stopping.exchange(true)) return;
  asio::post(state.io, [this] {
    beast::error_code ignored;
    state_->acceptor.close(ignored);
  });
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  auto any_busy = [&] {
    std::lock_guard lock(state.mutex);
    for (State::Connection *connection : state.connections)
      if (connection->busy) return true;
    return false;
  };
  while (any_busy() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  state.handlers.stop();
  state.handlers.join();
  {
    std::lock_guard lock(state.mutex);
    for (State::Connection *connection : state.connections)
      if (auto alive = connection->weak_from_this().lock())
        asio::post(alive->stream.get_executor(), [alive] { alive->close(); });
  }
  for (std::thread &thread : state.threads) thread.join();  // ends with the last connection
  state.threads.clear();
}

}  // namespace tick
