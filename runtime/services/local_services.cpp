// local_services.cpp - log, tcp, exec and publish: services without configuration.
#include "runtime/services/service.h"

namespace tick {
namespace {

constexpr std::string_view kLogDoing = "failed to create log alert handler: ";

class LocalService : public Service {
 public:
  std::string configure(std::vector<Json>) override { return ""; }
};

class LogService final : public LocalService {
 public:
  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    LogOptions options{OptionText(order.options, "path")};
    if (order.options.contains("mode")) options.mode = OptionInt(order.options, "mode");
    auto handler = MakeLogHandler(std::move(options), std::move(order.report), error);
    if (!handler && !order.topic.empty() && error->starts_with(kLogDoing)) error->erase(0, kLogDoing.size());
    return handler;
  }
};

class TcpService final : public LocalService {
 public:
  explicit TcpService(Ending ending) : ending_(std::move(ending)) {}
  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    return MakeTcpHandler({OptionText(order.options, "address"), ending_}, std::move(order.report), error);
  }

 private:
  Ending ending_;
};

class ExecService final : public LocalService {
 public:
  explicit ExecService(Ending ending) : ending_(std::move(ending)) {}
  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    return MakeExecHandler({OptionText(order.options, "prog"), OptionTexts(order.options, "args"), ending_}, std::move(order.report), error);
  }

 private:
  Ending ending_;
};

// Hands events on to other topics.
class PublishHandler final : public AlertHandler {
 public:
  PublishHandler(Topics &topics, std::vector<std::string> targets) : topics_(topics), targets_(std::move(targets)) {}
  void handle(const AlertEvent &event) override {
    for (const std::string &target : targets_) {
      AlertEvent copy = event;
      topics_.collect(target, copy, event.previous_level);
    }
  }

 private:
  Topics &topics_;
  std::vector<std::string> targets_;
};

class PublishService final : public LocalService {
 public:
  explicit PublishService(Topics &topics) : topics_(topics) {}
  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<PublishHandler>(topics_, OptionTexts(order.options, "topics"));
  }

 private:
  Topics &topics_;
};

std::unique_ptr<Service> MakeLog(const ServiceWorld &) { return std::make_unique<LogService>(); }

template <class T>
std::unique_ptr<Service> MakeEnding(const ServiceWorld &world) {
  return std::make_unique<T>(world.ending);
}

}  // namespace

extern const ServiceSpec kLogService, kTcpService, kExecService, kPublishService;
const ServiceSpec kLogService{"", "log", "log", "kapacitor", "alert.LogHandlerConfig",
                              {{"path", OptionType::Text, kOfCall}, {"mode", OptionType::Int, "mode"}},
                              nullptr, MakeLog, false};
const ServiceSpec kTcpService{"", "tcp", "tcp", "kapacitor", "alert.TCPHandlerConfig",
                              {{"address", OptionType::Text, kOfCall}},
                              nullptr, MakeEnding<TcpService>, false};
const ServiceSpec kExecService{"", "exec", "exec", "kapacitor", "alert.ExecHandlerConfig",
                               {{"prog", OptionType::Text, kOfCall}, {"args", OptionType::Texts, kOfRest}},
                               nullptr, MakeEnding<ExecService>, false};
const ServiceSpec kPublishService{"", "", "publish", "alert", "alert.PublishHandlerConfig",
                                  {{"topics", OptionType::Texts, ""}},
                                  nullptr,
                                  [](const ServiceWorld &world) -> std::unique_ptr<Service> { return std::make_unique<PublishService>(*world.topics); },
                                  false};

}  // namespace tick
