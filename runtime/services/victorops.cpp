// victorops.cpp - alerts of VictorOps.
#include <chrono>

#include "runtime/services/web.h"

namespace tick {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

std::string Refusal(const HttpAnswer &answer) {
  if (answer.status == 404) return "URL or API key not found: 404";
  std::string said = OptionText(Json::parse(answer.body, nullptr, false), "message");
  if (!said.empty()) return said;
  return "failed to understand VictorOps response. code: " + std::to_string(answer.status) + " content: " + answer.body;
}

class VictorOpsService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: routing-key, and `message-type` instead of the level's.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string error, data = EventData(event, &error);
    if (!error.empty()) return {error};
    bool old = event.dialect == 2;
    std::string type = event.level == Level::Ok ? "RECOVERY" : std::string(LevelName(event.level));
    JsonMembers members = {{"data", OptionFlag(*config, "json-data") && !old ? data : JsonText(data)},
                           {"entity_id", JsonText(event.id)},
                           {"message_type", JsonText(OptionText(options, "message-type", type))},
                           {"monitoring_tool", "\"kapacitor\""},
                           {old ? "entity_display_name" : "state_message", JsonText(event.message)},
                           {"timestamp", std::to_string(event.time / kSecond)}};
    std::string route = OptionText(options, "routing-key", OptionText(*config, "routing-key"));
    WebCall call{.url = JoinUrl(OptionText(*config, "url"), {OptionText(*config, "api-key"), route}), .body = JsonObject(members) + "\n"};
    return SendWeb(world(), call, {.service = "VictorOps", .refusal = Refusal});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<VictorOpsService>>(*this, std::move(order), "failed to send event");
  }

  Json test_options() const override {
    return {{"routingKey", OptionText(*element(), "routing-key")}, {"messageType", "CRITICAL"},
            {"message", "test victorops message"}, {"entityID", "testEntityID"}};
  }
  std::string test(const Json &options) override {
    AlertEvent event = TestEvent(OptionText(options, "entityID"), OptionText(options, "message"), "");
    event.time = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    return alert({{"routing-key", OptionText(options, "routingKey")}, {"message-type", OptionText(options, "messageType")}}, event).error;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "url cannot be empty"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kVictorOpsService;
const ServiceSpec kVictorOpsService{"victorops", "victorOps", "victorops", "victorops", "victorops.HandlerConfig",
                                    {{"routing-key", OptionType::Text, "routingKey"}},
                                    Check, MakeService<VictorOpsService>};

}  // namespace tick
