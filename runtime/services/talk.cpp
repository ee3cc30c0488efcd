// talk.cpp - messages to Jianliao's Talk.
#include "runtime/services/web.h"

namespace tick {
namespace {

class TalkService final : public SectionService {
 public:
  using SectionService::SectionService;

  Sent alert(const Json &, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    WebCall call{.url = OptionText(*config, "url"),
                 .body = JsonObject({{"authorName", JsonText(OptionText(*config, "author_name"))},
                                     {"text", JsonText(event.message)},
                                     {"title", JsonText(event.id)}}) + "\n"};
    return SendWeb(world(), call, {.service = "Talk", .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<TalkService>>(*this, std::move(order), "failed to send event to Talk");
  }

  Json test_options() const override { return {{"title", "testTitle"}, {"text", "test talk text"}}; }
  std::string test(const Json &options) override {
    return alert(nullptr, TestEvent(OptionText(options, "title"), OptionText(options, "text"), "")).error;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "must specify url"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kTalkService;
const ServiceSpec kTalkService{"talk", "talk", "talk", "talk", "talk.HandlerConfig", {}, Check, MakeService<TalkService>};

}  // namespace tick
