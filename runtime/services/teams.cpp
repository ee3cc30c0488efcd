// teams.cpp - message cards in channels of Microsoft Teams.
#include "runtime/services/web.h"

namespace tick {
namespace {

constexpr size_t kSummaryBytes = 70;

const char *ColorOf(Level level) {
  return level == Level::Critical ? "CC4A31" : level == Level::Warning ? "FFA533" : "34CC25";
}

class TeamsService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: channel-url, and the topic of an event without id.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string about = event.id.empty() ? OptionText(options, "topic") : event.id;
    std::string level(LevelName(event.level));
    std::string title = about.empty() ? level : level + ": [" + about + "]";
    std::string summary = title + (about.empty() ? ": " : " - ") + event.message;
    summary = summary.substr(0, kSummaryBytes) + "...";
    WebCall call{.url = OptionText(options, "channel-url", OptionText(*config, "channel-url")),
                 .body = "{\"@type\":\"MessageCard\",\"@context\":\"http://schema.org/extensions\",\"title\":" + JsonText(title) +
                         ",\"text\":" + JsonText(event.message) + ",\"summary\":" + JsonText(summary) + ",\"themeColor\":\"" +
                         ColorOf(event.level) + "\"}"};
    return SendWeb(world(), call, {.service = "Teams", .good = {200, 204}, .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    if (!order.topic.empty()) order.options["topic"] = order.topic;
    return std::make_unique<OptionsHandler<TeamsService>>(*this, std::move(order), "failed to send event to Teams");
  }

  Json test_options() const override {
    return {{"channel_url", OptionText(*element(), "channel-url")}, {"alert_topic", "test kapacitor alert topic"},
            {"alert_id", "foo/bar/bat"}, {"message", "test teams message"}, {"level", "CRITICAL"}};
  }
  std::string test(const Json &options) override {
    return alert({{"channel-url", OptionText(options, "channel_url")}, {"topic", OptionText(options, "alert_topic")}},
                 TestEvent(OptionText(options, "alert_id"), OptionText(options, "message"), OptionText(options, "level")))
        .error;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"channel-url", "must specify channel-url"}});
  return error.empty() ? CheckUrls(elements, "channel-url") : error;
}

}  // namespace

extern const ServiceSpec kTeamsService;
const ServiceSpec kTeamsService{"teams", "teams", "teams", "teams", "teams.HandlerConfig",
                                {{"channel-url", OptionType::Text, "channelURL"}},
                                Check, MakeService<TeamsService>};

}  // namespace tick
