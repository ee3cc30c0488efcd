// hipchat.cpp - notifications of HipChat rooms.
#include "runtime/services/web.h"

namespace tick {
namespace {

class HipChatService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: room, token; what is empty is the configuration's.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string room = OptionText(options, "room", OptionText(*config, "room"));
    std::string token = OptionText(options, "token", OptionText(*config, "token"));
    const char *color = event.level == Level::Critical ? "red" : event.level == Level::Warning ? "yellow" : "green";
    WebCall call{.url = JoinUrl(OptionText(*config, "url"), {room, "notification"}) + "?auth_token=" + QueryEscape(token),
                 .body = JsonObject({{"color", JsonText(color)},
                                     {"from", "\"kapacitor\""},
                                     {"message", JsonText(event.message)},
                                     {"notify", "true"}}) + "\n"};
    return SendWeb(world(), call, {.service = "HipChat", .good = {200, 204}, .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<HipChatService>>(*this, std::move(order), "failed to send event to HipChat");
  }

  Json test_options() const override {
    return {{"room", OptionText(*element(), "room")}, {"message", "test hipchat message"}, {"level", "CRITICAL"}};
  }
  std::string test(const Json &options) override {
    return alert(options, TestEvent("", OptionText(options, "message"), OptionText(options, "level"))).error;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "must specify url"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kHipChatService;
const ServiceSpec kHipChatService{"hipchat", "hipChat", "hipchat", "hipchat", "hipchat.HandlerConfig",
                                  {{"room", OptionType::Text, "room"}, {"token", OptionType::Text, "token"}},
                                  Check, MakeService<HipChatService>};

}  // namespace tick
