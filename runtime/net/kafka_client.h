// kafka_client.h - writes messages to one Kafka cluster.
//
// In: topic, key, value. Out: "" or the error, once the brokers took the message or librdkafka gave it up after the
// cluster's timeout. Connections are made at the first message; a cluster that is not there costs nothing until then.
// Thread-safe; write() blocks until the message is delivered.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct rd_kafka_s;
struct rd_kafka_topic_s;

namespace tick {

// How a key chooses its partition.
enum class KafkaPartition : uint8_t { Crc32, Murmur2, Murmur3, Fnv1a, Any };

struct KafkaCluster {
  std::vector<std::pair<std::string, std::string>> settings;  // librdkafka's names
  std::string access_token;                                   // of OAUTHBEARER, if it is fixed
  int64_t timeout_ms = 10'000;
};

class KafkaClient {
 public:
  KafkaClient(KafkaCluster cluster, std::shared_ptr<std::atomic<bool>> cancelled);
  ~KafkaClient();
  KafkaClient(const KafkaClient &) = delete;
  KafkaClient &operator=(const KafkaClient &) = delete;
  std::string write(const std::string &topic, const std::string &key, const std::string &value, KafkaPartition partition);

 private:
  std::string start();
  rd_kafka_topic_s *topic(const std::string &name, std::string *error);

  const KafkaCluster cluster_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  std::mutex mutex_;              // of producer_ and topics_
  rd_kafka_s *producer_ = nullptr;
  std::map<std::string, rd_kafka_topic_s *> topics_;
};

// The partition of a key among `count`; Any has none.
int32_t PartitionOf(KafkaPartition algorithm, std::string_view key, int32_t count);

}  // namespace tick
