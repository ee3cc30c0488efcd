// kafka.cpp - an event as a message of a Kafka topic: its data or a template over them, keyed by its id.
#include "runtime/net/kafka_client.h"

#include <mutex>

#include "runtime/alert/event_json.h"
#include "runtime/services/web.h"

namespace tick {
namespace {

constexpr const char *kFailure = "failed to send event to Kafka";

int64_t MillisecondsOf(const Json &element, const char *option, int64_t standard) {
  int64_t ns = OptionDuration(element, option);
  return ns > 0 ? std::max<int64_t>(1, ns / 1'000'000) : standard;
}

void AddSasl(const Json &element, KafkaCluster *cluster) {
  auto &settings = cluster->settings;
  std::string mechanism = OptionText(element, "sasl-mechanism");
  std::string user = OptionText(element, "sasl-username");
  if (mechanism.empty() && user.empty()) return;
  settings.emplace_back("sasl.mechanism", mechanism.empty() ? "PLAIN" : mechanism);
  if (mechanism == "OAUTHBEARER") {
    cluster->access_token = OptionText(element, "sasl-access-token");
    if (!cluster->access_token.empty()) return;
    settings.emplace_back("sasl.oauthbearer.method", "oidc");
    settings.emplace_back("sasl.oauthbearer.token.endpoint.url", OptionText(element, "sasl-oauth-token-url"));
    settings.emplace_back("sasl.oauthbearer.client.id", OptionText(element, "sasl-oauth-client-id"));
    settings.emplace_back("sasl.oauthbearer.client.secret", OptionText(element, "sasl-oauth-client-secret"));
    std::string scopes;
    for (const std::string &scope : OptionTexts(element, "sasl-oauth-scopes")) scopes += (scopes.empty() ? "" : " ") + scope;
    if (!scopes.empty()) settings.emplace_back("sasl.oauthbearer.scope", scopes);
    return;
  }
  if (mechanism == "GSSAPI") {
    const Json &kerberos = OptionObject(element, "sasl-gssapi");
    settings.emplace_back("sasl.kerberos.service.name", OptionText(kerberos, "service-name", "kafka"));
    settings.emplace_back("sasl.kerberos.principal", OptionText(kerberos, "username", user));
    if (std::string keytab = OptionText(kerberos, "key-tab-path"); !keytab.empty()) settings.emplace_back("sasl.kerberos.keytab", keytab);
    return;
  }
  settings.emplace_back("sasl.username", user);
  settings.emplace_back("sasl.password", OptionText(element, "sasl-password"));
}

KafkaCluster ClusterOf(const Json &element) {
  KafkaCluster cluster;
  std::string brokers;
  for (const std::string &broker : OptionTexts(element, "brokers")) brokers += (brokers.empty() ? "" : ",") + broker;
  cluster.timeout_ms = MillisecondsOf(element, "timeout", 10'000);
  int64_t batch = OptionInt(element, "batch-size");
  auto &settings = cluster.settings;
  settings = {{"client.id", "kapacitor"},
              {"bootstrap.servers", brokers},
              {"message.timeout.ms", std::to_string(cluster.timeout_ms)},
              {"batch.num.messages", std::to_string(std::min<int64_t>(batch > 0 ? batch : 100, 1'000'000))},
              // A writer waits for each of its messages: one that waited for company would only come later.
              {"queue.buffering.max.ms", "0"},
              {"socket.nagle.disable", "true"},
              {"broker.address.ttl", "1000"}};
  TlsOptions tls = TlsOf(element);
  bool encrypted = OptionFlag(element, "use-ssl") || !tls.ca.empty() || !tls.cert.empty();
  size_t plain = settings.size();
  AddSasl(element, &cluster);
  bool login = settings.size() > plain;
  settings.emplace_back("security.protocol", std::string(login ? "sasl_" : "") + (encrypted ? "ssl" : "plaintext"));
  if (!encrypted) return cluster;
  if (!tls.ca.empty()) settings.emplace_back("ssl.ca.location", tls.ca);
  if (!tls.cert.empty()) settings.emplace_back("ssl.certificate.location", tls.cert);
  if (!tls.key.empty()) settings.emplace_back("ssl.key.location", tls.key);
  if (tls.insecure) settings.emplace_back("enable.ssl.certificate.verification", "false");
  return cluster;
}

class KafkaService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Clusters that stay as they are keep their connections.
  std::string configure(std::vector<Json> elements) override {
    std::map<std::string, Cluster> clusters;
    std::lock_guard lock(clusters_mutex_);
    for (const Json &element : elements) {
      if (!OptionFlag(element, "enabled")) continue;
      std::string id = OptionText(element, "id");
      auto same = clusters_.find(id);
      if (same != clusters_.end() && same->second.element == element) clusters[id] = same->second;
      else clusters[id] = {element, std::make_shared<KafkaClient>(ClusterOf(element), world().ending)};
    }
    clusters_ = std::move(clusters);
    return SectionService::configure(std::move(elements));
  }

  Sent write(const std::string &cluster, const std::string &topic, const std::string &key, const std::string &value, KafkaPartition how) const {
    std::shared_ptr<KafkaClient> client = find(cluster);
    if (!client) return {"unknown cluster \"" + cluster + "\""};
    if (topic.empty()) return {"topic must not be empty"};
    return {client->write(topic, key, value, how)};
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override;

  Json test_options() const override {
    return {{"cluster", "example"}, {"topic", "test"}, {"key", "key"}, {"message", "test kafka message"}};
  }
  std::string test(const Json &options) override {
    return write(OptionText(options, "cluster"), OptionText(options, "topic"), OptionText(options, "key"), OptionText(options, "message"),
                 KafkaPartition::Crc32).error;
  }

 private:
  struct Cluster {
    Json element;
    std::shared_ptr<KafkaClient> client;
  };
  std::shared_ptr<KafkaClient> find(const std::string &id) const {
    std::lock_guard lock(clusters_mutex_);
    auto found = clusters_.find(id);
    return found == clusters_.end() ? nullptr : found->second.client;
  }
  mutable std::mutex clusters_mutex_;
  std::map<std::string, Cluster> clusters_;
};

class KafkaHandler final : public SendingHandler {
 public:
  KafkaHandler(const KafkaService &service, HandlerOrder order, std::unique_ptr<EventTemplate> text, KafkaPartition partition)
      : SendingHandler(std::move(order.report)),
        service_(service),
        cluster_(OptionText(order.options, "cluster")),
        topic_(OptionText(order.options, "topic")),
        text_(std::move(text)),
        partition_(partition) {}

  std::optional<SendFailure> send(const AlertEvent &event) override {
    std::string value, error;
    if (text_) {
      if (!text_->render(event, &value, &error)) return SendFailure{"failed to evaluate Kafka template", error};
    } else {
      if (!AppendEventJson(&value, event)) return SendFailure{kFailure, NotFinite(event)};
      value += '\n';
    }
    Sent sent = service_.write(cluster_, topic_, event.id, value, partition_);
    if (sent.error.empty()) return std::nullopt;
    return SendFailure{kFailure, std::move(sent.error), {}, sent.again};
  }

 private:
  const KafkaService &service_;
  const std::string cluster_, topic_;
  std::unique_ptr<EventTemplate> text_;  // null: the event's data
  const KafkaPartition partition_;
};

bool FindPartition(const Json &options, KafkaPartition *partition) {
  constexpr std::pair<std::string_view, KafkaPartition> kNames[] = {{"", KafkaPartition::Crc32},
                                                                    {"crc32", KafkaPartition::Crc32},
                                                                    {"murmur2", KafkaPartition::Murmur2},
                                                                    {"murmur3", KafkaPartition::Murmur3},
                                                                    {"fnv-1a", KafkaPartition::Fnv1a}};
  std::string name = OptionText(options, "partitionAlgorithm");
  for (const auto &[known, algorithm] : kNames)
    if (known == name) {
      *partition = OptionFlag(options, "disablePartitionById") ? KafkaPartition::Any : algorithm;
      return true;
    }
  return false;
}

std::unique_ptr<AlertHandler> KafkaService::handler(HandlerOrder order, std::string *error) {
  constexpr const char *kDoing = "failed to create kafka handler: ";
  KafkaPartition partition = KafkaPartition::Crc32;
  std::string cluster = OptionText(order.options, "cluster"), template_text = OptionText(order.options, "template");
  std::unique_ptr<EventTemplate> text;
  std::string wrong;
  if (!find(cluster)) wrong = "unknown cluster \"" + cluster + "\"";
  else if (OptionText(order.options, "topic").empty()) wrong = "topic must not be empty";
  else if (!FindPartition(order.options, &partition)) wrong = "invalid partition algorithm: \"" + OptionText(order.options, "partitionAlgorithm") + "\"";
  else if (!template_text.empty()) text = EventTemplate::Parse("kafka alert template", template_text, TemplateView::AlertData, &wrong);
  if (wrong.empty()) return std::make_unique<KafkaHandler>(*this, std::move(order), std::move(text), partition);
  *error = HandlerError(order, kDoing, wrong);
  return nullptr;
}

std::string Check(const std::vector<Json> &elements) {
  for (const Json &element : elements) {
    if (!OptionFlag(element, "enabled")) continue;
    if (OptionText(element, "id").empty()) return "id must not be empty";
    if (OptionTexts(element, "brokers").empty()) return "no brokers specified, must provide at least one broker URL";
  }
  return "";
}

}  // namespace

extern const ServiceSpec kKafkaService;
const ServiceSpec kKafkaService{"kafka", "kafka", "kafka", "kafka", "kafka.HandlerConfig",
                                {{"cluster", OptionType::Text, "cluster"},
                                 {"topic", OptionType::Text, "kafkaTopic"},
                                 {"template", OptionType::Text, "template"},
                                 {"disablePartitionById", OptionType::Flag, "disablePartitionById"},
                                 {"partitionAlgorithm", OptionType::Text, "partitionHashAlgorithm"}},
                                Check, MakeService<KafkaService>};

}  // namespace tick
