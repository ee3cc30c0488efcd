// receiver.h - an HTTP server on a free loopback port that notes requests and answers as it is told.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tick {

struct Received {
  std::string method, target, body;
  std::map<std::string, std::string> headers;  // names in lower case
};

// One connection at a time, one request a connection.
class Receiver {
 public:
  Receiver();
  ~Receiver();
  std::string url(const std::string &path = "") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Of the next requests. Status 0: the connection is closed; -1: no answer comes before the receiver ends.
  void answer(int status, std::string body = "");
  // Answers these bytes and closes, whatever comes: for services that do not speak HTTP.
  void answer_raw(std::string bytes);
  // Waits for that many requests, ten seconds at most, and takes them.
  std::vector<Received> take(size_t n);

 private:
  void serve();
  void serve_one(int connection);

  int listener_ = -1, port_ = 0;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Received> received_;
  int status_ = 200;
  std::string body_, raw_;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace tick
