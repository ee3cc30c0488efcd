// pagerduty.cpp - incidents of PagerDuty over its generic API, version 1.
#include "runtime/services/web.h"

namespace tick {
namespace {

class PagerDutyService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: service-key.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    if (event.level == Level::Info && event.dialect != 2) return {"AlertLevel 'info' is currently ignored by the PagerDuty service"};
    std::string error;
    JsonMembers members = {{"client", "\"kapacitor\""},
                           {"client_url", JsonText(world().url + "/kapacitor/v1")},
                           {"description", JsonText(event.message)},
                           {"service_key", JsonText(OptionText(options, "service-key", OptionText(*config, "service-key")))}};
    if (event.dialect == 2) {
      members["details"] = JsonText(EventData(event, &error));
      members["event_type"] = "\"trigger\"";
    } else {
      members["details"] = JsonText(event.details);
      members["event_type"] = event.level == Level::Ok ? "\"resolve\"" : "\"trigger\"";
      members["incident_key"] = JsonText(event.id);
    }
    if (!error.empty()) return {error};
    return SendWeb(world(), {.url = OptionText(*config, "url"), .body = JsonObject(members) + "\n"}, {.service = "PagerDuty"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<PagerDutyService>>(*this, std::move(order), "failed to send event to PagerDuty");
  }

  Json test_options() const override {
    return {{"incident-key", "testIncidentKey"}, {"description", "test pagerduty message"}, {"details", ""}, {"level", "CRITICAL"}};
  }
  std::string test(const Json &options) override {
    AlertEvent event = TestEvent(OptionText(options, "incident-key"), OptionText(options, "description"), OptionText(options, "level"));
    event.details = OptionText(options, "details");
    return alert(nullptr, event).error;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "url cannot be empty"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kPagerDutyService;
const ServiceSpec kPagerDutyService{"pagerduty", "pagerDuty", "pagerduty", "pagerduty", "pagerduty.HandlerConfig",
                                    {{"service-key", OptionType::Text, "serviceKey"}},
                                    Check, MakeService<PagerDutyService>};

}  // namespace tick
