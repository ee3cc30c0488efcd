// listener_state.h - what a listener and its connections share.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "runtime/daemon/body_pool.h"
#include "runtime/daemon/listener.h"
#include "runtime/daemon/listener_tls.h"

namespace tick {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using local = asio::local::stream_protocol;

struct Listener::State {
  State(ListenOptions o, Route r, Answered a)
      : options(std::move(o)), route(std::move(r)), answered(std::move(a)), handlers(options.handler_threads) {}

  // A connection as a stop sees it.
  struct Link {
    explicit Link(std::shared_ptr<State> owner) : state(std::move(owner)) {
      std::lock_guard lock(state->mutex);
      state->links.insert(this);
    }
    virtual ~Link() {
      std::lock_guard lock(state->mutex);
      state->links.erase(this);
    }
    virtual void close_soon() = 0;
    std::shared_ptr<State> state;
    std::atomic<bool> busy{false};       // a request is being answered
    std::atomic<bool> streaming{false};  // by an answer without an end
  };

  bool begin_stream() {
    std::lock_guard lock(mutex);
    if (stopping || streams == options.most_streams) return false;
    ++streams;
    return true;
  }
  void end_stream() {
    std::lock_guard lock(mutex);
    --streams;
    stream_ended.notify_all();
  }

  template <class Acceptor>
  void accept(Acceptor &acceptor, const std::shared_ptr<State> &self);
  void serve(tcp::socket socket, const std::shared_ptr<State> &self);
  void serve(local::socket socket, const std::shared_ptr<State> &self);

  ListenOptions options;
  Route route;
  Answered answered;
  asio::io_context io;
  tcp::acceptor tcp_acceptor{io};
  local::acceptor unix_acceptor{io};
  std::unique_ptr<asio::ssl::context> tls;
  BodyPool bodies;
  asio::thread_pool handlers;
  std::vector<std::thread> threads;
  std::atomic<bool> stopping{false};
  bool owns_socket_file = false;

  std::mutex mutex;
  std::condition_variable stream_ended;
  std::set<Link *> links;
  unsigned streams = 0;
};

}  // namespace tick
