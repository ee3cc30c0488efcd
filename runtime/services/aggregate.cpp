// aggregate.cpp - the topic handler that makes one event of all that came in an interval.
//
// In: events of a topic. Out: every interval of the wall clock in which some came, one event to another topic: the
// highest level, the latest time, the longest duration, the messages as details, all data. One thread a handler.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "runtime/alert/template/template.h"
#include "runtime/services/service.h"

namespace tick {
namespace {

struct MessageData {
  std::string id;
  int64_t count = 0, interval = 0;
};
const MessageData &Data(const void *self) { return *static_cast<const MessageData *>(self); }
const tmpl::StructField kFields[] = {
    {"ID", [](const void *self) { return tmpl::Datum::String(Data(self).id); }},
    {"Interval", [](const void *self) { return tmpl::Datum::Duration(Data(self).interval); }},
    {"Count", [](const void *self) { return tmpl::Datum::Int(Data(self).count); }}};
const tmpl::StructType kType{"alert.aggregateMessageData", kFields};

struct AggregateOptions {
  std::string id, topic;
  int64_t interval = 0;
  std::unique_ptr<tmpl::Template> message;
};

class AggregateHandler final : public AlertHandler {
 public:
  AggregateHandler(AggregateOptions options, Topics &topics, HandlerReport report)
      : options_(std::move(options)), topics_(topics), report_(std::move(report)), thread_([this] { run(); }) {}
  ~AggregateHandler() override {
    {
      std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  void handle(const AlertEvent &event) override {
    std::lock_guard lock(mutex_);
    events_.push_back(event);
  }

 private:
  void run() {
    auto due = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    for (;;) {
      due += std::chrono::nanoseconds(options_.interval);
      if (wake_.wait_until(lock, due, [this] { return ending_; })) return;
      if (events_.empty()) continue;
      std::vector<AlertEvent> events = std::move(events_);
      events_.clear();
      lock.unlock();
      pass_on(std::move(events));
      lock.lock();
    }
  }

  void pass_on(std::vector<AlertEvent> events) {
    AlertEvent sum;
    sum.id = options_.id;
    sum.time = events[0].time;
    for (AlertEvent &event : events) {
      sum.level = std::max(sum.level, event.level);
      sum.time = std::max(sum.time, event.time);
      sum.duration = std::max(sum.duration, event.duration);
      sum.details += (sum.details.empty() ? "" : "\n") + event.message;
      sum.data.insert(sum.data.end(), std::make_move_iterator(event.data.begin()), std::make_move_iterator(event.data.end()));
    }
    sum.recoverable = false;
    MessageData data{options_.id, static_cast<int64_t>(events.size()), options_.interval};
    std::string error;
    if (!options_.message->execute(tmpl::Datum::Struct(kType, &data), &sum.message, &error))
      report_("failed to render aggregate message", error, {});
    topics_.collect(options_.topic, sum);
  }

  AggregateOptions options_;
  Topics &topics_;
  HandlerReport report_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<AlertEvent> events_;
  bool ending_ = false;
  std::thread thread_;
};

class AggregateService final : public Service {
 public:
  explicit AggregateService(Topics &topics) : topics_(topics) {}
  std::string configure(std::vector<Json>) override { return ""; }
  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    AggregateOptions options{OptionText(order.options, "id"), OptionText(order.options, "topic"), OptionInt(order.options, "interval"), nullptr};
    std::string text = OptionText(order.options, "message", "Received {{ .Count }} events in the last {{.Interval}}.");
    options.message = tmpl::Template::Parse("message", text, tmpl::Mode::Text, error);
    if (!options.message) return nullptr;
    MessageData data{options.id, 1, options.interval};
    std::string tried;
    if (!options.message->execute(tmpl::Datum::Struct(kType, &data), &tried, error)) {
      *error = "failed to evaluate message template with aggregate message data: " + *error;
      return nullptr;
    }
    if (options.interval <= 0) {
      *error = "aggregate interval must be greater than zero: give it in nanoseconds";
      return nullptr;
    }
    return std::make_unique<AggregateHandler>(std::move(options), topics_, std::move(order.report));
  }

 private:
  Topics &topics_;
};

}  // namespace

extern const ServiceSpec kAggregateService;
const ServiceSpec kAggregateService{
    "", "", "aggregate", "alert", "alert.AggregateHandlerConfig",
    {{"id", OptionType::Text, ""}, {"interval", OptionType::Duration, ""}, {"topic", OptionType::Text, ""}, {"message", OptionType::Text, ""}},
    nullptr,
    [](const ServiceWorld &world) -> std::unique_ptr<Service> { return std::make_unique<AggregateService>(*world.topics); },
    false};

}  // namespace tick
