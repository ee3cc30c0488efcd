// servicenow.cpp - events of ServiceNow's event management.
#include "runtime/services/web.h"

namespace tick {
namespace {

constexpr size_t kShort = 100, kKey = 1024, kLong = 4000;  // bytes ServiceNow takes

const char *SeverityOf(Level level) { return level == Level::Critical ? "1" : level == Level::Warning ? "4" : "5"; }

class ServiceNowService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options, rendered: source, node, type, resource, metricname, messagekey, additional_info.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string record = "{\"source\":" + JsonText(OptionText(options, "source", OptionText(*config, "source")).substr(0, kShort));
    auto add = [&](const char *key, const std::string &text, size_t most) {
      if (!text.empty()) record += ",\"" + std::string(key) + "\":" + JsonText(text.substr(0, most));
    };
    add("node", OptionText(options, "node"), kShort);
    add("type", OptionText(options, "type"), kShort);
    add("resource", OptionText(options, "resource"), kShort);
    add("metric_name", OptionText(options, "metricname"), kShort);
    add("message_key", OptionText(options, "messagekey", event.id), kKey);
    record += ",\"severity\":\"" + std::string(SeverityOf(event.level)) + "\"";
    add("description", event.message, kLong);
    if (const Json &info = OptionObject(options, "additional_info"); !info.empty()) {
      JsonMembers members;
      for (auto item = info.begin(); item != info.end(); ++item) members[item.key()] = JsonText(item->is_string() ? item->get<std::string>() : JsonOf(*item));
      record += ",\"additional_info\":" + JsonText(JsonObject(members));
    }
    WebCall call{.url = OptionText(options, "url", OptionText(*config, "url")),
                 .body = "{\"records\":[" + record + "}]}",
                 .user = OptionText(*config, "username"),
                 .password = OptionText(*config, "password")};
    return SendWeb(world(), call, {.service = "ServiceNow", .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    OptionTemplates templates;
    if (!templates.parse(order.options, {"node", "type", "resource", "metricname", "messagekey", "additional_info"}, error)) {
      *error = HandlerError(order, "failed to create ServiceNow handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<ServiceNowService>>(*this, std::move(order), "failed to send event to ServiceNow", std::move(templates));
  }

  Json test_options() const override {
    return {{"alert_id", "1001"}, {"message", "test servicenow message"}, {"level", "CRITICAL"}, {"source", "Kapacitor"}, {"node", ""},
            {"type", ""}, {"resource", ""}, {"metric_name", ""}, {"message_key", ""}, {"additional_info", Json::object()}};
  }
  std::string test(const Json &options) override {
    Json handed = options;
    handed["metricname"] = OptionText(options, "metric_name");
    handed["messagekey"] = OptionText(options, "message_key");
    return alert(handed, TestEvent(OptionText(options, "alert_id"), OptionText(options, "message"), OptionText(options, "level"))).error;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "must specify url"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kServiceNowService;
const ServiceSpec kServiceNowService{"servicenow", "serviceNow", "servicenow", "servicenow", "servicenow.HandlerConfig",
                                     {{"url", OptionType::Text, "uRL"},
                                      {"username", OptionType::Text, "username"},
                                      {"password", OptionType::Text, "password"},
                                      {"source", OptionType::Text, "source"},
                                      {"node", OptionType::Text, "node"},
                                      {"type", OptionType::Text, "type"},
                                      {"resource", OptionType::Text, "resource"},
                                      {"metricname", OptionType::Text, "metricName"},
                                      {"messagekey", OptionType::Text, "messageKey"},
                                      {"additional_info", OptionType::AnyMap, "additionalInfo"}},
                                     Check, MakeService<ServiceNowService>};

}  // namespace tick
