// pagerduty2.cpp - incidents of PagerDuty over its events API, version 2.
#include "runtime/alert/template/time_format.h"
#include "runtime/services/web.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

constexpr std::string_view kLayout = "2006-01-02T15:04:05.000000000Z";

const char *SeverityOf(Level level) {
  return level == Level::Critical ? "critical" : level == Level::Warning ? "warning" : "info";
}

std::string Refusal(const HttpAnswer &answer) {
  Json body = Json::parse(answer.body, nullptr, false);
  std::string errors;
  for (const std::string &error : OptionTexts(body, "errors")) errors += (errors.empty() ? "" : " ") + error;
  if (!body.is_object()) return "failed to understand PagerDuty2 response. code: " + std::to_string(answer.status) + " content: " + answer.body;
  return "Status: " + OptionText(body, "status") + ", Message: " + OptionText(body, "message") + " Errors: [" + errors + "]";
}

// `null`, or the links with their address as text where they have none.
std::string LinksOf(const Json &links) {
  std::string out;
  for (const Json &link : links) {
    std::string href = OptionText(link, "href");
    out += (out.empty() ? "[" : ",") + std::string("{\"href\":") + JsonText(href) + ",\"text\":" + JsonText(OptionText(link, "text", href)) + "}";
  }
  return out.empty() ? "null" : out + "]";
}

class PagerDuty2Service final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: routing-key, links (rendered), and `timestamp` instead of the event's time.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string error, time = OptionText(options, "timestamp");
    if (time.empty()) tmpl::AppendTime(time, kLayout, event.time, false);
    const std::string *host = FindTag(event.tags, Intern("host"));
    std::string body = "{\"routing_key\":" + JsonText(OptionText(options, "routing-key", OptionText(*config, "routing-key"))) +
                       ",\"event_action\":" + (event.level == Level::Ok ? "\"resolve\"" : "\"trigger\"") + ",\"dedup_key\":" + JsonText(event.id) +
                       ",\"payload\":{\"summary\":" + JsonText(event.message) + ",\"source\":" + JsonText(host ? *host : "unknown") +
                       ",\"severity\":\"" + SeverityOf(event.level) + "\",\"timestamp\":" + JsonText(time) +
                       ",\"class\":" + JsonText(event.task_name) + ",\"component\":\"\",\"group\":\"\",\"custom_details\":{\"result\":" +
                       EventData(event, &error) + "}},\"images\":null,\"links\":" + LinksOf(OptionObject(options, "links")) +
                       ",\"client\":\"kapacitor\",\"client_url\":" + JsonText(world().url + "/kapacitor/v1") + "}\n";
    if (!error.empty()) return {error};
    WebCall call{.url = OptionText(*config, "url"), .body = std::move(body), .headers = {{"Accept", "application/vnd.pagerduty+json;version=2"}}};
    return SendWeb(world(), call, {.service = "PagerDuty2", .good = {200, 202}, .refusal = Refusal});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    OptionTemplates templates;
    if (!templates.parse(order.options, {"links"}, error)) {
      *error = HandlerError(order, "failed to create PagerDuty2 handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<PagerDuty2Service>>(*this, std::move(order), "failed to send event to PagerDuty", std::move(templates));
  }

  Json test_options() const override {
    Json data = {{"Name", ""}, {"TaskName", ""}, {"Group", ""}, {"Tags", nullptr}, {"Fields", nullptr}, {"Result", {{"series", nullptr}, {"messages", nullptr}}}};
    Json links = Json::array({Json({{"href", "https://example.com/a"}, {"text", "a"}}), Json({{"href", "https://example.com/b"}, {"text", "b"}})});
    return {{"alert_id", "testAlertID"}, {"description", "test pagerduty2 message"}, {"level", "CRITICAL"}, {"event_data", data},
            {"timestamp", "2014-11-12T11:45:26.371Z"}, {"links", links}};
  }
  std::string test(const Json &options) override {
    Json handed = {{"links", OptionObject(options, "links")}, {"timestamp", padded(OptionText(options, "timestamp"))}};
    return alert(handed, TestEvent(OptionText(options, "alert_id"), OptionText(options, "description"), OptionText(options, "level"))).error;
  }

 private:
  // "2014-11-12T11:45:26.371Z" with nine digits of fraction.
  static std::string padded(std::string time) {
    if (!time.ends_with('Z')) return time;
    time.pop_back();
    size_t point = time.find('.');
    if (point == std::string::npos) point = time.size(), time += '.';
    while (time.size() - point - 1 < 9) time += '0';
    return time + "Z";
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "url cannot be empty"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kPagerDuty2Service;
const ServiceSpec kPagerDuty2Service{"pagerduty2", "pagerDuty2", "pagerduty2", "pagerduty2", "pagerduty2.HandlerConfig",
                                     {{"routing-key", OptionType::Text, "routingKey"},
                                      {"routing-key", OptionType::Text, "serviceKey"},
                                      {"links", OptionType::Records, "link", "href text"}},
                                     Check, MakeService<PagerDuty2Service>};

}  // namespace tick
