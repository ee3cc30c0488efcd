// opsgenie2.cpp - alerts of OpsGenie over its API, version 2: a recovery is a call of its own.
#include <algorithm>

#include "runtime/services/web.h"
#include "runtime/text/base64.h"

namespace tick {
namespace {

const char *PriorityOf(Level level) {
  return level == Level::Critical ? "P1" : level == Level::Warning ? "P3" : "P5";
}

std::string Refusal(const HttpAnswer &answer) {
  std::string said = OptionText(Json::parse(answer.body, nullptr, false), "message");
  if (!said.empty()) return "opsgenie error: " + said;
  return "failed to understand OpsGenie2 response. code: " + std::to_string(answer.status) + " content: " + answer.body;
}

class OpsGenie2Service final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: teams-list, recipients-list, recovery_action; where they are empty the configuration's.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    WebCall call{.url = OptionText(*config, "url"), .headers = {{"Authorization", "GenieKey " + OptionText(*config, "api-key")}}};
    if (event.level == Level::Ok) {
      std::string action = OptionText(options, "recovery_action", OptionText(*config, "recovery_action", "notes"));
      call.url = JoinUrl(call.url, {Base64UrlEncode(event.id, true), action}) + "?identifierType=alias";
      call.body = JsonObject({{"note", JsonText(event.message)}}) + "\n";
    } else if (std::string error = compose(*config, options, event, &call.body); !error.empty()) {
      return {error};
    }
    return SendWeb(world(), call, {.service = "OpsGenie2", .good = {202}, .refusal = Refusal});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *) override {
    return std::make_unique<OptionsHandler<OpsGenie2Service>>(*this, std::move(order), "failed to send event to OpsGenie");
  }

  Json test_options() const override {
    auto config = element();
    return {{"teams", OptionObject(*config, "teams")}, {"recipients", OptionObject(*config, "recipients")},
            {"recovery_action", OptionText(*config, "recovery_action")}, {"message-type", "CRITICAL"},
            {"message", "test opsgenie message"}, {"entity-id", "testEntityID"}};
  }
  std::string test(const Json &options) override {
    Json handed = {{"teams-list", OptionObject(options, "teams")}, {"recipients-list", OptionObject(options, "recipients")},
                   {"recovery_action", OptionText(options, "recovery_action")}};
    return alert(handed, TestEvent(OptionText(options, "entity-id"), OptionText(options, "message"), OptionText(options, "message-type"))).error;
  }

 private:
  static std::string compose(const Json &config, const Json &options, const AlertEvent &event, std::string *body) {
    std::string error, data = EventData(event, &error);
    JsonMembers details = {{"Level", JsonText(LevelName(event.level))}, {"Monitoring Tool", "\"Kapacitor\""}};
    if (!event.name.empty()) details["Kapacitor Task Name"] = JsonText(event.name);
    for (const Tag &tag : event.tags) details[std::string(*tag.key)] = JsonText(tag.value);
    bool texts = OptionFlag(config, "details") && !event.details.empty();
    JsonMembers members = {{"alias", JsonText(Base64UrlEncode(event.id, true))},
                           {"description", JsonText(texts ? event.details : data)},
                           {"details", JsonObject(details)},
                           {"entity", JsonText(event.id)},
                           {"message", JsonText(event.message)},
                           {"note", "\"\""},
                           {"priority", JsonText(PriorityOf(event.level))}};
    std::string responders = responders_of(config, options);
    if (!responders.empty()) members["responders"] = "[" + responders + "]";
    *body = JsonObject(members) + "\n";
    return error;
  }

  static std::string responders_of(const Json &config, const Json &options) {
    std::string out;
    auto add = [&](const std::string &option, const char *key, const char *type) {
      std::vector<std::string> names = OptionTexts(options, option + "-list");
      if (names.empty()) names = OptionTexts(config, option);
      for (const std::string &name : names)
        out += (out.empty() ? "" : ",") + JsonObject({{key, JsonText(name)}, {"type", JsonText(type)}});
    };
    add("teams", "name", "team");
    add("recipients", "username", "user");
    return out;
  }
};

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "url cannot be empty"}, {"api-key", "api-key cannot be empty"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kOpsGenie2Service;
const ServiceSpec kOpsGenie2Service{"opsgenie2", "opsGenie2", "opsgenie2", "opsgenie2", "opsgenie2.HandlerConfig",
                                    {{"teams-list", OptionType::Texts, "teams"},
                                     {"recipients-list", OptionType::Texts, "recipients"},
                                     {"recovery_action", OptionType::Text, "recoveryAction"}},
                                    Check, MakeService<OpsGenie2Service>};

}  // namespace tick
