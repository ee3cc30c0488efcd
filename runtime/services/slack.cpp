// slack.cpp - messages to Slack's webhooks and API, one workspace an element.
#include "runtime/services/web.h"

namespace tick {
namespace {

const char *ColorOf(Level level) {
  return level == Level::Critical ? "danger" : level == Level::Warning ? "warning" : "good";
}

class SlackService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: workspace, channel, username, icon-emoji; what is empty is the workspace's.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto workspace = element("workspace", OptionText(options, "workspace"));
    if (!workspace) return {"workspace id not found"};
    if (!OptionFlag(*workspace, "enabled")) return {kNotEnabled};
    WebCall call{.url = OptionText(*workspace, "url"), .body = body(*workspace, options, event), .tls = TlsOf(*workspace)};
    std::string token = OptionText(*workspace, "token");
    if (!token.empty()) call.headers.emplace_back("Authorization", "Bearer " + token);
    return SendWeb(world(), call, {.service = "Slack", .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<SlackService>>(*this, std::move(order), "failed to send event");
  }

  Json test_options() const override {
    auto workspace = element("workspace", "");
    Json of = workspace ? *workspace : Json::object();
    return {{"workspace", OptionText(of, "workspace")}, {"channel", OptionText(of, "channel")}, {"message", "test slack message"},
            {"level", "CRITICAL"}, {"username", ""}, {"icon-emoji", ""}};
  }
  std::string test(const Json &options) override {
    return alert(options, TestEvent("", OptionText(options, "message"), OptionText(options, "level"))).error;
  }

 private:
  static std::string body(const Json &workspace, const Json &options, const AlertEvent &event) {
    bool old = event.dialect == 2;
    std::string message = JsonText(event.message);
    std::string attachment = "{\"fallback\":" + message + ",\"color\":\"" + ColorOf(event.level) + "\",\"text\":" + message;
    attachment += old ? "}" : ",\"mrkdwn_in\":[\"text\"]}";
    JsonMembers members = {{"attachments", "[" + attachment + "]"},
                           {"channel", JsonText(OptionText(options, "channel", OptionText(workspace, "channel")))},
                           {"text", "\"\""},
                           {"username", "\"kapacitor\""}};
    if (!old) {
      members["username"] = JsonText(OptionText(options, "username", OptionText(workspace, "username")));
      members["icon_emoji"] = JsonText(OptionText(options, "icon-emoji", OptionText(workspace, "icon-emoji")));
    }
    return JsonObject(members) + "\n";
  }
};

std::string Check(const std::vector<Json> &elements) { return CheckWorkspaces(elements, "Slack"); }

}  // namespace

extern const ServiceSpec kSlackService;
const ServiceSpec kSlackService{"slack", "slack", "slack", "slack", "slack.HandlerConfig",
                                {{"workspace", OptionType::Text, "workspace"},
                                 {"channel", OptionType::Text, "channel"},
                                 {"username", OptionType::Text, "username"},
                                 {"icon-emoji", OptionType::Text, "iconEmoji"}},
                                Check, MakeService<SlackService>};

}  // namespace tick
