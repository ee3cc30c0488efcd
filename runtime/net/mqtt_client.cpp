// mqtt_client.cpp - MQTT 3.1.1 through libmosquitto, whose thread keeps the connection.
#include "runtime/net/mqtt_client.h"

#include <mosquitto.h>

#include <chrono>
#include <cstdlib>

namespace tick {
namespace {

constexpr int kKeepAlive = 30;             // seconds
constexpr int64_t kConnectMs = 5'000;      // so long a message waits for the connection
constexpr int64_t kDeliverMs = 10'000;     // and for the broker's receipt
constexpr int64_t kLookMs = 100;           // for the daemon's end

struct Place {
  std::string host;
  int port = 0;
  bool tls = false;
  std::string error;
};

Place Parse(const std::string &url) {
  Place place;
  size_t scheme_end = url.find("://");
  std::string scheme = scheme_end == std::string::npos ? "tcp" : url.substr(0, scheme_end);
  std::string rest = scheme_end == std::string::npos ? url : url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('/'));
  place.tls = scheme == "ssl" || scheme == "tls" || scheme == "tcps" || scheme == "mqtts" || scheme == "mqtt+ssl";
  if (!place.tls && scheme != "tcp" && scheme != "mqtt") place.error = "unknown protocol " + scheme + ": use tcp:// or ssl://";
  size_t colon = rest.rfind(':');
  bool has_port = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
  place.host = has_port ? rest.substr(0, colon) : rest;
  if (place.host.size() > 1 && place.host.front() == '[') place.host = place.host.substr(1, place.host.size() - 2);
  place.port = has_port ? std::atoi(rest.c_str() + colon + 1) : place.tls ? 8883 : 1883;
  if (place.error.empty() && (place.host.empty() || place.port <= 0 || place.port > 65535)) place.error = "no host and port in " + RedactedUrl(url);
  return place;
}

const char *OrNull(const std::string &text) { return text.empty() ? nullptr : text.c_str(); }

std::string SetTls(mosquitto *client, const TlsOptions &tls) {
  int code = mosquitto_tls_set(client, OrNull(tls.ca), tls.ca.empty() ? "/etc/ssl/certs" : nullptr, OrNull(tls.cert), OrNull(tls.key), nullptr);
  if (code == MOSQ_ERR_SUCCESS && tls.insecure) code = mosquitto_tls_opts_set(client, 0, nullptr, nullptr);
  if (code == MOSQ_ERR_SUCCESS && tls.insecure) code = mosquitto_tls_insecure_set(client, true);
  return code == MOSQ_ERR_SUCCESS ? "" : std::string("cannot use the TLS options: ") + mosquitto_strerror(code);
}

}  // namespace

struct MqttClient::Callbacks {
  static void Connected(mosquitto *from, void *self, int code) {
    auto &client = *static_cast<MqttClient *>(self);
    std::lock_guard lock(client.mutex_);
    if (client.client_.get() != from) return;  // one that was let go
    client.connected_ = code == 0;
    client.refusal_ = code == 0 ? "" : mosquitto_connack_string(code);
    client.changed_.notify_all();
  }
  static void Disconnected(mosquitto *from, void *self, int code) {
    auto &client = *static_cast<MqttClient *>(self);
    std::lock_guard lock(client.mutex_);
    if (client.client_.get() != from) return;  // one that was let go
    client.connected_ = false;
    if (client.refusal_.empty() && code != 0) client.refusal_ = mosquitto_strerror(code);
    client.changed_.notify_all();
  }
  static void Published(mosquitto *from, void *self, int number) {
    auto &client = *static_cast<MqttClient *>(self);
    std::lock_guard lock(client.mutex_);
    if (client.client_.get() != from) return;  // one that was let go
    client.published_.insert(number);
    client.changed_.notify_all();
  }
};

MqttClient::MqttClient(MqttBroker broker, std::shared_ptr<std::atomic<bool>> cancelled)
    : broker_(std::move(broker)), cancelled_(std::move(cancelled)) {
  static const int started = mosquitto_lib_init();
  (void)started;
}

// The client's thread ends while everything it knows is there still.
MqttClient::~MqttClient() {
  std::shared_ptr<mosquitto> ended;
  std::lock_guard lock(mutex_);
  ended.swap(client_);
}

// Makes the client and lets its thread connect. Under the lock.
std::string MqttClient::start() {
  Place place = Parse(broker_.url);
  if (!place.error.empty()) return place.error;
  mosquitto *client = mosquitto_new(broker_.client_id.c_str(), true, this);
  if (!client) return "libmosquitto does not start";
  std::string error = place.tls ? SetTls(client, broker_.tls) : "";
  if (error.empty()) {
    if (!broker_.user.empty()) mosquitto_username_pw_set(client, broker_.user.c_str(), OrNull(broker_.password));
    mosquitto_connect_callback_set(client, Callbacks::Connected);
    mosquitto_disconnect_callback_set(client, Callbacks::Disconnected);
    mosquitto_publish_callback_set(client, Callbacks::Published);
    mosquitto_reconnect_delay_set(client, 1, 30, true);
    int code = mosquitto_connect_async(client, place.host.c_str(), place.port, kKeepAlive);
    if (code == MOSQ_ERR_INVAL) error = "no host and port in " + RedactedUrl(broker_.url);
    else if (code = mosquitto_loop_start(client); code != MOSQ_ERR_SUCCESS) error = mosquitto_strerror(code);
  }
  if (!error.empty()) {
    mosquitto_destroy(client);
    return error;
  }
  client_.reset(client, [](mosquitto *ended) {
    mosquitto_disconnect(ended);
    mosquitto_loop_stop(ended, false);
    mosquitto_destroy(ended);
  });
  return "";
}

bool MqttClient::wait(std::unique_lock<std::mutex> &lock, int64_t ms, const std::function<bool()> &ready) {
  for (; ms > 0 && !ready() && !cancelled_->load(); ms -= kLookMs) changed_.wait_for(lock, std::chrono::milliseconds(kLookMs), ready);
  return ready();
}

MqttResult MqttClient::publish(const std::string &topic, const std::string &payload, int qos, bool retained) {
  // Let go without the lock: the library's thread calls back while it ends.
  std::shared_ptr<mosquitto> client;
  std::unique_lock lock(mutex_);
  if (!client_)
    if (std::string error = start(); !error.empty()) return {error, false};
  client = client_;
  if (!wait(lock, kConnectMs, [&] { return connected_; })) {
    // Its thread may have given up for good: the next try begins anew.
    if (client_ == client) {
      client_.reset();
      published_.clear();
    }
    std::string why = refusal_;
    lock.unlock();
    return {"not connected to " + RedactedUrl(broker_.url) + (why.empty() ? "" : ": " + why), true};
  }
  int number = 0;
  // The library calls back with its own locks held, so it must not be called under ours.
  lock.unlock();
  int code = mosquitto_publish(client.get(), &number, topic.c_str(), static_cast<int>(payload.size()), payload.data(), qos, retained);
  lock.lock();
  if (code != MOSQ_ERR_SUCCESS) return {mosquitto_strerror(code), code == MOSQ_ERR_NO_CONN || code == MOSQ_ERR_CONN_LOST};
  if (!wait(lock, kDeliverMs, [&] { return published_.count(number) > 0; })) return {"the broker " + RedactedUrl(broker_.url) + " does not confirm the message", false};
  published_.erase(number);
  return {};
}

}  // namespace tick
