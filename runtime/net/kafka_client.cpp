// kafka_client.cpp - Kafka through librdkafka.
#include "runtime/net/kafka_client.h"

#include <librdkafka/rdkafka.h>
#include <zlib.h>

#include <chrono>
#include <condition_variable>
#include <cstring>

namespace tick {
namespace {

constexpr int kPollMs = 100;

uint32_t Read32(const unsigned char *at) {
  return uint32_t{at[0]} | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
}

uint32_t Rotate(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

// As Kafka's Java client hashes keys.
uint32_t Murmur2(std::string_view key) {
  constexpr uint32_t kSeed = 0x9747b28c, kM = 0x5bd1e995;
  const auto *at = reinterpret_cast<const unsigned char *>(key.data());
  size_t left = key.size();
  uint32_t h = kSeed ^ static_cast<uint32_t>(left);
  for (; left >= 4; left -= 4, at += 4) {
    uint32_t k = Read32(at) * kM;
    h = h * kM ^ (k ^ k >> 24) * kM;
  }
  for (size_t i = left; i > 0; --i) h ^= uint32_t{at[i - 1]} << (8 * (i - 1));
  if (left > 0) h *= kM;
  h = (h ^ h >> 13) * kM;
  return h ^ h >> 15;
}

uint32_t Murmur3(std::string_view key) {
  constexpr uint32_t kC1 = 0xcc9e2d51, kC2 = 0x1b873593;
  const auto *at = reinterpret_cast<const unsigned char *>(key.data());
  size_t left = key.size();
  uint32_t h = 0, k = 0;
  for (; left >= 4; left -= 4, at += 4) {
    h ^= Rotate(Read32(at) * kC1, 15) * kC2;
    h = Rotate(h, 13) * 5 + 0xe6546b64;
  }
  for (size_t i = left; i > 0; --i) k ^= uint32_t{at[i - 1]} << (8 * (i - 1));
  if (left > 0) h ^= Rotate(k * kC1, 15) * kC2;
  h ^= static_cast<uint32_t>(key.size());
  h = (h ^ h >> 16) * 0x85ebca6b;
  h = (h ^ h >> 13) * 0xc2b2ae35;
  return h ^ h >> 16;
}

uint32_t Fnv1a(std::string_view key) {
  uint32_t h = 2166136261u;
  for (unsigned char c : key) h = (h ^ c) * 16777619u;
  return h;
}

// A message on its way: who waits for it, and how its key chooses. Owned by the writer and by librdkafka.
struct Message {
  std::mutex mutex;
  std::condition_variable done_changed;
  KafkaPartition partition;
  bool done = false;
  std::string error;
};
using Shared = std::shared_ptr<Message>;

int32_t Choose(const rd_kafka_topic_t *topic, const void *key, size_t size, int32_t count, void *, void *opaque) {
  std::string_view text(static_cast<const char *>(key), size);
  KafkaPartition how = (*static_cast<Shared *>(opaque))->partition;
  if (how == KafkaPartition::Any) return rd_kafka_msg_partitioner_consistent_random(topic, key, size, count, nullptr, nullptr);
  return PartitionOf(how, text, count);
}

void Delivered(rd_kafka_t *, const rd_kafka_message_t *report, void *) {
  std::unique_ptr<Shared> message(static_cast<Shared *>(report->_private));
  std::lock_guard lock((*message)->mutex);
  (*message)->done = true;
  if (report->err) (*message)->error = rd_kafka_err2str(report->err);
  (*message)->done_changed.notify_all();
}

}  // namespace

int32_t PartitionOf(KafkaPartition algorithm, std::string_view key, int32_t count) {
  uint32_t hash = 0;
  switch (algorithm) {
    case KafkaPartition::Any:
      return RD_KAFKA_PARTITION_UA;
    case KafkaPartition::Crc32:
      hash = static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef *>(key.data()), static_cast<uInt>(key.size())));
      return static_cast<int32_t>(hash % static_cast<uint32_t>(count));
    case KafkaPartition::Murmur2:
      return static_cast<int32_t>((Murmur2(key) & 0x7fffffff) % static_cast<uint32_t>(count));
    case KafkaPartition::Murmur3:
      hash = Murmur3(key);
      break;
    case KafkaPartition::Fnv1a:
      hash = Fnv1a(key);
      break;
  }
  // Go's remainder of a signed hash, made positive.
  int32_t partition = static_cast<int32_t>(hash) % count;
  return partition < 0 ? -partition : partition;
}

KafkaClient::KafkaClient(KafkaCluster cluster, std::shared_ptr<std::atomic<bool>> cancelled)
    : cluster_(std::move(cluster)), cancelled_(std::move(cancelled)) {}

KafkaClient::~KafkaClient() {
  if (!producer_) return;
  rd_kafka_purge(producer_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  rd_kafka_flush(producer_, kPollMs);
  for (const auto &[name, handle] : topics_) rd_kafka_topic_destroy(handle);
  rd_kafka_destroy(producer_);
}

// Under the lock.
std::string KafkaClient::start() {
  char text[512] = "";
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  for (const auto &[name, value] : cluster_.settings)
    if (rd_kafka_conf_set(settings, name.c_str(), value.c_str(), text, sizeof text) != RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(settings);
      return text;
    }
  rd_kafka_conf_set_dr_msg_cb(settings, Delivered);
  // Its own complaints go to nobody: a failed message tells why.
  rd_kafka_conf_set_log_cb(settings, [](const rd_kafka_t *, int, const char *, const char *) {});
  producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, settings, text, sizeof text);
  if (!producer_) {
    rd_kafka_conf_destroy(settings);
    return text;
  }
  if (!cluster_.access_token.empty()) {
    constexpr int64_t kNever = 4'102'444'800'000;  // the year 2100: a fixed token is the user's to renew
    rd_kafka_oauthbearer_set_token(producer_, cluster_.access_token.c_str(), kNever, "kapacitor", nullptr, 0, text, sizeof text);
  }
  return "";
}

// Under the lock.
rd_kafka_topic_s *KafkaClient::topic(const std::string &name, std::string *error) {
  if (!producer_)
    if (*error = start(); !error->empty()) return nullptr;
  auto &handle = topics_[name];
  if (handle) return handle;
  rd_kafka_topic_conf_t *settings = rd_kafka_topic_conf_new();
  rd_kafka_topic_conf_set_partitioner_cb(settings, Choose);
  handle = rd_kafka_topic_new(producer_, name.c_str(), settings);
  if (!handle) *error = rd_kafka_err2str(rd_kafka_last_error());
  return handle;
}

std::string KafkaClient::write(const std::string &name, const std::string &key, const std::string &value, KafkaPartition partition) {
  auto message = std::make_shared<Message>();
  message->partition = partition;
  rd_kafka_t *producer = nullptr;
  {
    std::lock_guard lock(mutex_);
    std::string error;
    rd_kafka_topic_t *to = topic(name, &error);
    if (!to) return error;
    producer = producer_;
    auto *shared = new Shared(message);
    int code = rd_kafka_produce(to, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, const_cast<char *>(value.data()), value.size(), key.data(),
                                key.size(), shared);
    if (code != 0) {
      delete shared;
      return rd_kafka_err2str(rd_kafka_last_error());
    }
  }
  auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(cluster_.timeout_ms + 1000);
  for (;;) {
    rd_kafka_poll(producer, kPollMs);
    std::unique_lock lock(message->mutex);
    if (message->done) return message->error;
    if (cancelled_->load()) return "given up";
    if (std::chrono::steady_clock::now() > give_up) return "the brokers do not answer";
  }
}

}  // namespace tick
