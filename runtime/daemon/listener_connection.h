// listener_connection.h - one client of the listener, over whatever carries its bytes.
//
// All of it runs on the connection's strand but the handler, which runs on the pool while the strand waits for nothing
// but its end. Included by listener.cpp alone.
#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "runtime/daemon/listener_state.h"

namespace tick {

constexpr int kIdleSeconds = 600;  // a keep-alive connection without a request
constexpr size_t kFirstBytes = 1024;
constexpr size_t kPieceBytes = 64 * 1024;
constexpr uint64_t kMostAtOnce = 64 << 20;  // a body this long gets its memory before it arrives

template <class Stream>
class Connection final : public Listener::State::Link, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  static constexpr bool kTls = std::is_same_v<Stream, beast::ssl_stream<beast::tcp_stream>>;

  template <class... Args>
  Connection(std::shared_ptr<Listener::State> owner, std::string remote, Args &&...args)
      : Link(std::move(owner)), stream_(std::forward<Args>(args)...), remote_(std::move(remote)) {}

  void begin() {
    if constexpr (kTls) {
      allow_silence();
      stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](beast::error_code error) {
        if (!error) return self->read();
        if (SpokePlainHttp(error)) self->say("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        self->end();
      });
    } else {
      read();
    }
  }

  void close_soon() override {
    // Not kept here: whoever lets go of a connection last waits for the lock that a stop may hold.
    if (auto self = this->weak_from_this().lock()) {
      auto executor = stream_.get_executor();
      asio::post(executor, [self = std::move(self)] { self->end(); });
    }
  }

 private:
  std::shared_ptr<Connection> self() { return this->shared_from_this(); }
  auto &lowest() { return beast::get_lowest_layer(stream_); }
  void allow_silence() { lowest().expires_after(std::chrono::milliseconds(state->options.stall_ms)); }
  // A few bytes beside everything else; they fit the socket's buffer.
  void say(std::string_view text) {
    beast::error_code ignored;
    asio::write(lowest().socket(), asio::buffer(text), ignored);
  }

  // --- a request
  void read() {
    parser_.emplace();
    // Boost 1.74 takes "no limit" for a limit that every body exceeds.
    parser_->body_limit(std::numeric_limits<uint64_t>::max());
    parser_->header_limit(64 * 1024);
    if (buffer_.size() > 0) return read_header();
    // Between requests a client may be silent for long; it costs a small buffer.
    buffer_ = beast::flat_buffer();
    lowest().expires_after(std::chrono::seconds(kIdleSeconds));
    stream_.async_read_some(buffer_.prepare(kFirstBytes), [self = self()](beast::error_code error, size_t n) {
      self->buffer_.commit(n);
      if (error) return self->close();
      self->read_header();
    });
  }

  void read_header() {
    allow_silence();
    http::async_read_header(stream_, buffer_, *parser_, [self = self()](beast::error_code error, size_t) {
      if (error) return self->refuse_or_close(error);
      self->read_body();
    });
  }

  void read_body() {
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      allow_silence();
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      return asio::async_write(stream_, asio::buffer(kContinue), [self = self()](beast::error_code error, size_t) {
        if (error) return self->close();
        self->read_body_pieces();
      });
    }
    read_body_pieces();
  }

  void read_body_pieces() {
    auto length = parser_->content_length();
    if (length && *length > 0 && *length <= kMostAtOnce && !parser_->chunked()) {
      body_ = state->bodies.take(*length);
      got_ = std::min<size_t>(buffer_.size(), *length);
      asio::buffer_copy(asio::buffer(*body_), buffer_.data(), got_);
      buffer_.consume(got_);
      return read_known_body();
    }
    parser_->eager(true);
    if (!parser_->is_done()) buffer_.reserve(kPieceBytes);  // or a body arrives in scraps
    read_any_body();
  }

  // Straight to where it stays. Each piece that arrives gives the client another while.
  void read_known_body() {
    if (got_ == body_->size()) return handle(std::move(body_));
    allow_silence();
    stream_.async_read_some(asio::buffer(*body_) + got_, [self = self()](beast::error_code error, size_t n) {
      if (error) return self->close();
      self->got_ += n;
      self->read_known_body();
    });
  }

  void read_any_body() {
    if (parser_->is_done()) return handle(std::make_shared<const std::string>(std::move(parser_->get().body())));
    allow_silence();
    http::async_read_some(stream_, buffer_, *parser_, [self = self()](beast::error_code error, size_t) {
      if (error) return self->refuse_or_close(error);
      self->read_any_body();
    });
  }

  void refuse_or_close(beast::error_code error) {
    if (error.category() != http::make_error_code(http::error::bad_method).category() || error == http::error::end_of_stream ||
        error == http::error::partial_message)
      return close();
    static constexpr std::string_view kBad =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
    allow_silence();
    asio::async_write(stream_, asio::buffer(kBad), [self = self()](beast::error_code, size_t) { self->close(); });
  }

  void handle(std::shared_ptr<const std::string> body) {
    lowest().expires_never();
    busy = true;
    auto request = std::make_shared<Request>();
    auto &message = parser_->get();
    request->method = std::string(message.method_string());
    ParseTarget(std::string_view(message.target().data(), message.target().size()), request.get());
    for (const auto &field : message) {
      std::string name(field.name_string());
      for (char &c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      request->headers.emplace_back(std::move(name), std::string(field.value()));
    }
    request->remote = remote_;
    request->body = std::move(body);
    keep_alive_ = message.keep_alive();
    version_ = message.version();
    asio::post(state->handlers, [self = self(), request] { self->run(request); });
  }

  // --- the answer; on the pool
  void run(std::shared_ptr<Request> request) {
    auto begin = std::chrono::steady_clock::now();
    auto response = std::make_shared<Response>(state->route(*request));
    bool head = request->method == "HEAD";
    if (response->stream && !state->begin_stream()) {
      *response = Response();
      response->status = 503;
      response->body = "{\"error\":\"as many streams as this server serves are open; close one\"}";
    }
    auto took = std::chrono::steady_clock::now() - begin;
    state->answered(*request, *response, std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
    request.reset();  // a body's memory is free for the next request now
    if (response->stream) {
      std::thread([self = self(), response]() mutable {
        self->stream_out(*response);
        response.reset();
        std::shared_ptr<Listener::State> state = self->state;
        self.reset();
        state->end_stream();
      }).detach();
      return;
    }
    asio::post(stream_.get_executor(), [self = self(), response, head] { self->write(*response, head); });
  }

  void write(Response &response, bool head) {
    out_.emplace(static_cast<http::status>(response.status), version_);
    if (!response.content_type.empty()) out_->set(http::field::content_type, response.content_type);
    for (const auto &[name, value] : response.headers) out_->insert(name, value);
    out_->keep_alive(keep_alive_ && !state->stopping);
    if (response.status != 204) out_->content_length(response.body.size());
    if (!head) out_->body() = std::move(response.body);
    serializer_.emplace(*out_);
    if (head) serializer_->split(true);
    allow_silence();
    auto written = [self = self()](beast::error_code error, size_t) {
      self->busy = false;
      if (error || !self->out_->keep_alive()) return self->close();
      self->read();
    };
    if (head) http::async_write_header(stream_, *serializer_, written);
    else http::async_write(stream_, *serializer_, written);
  }

  // --- an answer without an end; on a thread of its own
  void stream_out(const Response &response) {
    busy = false;  // a stop does not wait for it
    streaming = true;
    std::string header = "HTTP/1.1 " + std::to_string(response.status) + " OK\r\nTransfer-Encoding: chunked\r\n";
    if (!response.content_type.empty()) header += "Content-Type: " + response.content_type + "\r\n";
    for (const auto &[name, value] : response.headers) header += name + ": " + value + "\r\n";
    header += "\r\n";
    asio::post(stream_.get_executor(), [self = self()] { self->wait_for_end(); });
    bool going = put(header);
    if (going)
      response.stream([&](std::string_view part) {
        if (!part.empty() && going) {
          char size[32];
          int n = std::snprintf(size, sizeof size, "%zx\r\n", part.size());
          going = put(std::string(size, static_cast<size_t>(n)) + std::string(part) + "\r\n");
        }
        return going && !gone_ && !state->stopping;
      });
    if (going) put("0\r\n\r\n");
    close_soon();
  }

  // Writes and waits for it; false where the client is gone or took nothing for too long.
  bool put(std::string_view bytes) {
    std::promise<bool> done;
    asio::post(stream_.get_executor(), [&] {
      if (gone_) return done.set_value(false);
      allow_silence();
      asio::async_write(stream_, asio::buffer(bytes), [&](beast::error_code error, size_t) { done.set_value(!error); });
    });
    return done.get_future().get();
  }

  // A client that only listens says something by leaving.
  void wait_for_end() {
    lowest().expires_never();
    stream_.async_read_some(asio::buffer(scrap_), [self = self()](beast::error_code error, size_t) {
      if (!error) return self->wait_for_end();
      self->gone_ = true;
      self->end();
    });
  }

  // --- the end
  void close() {
    if constexpr (kTls) {
      lowest().expires_after(std::chrono::seconds(1));
      stream_.async_shutdown([self = self()](beast::error_code) { self->end(); });
    } else {
      end();
    }
  }
  void end() {
    gone_ = true;
    beast::error_code ignored;
    lowest().socket().shutdown(asio::socket_base::shutdown_send, ignored);
    lowest().socket().close(ignored);
  }

  Stream stream_;
  std::string remote_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> out_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  std::shared_ptr<std::string> body_;
  size_t got_ = 0;
  char scrap_[64];
  bool keep_alive_ = true;
  unsigned version_ = 11;
  std::atomic<bool> gone_{false};
};

}  // namespace tick
