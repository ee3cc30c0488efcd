// zenoss.cpp - events of Zenoss over its JSON router.
#include <strings.h>

#include "runtime/services/web.h"

namespace tick {
namespace {

constexpr size_t kSummaryBytes = 256, kMessageBytes = 4096;  // what Zenoss takes

class ZenossService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options, rendered: action, method, type, tid, collector, summary, device, component, eventclasskey, eventclass,
  // message, customfield.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    auto given = [&](const char *name) { return OptionText(options, name, OptionText(*config, name)); };
    JsonMembers data = {{"collector", JsonText(given("collector"))},
                        {"component", JsonText(OptionText(options, "component"))},
                        {"device", JsonText(OptionText(options, "device"))},
                        {"evclass", JsonText(OptionText(options, "eventclass"))},
                        {"evclasskey", JsonText(OptionText(options, "eventclasskey"))},
                        {"severity", severity(*config, event.level)},
                        {"summary", JsonText(OptionText(options, "summary", event.message).substr(0, kSummaryBytes))}};
    if (std::string message = OptionText(options, "message"); !message.empty()) data["message"] = JsonText(message.substr(0, kMessageBytes));
    const Json &custom = OptionObject(options, "customfield");
    for (auto item = custom.begin(); item != custom.end(); ++item) data[item.key()] = custom_value(*item);
    int64_t tid = OptionInt(options, "tid");
    if (!tid) tid = OptionInt(*config, "tid");
    WebCall call{.url = OptionText(*config, "url"),
                 .body = "{\"action\":" + JsonText(given("action")) + ",\"method\":" + JsonText(given("method")) + ",\"data\":[" + JsonObject(data) +
                         "],\"type\":" + JsonText(given("type")) + ",\"tid\":" + std::to_string(tid) + "}",
                 .user = OptionText(*config, "username"),
                 .password = OptionText(*config, "password")};
    return SendWeb(world(), call, {.service = "Zenoss", .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    OptionTemplates templates;
    if (!templates.parse(order.options, {"collector", "summary", "device", "component", "eventclasskey", "eventclass", "message", "customfield"}, error)) {
      *error = HandlerError(order, "failed to create Zenoss handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<ZenossService>>(*this, std::move(order), "failed to send event to Zenoss", std::move(templates));
  }

  Json test_options() const override {
    auto config = element();
    return {{"alert_id", "1001"},
            {"level", "CRITICAL"},
            {"message", "test zenoss message"},
            {"action", OptionText(*config, "action")},
            {"method", OptionText(*config, "method")},
            {"type", OptionText(*config, "type")},
            {"tid", OptionInt(*config, "tid")},
            {"summary", ""},
            {"device", ""},
            {"component", ""},
            {"eventclasskey", ""},
            {"eventclass", ""},
            {"collector", OptionText(*config, "collector")},
            {"custom_fields", Json::object()}};
  }
  std::string test(const Json &options) override {
    Json handed = options;
    handed["customfield"] = OptionObject(options, "custom_fields");
    return alert(handed, TestEvent(OptionText(options, "alert_id"), OptionText(options, "message"), OptionText(options, "level"))).error;
  }

 private:
  // severity-map has a text or number for each level, whatever the letter case of its keys.
  static std::string severity(const Json &config, Level level) {
    const Json &map = OptionObject(config, "severity-map");
    std::string name(LevelName(level));
    for (auto item = map.begin(); item != map.end(); ++item)
      if (strcasecmp(item.key().c_str(), name.c_str()) == 0) return JsonOf(*item);
    return JsonText(level == Level::Ok ? "Clear" : name);
  }

  static std::string custom_value(const Json &value) {
    if (!value.is_string()) return JsonOf(value);
    std::string text = value.get<std::string>();
    if (!text.empty() && (text[0] == '{' || text[0] == '[')) {
      Json parsed = Json::parse(text, nullptr, false);
      if (!parsed.is_discarded()) return JsonOf(parsed);
    }
    return JsonText(text);
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "must specify url"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kZenossService;
const ServiceSpec kZenossService{"zenoss", "zenoss", "zenoss", "zenoss", "zenoss.HandlerConfig",
                                 {{"action", OptionType::Text, "action"},
                                  {"method", OptionType::Text, "method"},
                                  {"type", OptionType::Text, "type"},
                                  {"tid", OptionType::Int, "tid"},
                                  {"summary", OptionType::Text, "summary"},
                                  {"device", OptionType::Text, "device"},
                                  {"component", OptionType::Text, "component"},
                                  {"eventclasskey", OptionType::Text, "eventClassKey"},
                                  {"eventclass", OptionType::Text, "eventClass"},
                                  {"collector", OptionType::Text, "collector"},
                                  {"message", OptionType::Text, "message"},
                                  {"customfield", OptionType::AnyMap, "customField"}},
                                 Check, MakeService<ZenossService>};

}  // namespace tick
