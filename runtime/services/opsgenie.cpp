// opsgenie.cpp - alerts of OpsGenie over its API, version 1.
#include "runtime/services/web.h"

namespace tick {
namespace {

class OpsGenieService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: teams-list, recipients-list; where they are empty the configuration's.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string error, data = EventData(event, &error);
    if (!error.empty()) return {error};
    bool recovered = event.level == Level::Ok;
    std::string level = recovered ? "RECOVERY" : std::string(LevelName(event.level));
    JsonMembers members = {{"alias", JsonText(event.id)},
                           {"apiKey", JsonText(OptionText(*config, "api-key"))},
                           {"description", JsonText(data)},
                           {"details", JsonObject({{"Level", JsonText(level)}, {"Monitoring Tool", "\"Kapacitor\""}})},
                           {"entity", JsonText(event.id)},
                           {"message", JsonText(event.message)},
                           {"monitoring_tool", "\"kapacitor\""},
                           {"note", recovered ? JsonText(event.message) : "\"\""}};
    add_list(&members, "teams", options, *config);
    add_list(&members, "recipients", options, *config);
    WebCall call{.url = OptionText(*config, recovered ? "recovery_url" : "url") + "/", .body = JsonObject(members) + "\n"};
    return SendWeb(world(), call, {.service = "OpsGenie", .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<OpsGenieService>>(*this, std::move(order), "failed to send event to OpsGenie");
  }

  Json test_options() const override {
    auto config = element();
    return {{"teams", OptionObject(*config, "teams")}, {"recipients", OptionObject(*config, "recipients")}, {"message-type", "CRITICAL"},
            {"message", "test opsgenie message"}, {"entity-id", "testEntityID"}};
  }
  std::string test(const Json &options) override {
    Json handed = {{"teams-list", OptionObject(options, "teams")}, {"recipients-list", OptionObject(options, "recipients")}};
    return alert(handed, TestEvent(OptionText(options, "entity-id"), OptionText(options, "message"), OptionText(options, "message-type"))).error;
  }

 private:
  static void add_list(JsonMembers *members, const std::string &name, const Json &options, const Json &config) {
    std::vector<std::string> list = OptionTexts(options, name + "-list");
    if (list.empty()) list = OptionTexts(config, name);
    if (!list.empty()) (*members)[name] = JsonTexts(list);
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "url cannot be empty"}, {"api-key", "api-key cannot be empty"}});
  if (error.empty()) error = CheckUrls(elements, "url");
  return error.empty() ? CheckUrls(elements, "recovery_url") : error;
}

}  // namespace

extern const ServiceSpec kOpsGenieService;
const ServiceSpec kOpsGenieService{"opsgenie", "opsGenie", "opsgenie", "opsgenie", "opsgenie.HandlerConfig",
                                   {{"teams-list", OptionType::Texts, "teams"}, {"recipients-list", OptionType::Texts, "recipients"}},
                                   Check, MakeService<OpsGenieService>};

}  // namespace tick
