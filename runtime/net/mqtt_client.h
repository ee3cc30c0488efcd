// mqtt_client.h - publishes to one MQTT broker.
//
// In: topic, payload, quality of service. Out: "" or the error. The connection is made at the first message and kept;
// one that was lost is made again. Thread-safe; publish() blocks until the broker has the message, at most some seconds.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "runtime/net/http_client.h"

struct mosquitto;

namespace tick {

struct MqttBroker {
  std::string url;  // tcp://host:port, ssl://host:port
  std::string client_id, user, password;
  TlsOptions tls;
};

struct MqttResult {
  std::string error;
  bool again = false;  // the broker was not there
};

class MqttClient {
 public:
  MqttClient(MqttBroker broker, std::shared_ptr<std::atomic<bool>> cancelled);
  ~MqttClient();
  MqttClient(const MqttClient &) = delete;
  MqttClient &operator=(const MqttClient &) = delete;
  MqttResult publish(const std::string &topic, const std::string &payload, int qos, bool retained);

 private:
  struct Callbacks;
  std::string start();
  bool wait(std::unique_lock<std::mutex> &lock, int64_t ms, const std::function<bool()> &ready);

  const MqttBroker broker_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<mosquitto> client_;  // null: the next message makes one
  bool connected_ = false;
  std::string refusal_;           // of the last try to connect
  std::set<int> published_;       // numbers of messages the broker has
};

}  // namespace tick
