// alerta.cpp - alerts of Alerta.
#include "runtime/services/web.h"
#include "runtime/text/go_duration.h"

namespace tick {
namespace {

constexpr int64_t kSecond = 1'000'000'000, kDay = 24 * 3600 * kSecond;

const char *SeverityOf(Level level) {
  constexpr const char *kSeverities[] = {"ok", "informational", "warning", "critical"};
  return kSeverities[static_cast<size_t>(level)];
}

class AlertaService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options, rendered: token, token-prefix, resource, event, environment, group, value, origin, service, correlate,
  // attributes, timeout; `severity` instead of the level's.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    if (OptionText(options, "resource").empty() || OptionText(options, "event").empty())
      return {"Resource and Event are required to send an alert"};
    WebCall call{.url = JoinUrl(OptionText(*config, "url"), {"alert"})};
    std::string error;
    call.body = body(*config, options, event, &error);
    if (!error.empty()) return {error};
    std::string prefix = OptionText(options, "token-prefix", OptionText(*config, "token-prefix", "Bearer"));
    call.headers.emplace_back("Authorization", prefix + " " + OptionText(options, "token", OptionText(*config, "token")));
    call.tls.insecure = OptionFlag(*config, "insecure-skip-verify");
    return SendWeb(world(), call, {.service = "Alerta", .good = {201}});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    Json &options = order.options;
    auto otherwise = [&](const char *name, Json text) {
      if (OptionText(options, name).empty() && OptionTexts(options, name).empty()) options[name] = std::move(text);
    };
    otherwise("resource", "{{ .Name }}");
    otherwise("event", "{{ .ID }}");
    otherwise("group", "{{ .Group }}");
    otherwise("service", Json::array({"{{ .Name }}"}));
    otherwise("correlate", Json::array({"{{ .Name }}"}));
    OptionTemplates templates;
    if (!templates.parse(options, {"resource", "event", "environment", "group", "value", "origin", "service", "correlate", "attributes"}, error)) {
      *error = HandlerError(order, "failed to create Alerta handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<AlertaService>>(*this, std::move(order), "failed to send event to Alerta", std::move(templates),
                                                           "failed to evaluate Alerta template");
  }

  Json test_options() const override {
    auto config = element();
    return {{"resource", "testResource"},
            {"event", "testEvent"},
            {"environment", OptionText(*config, "environment")},
            {"severity", "critical"},
            {"group", "testGroup"},
            {"value", "testValue"},
            {"message", "test alerta message"},
            {"origin", OptionText(*config, "origin")},
            {"service", Json::array({"testServiceA", "testServiceB"})},
            {"correlate", Json::array({"testServiceX", "testServiceY"})},
            {"attributes", {{"testAttributeA", "A"}, {"testAttributeB", true}, {"testAttributeC", 9001}}},
            {"timeout", "24h0m0s"}};
  }
  std::string test(const Json &options) override { return alert(options, TestEvent("", OptionText(options, "message"), "")).error; }

 private:
  static std::string body(const Json &config, const Json &options, const AlertEvent &event, std::string *error) {
    std::vector<std::string> tags;
    for (const Tag &tag : event.tags) tags.push_back(std::string(*tag.key) + "=" + tag.value);
    int64_t timeout = OptionDuration(options, "timeout");
    if (!timeout) timeout = OptionDuration(config, "timeout");
    JsonMembers members = {{"correlate", JsonTexts(OptionTexts(options, "correlate"))},
                           {"environment", JsonText(OptionText(options, "environment", OptionText(config, "environment")))},
                           {"event", JsonText(OptionText(options, "event"))},
                           {"group", JsonText(OptionText(options, "group"))},
                           {"origin", JsonText(OptionText(options, "origin", OptionText(config, "origin")))},
                           {"rawData", EventData(event, error)},
                           {"resource", JsonText(OptionText(options, "resource"))},
                           {"service", JsonTexts(OptionTexts(options, "service"))},
                           {"severity", JsonText(OptionText(options, "severity", SeverityOf(event.level)))},
                           {"tags", JsonTexts(tags)},
                           {"text", JsonText(event.message)},
                           {"timeout", std::to_string((timeout ? timeout : kDay) / kSecond)},
                           {"value", JsonText(OptionText(options, "value"))}};
    if (const Json &attributes = OptionObject(options, "attributes"); !attributes.empty()) {
      JsonMembers sorted;
      for (auto item = attributes.begin(); item != attributes.end(); ++item) sorted[item.key()] = JsonOf(*item);
      members["attributes"] = JsonObject(sorted);
    }
    return JsonObject(members) + "\n";
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "must specify url"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kAlertaService;
const ServiceSpec kAlertaService{"alerta", "alerta", "alerta", "alerta", "alerta.HandlerConfig",
                                 {{"token", OptionType::Text, "token"},
                                  {"token-prefix", OptionType::Text, ""},
                                  {"resource", OptionType::Text, "resource"},
                                  {"event", OptionType::Text, "event"},
                                  {"environment", OptionType::Text, "environment"},
                                  {"group", OptionType::Text, "group"},
                                  {"value", OptionType::Text, "value"},
                                  {"origin", OptionType::Text, "origin"},
                                  {"service", OptionType::Texts, "services"},
                                  {"correlate", OptionType::Texts, "correlated"},
                                  {"attributes", OptionType::AnyMap, "attribute"},
                                  {"timeout", OptionType::Duration, "timeout"}},
                                 Check, MakeService<AlertaService>};

}  // namespace tick
