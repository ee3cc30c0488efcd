// mqtt.cpp - the event's message, published to a topic of a configured broker.
#include "runtime/net/mqtt_client.h"
#include "runtime/services/web.h"

namespace tick {
namespace {

constexpr const char *kFailure = "failed to post message to MQTT broker";

MqttBroker BrokerOf(const Json &element) {
  return {OptionText(element, "url"), OptionText(element, "client-id", OptionText(element, "name")), OptionText(element, "username"),
          OptionText(element, "password"), TlsOf(element)};
}

class MqttService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Brokers that stay as they are keep their connections.
  std::string configure(std::vector<Json> elements) override {
    std::map<std::string, Broker> brokers;
    std::lock_guard lock(brokers_mutex_);
    for (const Json &element : elements) {
      if (!OptionFlag(element, "enabled")) continue;
      std::string name = OptionText(element, "name");
      auto same = brokers_.find(name);
      if (same != brokers_.end() && same->second.element == element) brokers[name] = same->second;
      else brokers[name] = {element, std::make_shared<MqttClient>(BrokerOf(element), world().ending)};
    }
    brokers_ = std::move(brokers);
    return SectionService::configure(std::move(elements));
  }

  // Options: broker-name, topic (rendered), qos, retained.
  Sent alert(const Json &options, const AlertEvent &event) const {
    std::string topic = OptionText(options, "topic");
    if (topic.empty()) return {"missing MQTT topic"};
    std::string name = OptionText(options, "broker-name");
    std::shared_ptr<MqttClient> client = find(name);
    if (!client) return {"unknown MQTT broker \"" + name + "\""};
    int qos = static_cast<int>(OptionInt(options, "qos"));
    MqttResult result = client->publish(topic, event.message, qos, OptionFlag(options, "retained"));
    return {result.error, result.again};
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    OptionTemplates templates;
    if (!templates.parse(order.options, {"topic"}, error)) {
      *error = HandlerError(order, "failed to create MQTT handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<MqttService>>(*this, std::move(order), kFailure, std::move(templates),
                                                         "failed to evaluate MQTT topic template");
  }

  Json test_options() const override {
    auto config = element("name", "");
    return {{"broker-name", config ? OptionText(*config, "name") : ""}, {"topic", ""}, {"message", "test MQTT message"},
            {"qos", "at-most-once"}, {"retained", false}};
  }
  std::string test(const Json &options) override {
    constexpr std::string_view kWords[] = {"at-most-once", "at-least-once", "exactly-one"};
    Json numbered = options;
    for (int i = 0; i < 3; ++i)
      if (OptionText(options, "qos") == kWords[i]) numbered["qos"] = i;
    return alert(numbered, TestEvent("", OptionText(options, "message"), "")).error;
  }

 private:
  struct Broker {
    Json element;
    std::shared_ptr<MqttClient> client;
  };
  std::shared_ptr<MqttClient> find(const std::string &name) const {
    auto chosen = name.empty() ? element("name", "") : nullptr;
    std::lock_guard lock(brokers_mutex_);
    if (name.empty() && brokers_.size() == 1) return brokers_.begin()->second.client;
    auto found = brokers_.find(chosen ? OptionText(*chosen, "name") : name);
    return found == brokers_.end() ? nullptr : found->second.client;
  }

  mutable std::mutex brokers_mutex_;
  std::map<std::string, Broker> brokers_;
};

std::string Check(const std::vector<Json> &elements) {
  int enabled = 0, chosen = 0;
  bool any_default = false;  // the default one may be off
  for (const Json &element : elements) {
    any_default |= OptionFlag(element, "default");
    if (!OptionFlag(element, "enabled")) continue;
    ++enabled;
    chosen += OptionFlag(element, "default");
    if (OptionText(element, "name").empty()) return "must specify a name for mqtt service";
    if (OptionText(element, "url").empty()) return "must specify a url for mqtt service";
  }
  if (chosen > 1) return "more than one configuration is marked as the default";
  return enabled > 1 && !any_default ? "no configuration is marked as the default" : "";
}

}  // namespace

extern const ServiceSpec kMqttService;
const ServiceSpec kMqttService{"mqtt", "mqtt", "mqtt", "mqtt", "mqtt.HandlerConfig",
                               {{"broker-name", OptionType::Text, "brokerName"},
                                {"topic", OptionType::Text, kOfCall},
                                {"qos", OptionType::Choice, "qos", "at-most-once at-least-once exactly-one", "invalid QoS"},
                                {"retained", OptionType::Flag, "retained"}},
                               Check, MakeService<MqttService>};

}  // namespace tick
