// discord.cpp - embeds of Discord webhooks, one workspace an element.
#include "runtime/services/web.h"
#include "runtime/text/go_time.h"

namespace tick {
namespace {

int ColorOf(Level level) {
  return level == Level::Critical ? 0xF95F53 : level == Level::Warning ? 0xF48D38 : 0x7A65F2;
}

class DiscordService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: workspace, username, avatar-url, embed-title (rendered), and `timestamp`, a text instead of the event's time.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto workspace = element("workspace", OptionText(options, "workspace"));
    if (!workspace) return {"workspace id not found"};
    if (!OptionFlag(*workspace, "enabled")) return {kNotEnabled};
    std::string time = OptionText(options, "timestamp");
    if (time.empty()) AppendRfc3339(time, event.time);
    if (!OptionFlag(*workspace, "timestamp")) time.clear();
    std::string embed = "{\"color\":" + std::to_string(ColorOf(event.level)) + ",\"title\":" + JsonText(OptionText(options, "embed-title")) +
                        ",\"description\":" + JsonText(event.message) + ",\"timestamp\":" + JsonText(time) + "}";
    WebCall call{.url = OptionText(*workspace, "url"),
                 .body = JsonObject({{"avatar_url", JsonText(OptionText(options, "avatar-url", OptionText(*workspace, "avatar-url")))},
                                     {"embeds", "[" + embed + "]"},
                                     {"username", JsonText(OptionText(options, "username", OptionText(*workspace, "username")))}}) + "\n",
                 .tls = TlsOf(*workspace)};
    return SendWeb(world(), call, {.service = "Discord", .good = {200, 204}, .error_key = "message"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    OptionTemplates templates;
    if (!templates.parse(order.options, {"embed-title"}, error)) {
      *error = HandlerError(order, "failed to create Discord handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<DiscordService>>(*this, std::move(order), "failed to send event", std::move(templates));
  }

  Json test_options() const override {
    auto workspace = element("workspace", "");
    Json of = workspace ? *workspace : Json::object();
    return {{"workspace", OptionText(of, "workspace")}, {"message", "test discord message"}, {"level", "INFO"}, {"username", "Kapacitor"},
            {"avatar-url", OptionText(of, "avatar-url")}, {"embed-title", "Kapacitor Alert"}, {"time-val", "1970-01-01T00:00:01Z"}};
  }
  std::string test(const Json &options) override {
    Json handed = options;
    handed["timestamp"] = OptionText(options, "time-val");
    return alert(handed, TestEvent("", OptionText(options, "message"), OptionText(options, "level"))).error;
  }
};

std::string Check(const std::vector<Json> &elements) { return CheckWorkspaces(elements, "Discord"); }

}  // namespace

extern const ServiceSpec kDiscordService;
const ServiceSpec kDiscordService{"discord", "discord", "discord", "discord", "discord.HandlerConfig",
                                  {{"workspace", OptionType::Text, "workspace"},
                                   {"username", OptionType::Text, "username"},
                                   {"avatar-url", OptionType::Text, "avatarURL"},
                                   {"embed-title", OptionType::Text, "embedTitle"}},
                                  Check, MakeService<DiscordService>};

}  // namespace tick
