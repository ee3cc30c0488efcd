// pushover.cpp - notifications through Pushover, a form instead of JSON.
#include "runtime/services/web.h"

namespace tick {
namespace {

const char *PriorityOf(Level level) {
  constexpr const char *kPriorities[] = {"-2", "-1", "0", "1"};
  return kPriorities[static_cast<size_t>(level)];
}

std::string Refusal(const HttpAnswer &answer) {
  std::string errors;
  for (const std::string &error : OptionTexts(Json::parse(answer.body, nullptr, false), "errors"))
    errors += (errors.empty() ? "" : ", ") + error;
  if (!errors.empty()) return errors;
  return "failed to understand Pushover response. code: " + std::to_string(answer.status) + " content: " + answer.body;
}

class PushoverService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: user-key, device, title, url, url-title, sound.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::string form;
    auto add = [&](const char *key, const std::string &value, bool always = false) {
      if (value.empty() && !always) return;
      form += (form.empty() ? "" : "&") + std::string(key) + "=" + QueryEscape(value);
    };
    add("device", OptionText(options, "device"));
    add("message", event.message, true);
    add("priority", PriorityOf(event.level));
    add("sound", OptionText(options, "sound"));
    add("title", OptionText(options, "title"));
    add("token", OptionText(*config, "token"), true);
    add("url", OptionText(options, "url"));
    add("url_title", OptionText(options, "url-title"));
    add("user", OptionText(options, "user-key", OptionText(*config, "user-key")), true);
    WebCall call{.url = OptionText(*config, "url"), .body = form, .content_type = "application/x-www-form-urlencoded"};
    return SendWeb(world(), call, {.service = "Pushover", .refusal = Refusal});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<PushoverService>>(*this, std::move(order), "failed to send event to Pushover");
  }

  Json test_options() const override {
    return {{"user-key", OptionText(*element(), "user-key")}, {"message", "test pushover message"}, {"device", ""}, {"title", ""},
            {"url", ""}, {"url-title", ""}, {"sound", ""}, {"level", "CRITICAL"}};
  }
  std::string test(const Json &options) override {
    return alert(options, TestEvent("", OptionText(options, "message"), OptionText(options, "level"))).error;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"user-key", "must specify user key"}, {"token", "must specify token"}, {"url", "must specify url"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kPushoverService;
const ServiceSpec kPushoverService{"pushover", "pushover", "pushover", "pushover", "pushover.HandlerConfig",
                                   {{"user-key", OptionType::Text, "userKey"},
                                    {"device", OptionType::Text, "device"},
                                    {"title", OptionType::Text, "title"},
                                    {"url", OptionType::Text, "uRL"},
                                    {"url-title", OptionType::Text, "uRLTitle"},
                                    {"sound", OptionType::Text, "sound"}},
                                   Check, MakeService<PushoverService>};

}  // namespace tick
