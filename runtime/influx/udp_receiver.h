// udp_receiver.h - a subscription's UDP port: every packet is a write body of its database.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace tick {

class UdpReceiver {
 public:
  // bind: an address or empty for all; port 0: a free one. `take` is called on the receiver's thread.
  // "" or why it cannot listen.
  std::string open(const std::string &bind, uint16_t port, int read_buffer, std::function<void(std::string_view)> take);
  ~UdpReceiver() { close(); }
  void close();
  uint16_t port() const { return port_; }

 private:
  void receive();
  int socket_ = -1;
  uint16_t port_ = 0;
  std::function<void(std::string_view)> take_;
  std::atomic<bool> closing_{false};
  std::thread thread_;
};

}  // namespace tick
