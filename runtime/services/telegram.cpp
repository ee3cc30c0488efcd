// telegram.cpp - messages of a Telegram bot.
#include "runtime/services/web.h"

#include <algorithm>
#include <cctype>

namespace tick {
namespace {

bool IsParseMode(std::string mode) {
  std::transform(mode.begin(), mode.end(), mode.begin(), [](unsigned char c) { return std::tolower(c); });
  return mode.empty() || mode == "markdown" || mode == "html" || mode == "markdownv2";
}

std::string Refusal(const HttpAnswer &answer) {
  Json body = Json::parse(answer.body, nullptr, false);
  return "sendMessage error (" + std::to_string(OptionInt(body, "error_code")) + ") description: " + OptionText(body, "description");
}

class TelegramService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: chat-id, parse-mode, disable-web-page-preview, disable-notification.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string mode = OptionText(options, "parse-mode", OptionText(*config, "parse-mode"));
    if (!IsParseMode(mode)) return {"parseMode " + mode + " is not valid, please use 'Markdown' or 'HTML'"};
    JsonMembers members = {{"chat_id", JsonText(OptionText(options, "chat-id", OptionText(*config, "chat-id")))},
                           {"text", JsonText(event.message)}};
    if (!mode.empty()) members["parse_mode"] = JsonText(mode);
    auto set = [&](const char *option) { return OptionFlag(options, option) || OptionFlag(*config, option); };
    if (set("disable-web-page-preview")) members["disable_web_page_preview"] = "true";
    if (set("disable-notification")) members["disable_notification"] = "true";
    WebCall call{.url = JoinUrl(OptionText(*config, "url") + PathEscape(OptionText(*config, "token")), {"sendMessage"}),
                 .body = JsonObject(members) + "\n"};
    return SendWeb(world(), call, {.service = "Telegram", .refusal = Refusal});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<TelegramService>>(*this, std::move(order), "failed to send event to Telegram");
  }

  Json test_options() const override {
    auto config = element();
    return {{"chat-id", OptionText(*config, "chat-id")},
            {"parse-mode", OptionText(*config, "parse-mode")},
            {"message", "test telegram message"},
            {"disable-web-page-preview", OptionFlag(*config, "disable-web-page-preview")},
            {"disable-notification", OptionFlag(*config, "disable-notification")}};
  }
  std::string test(const Json &options) override { return alert(options, TestEvent("", OptionText(options, "message"), "")).error; }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"token", "must specify token"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kTelegramService;
const ServiceSpec kTelegramService{"telegram", "telegram", "telegram", "telegram", "telegram.HandlerConfig",
                                   {{"chat-id", OptionType::Text, "chatId"},
                                    {"parse-mode", OptionType::Text, "parseMode"},
                                    {"disable-web-page-preview", OptionType::Flag, "disableWebPagePreview"},
                                    {"disable-notification", OptionType::Flag, "disableNotification"}},
                                   Check, MakeService<TelegramService>};

}  // namespace tick
