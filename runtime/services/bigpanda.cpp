// bigpanda.cpp - alerts of BigPanda: one flat object, the event's tags and fields among its keys.
#include <chrono>

#include "runtime/services/web.h"
#include "runtime/text/go_json.h"

namespace tick {
namespace {

const char *StatusOf(Level level) { return level == Level::Critical ? "critical" : level == Level::Warning ? "warning" : "ok"; }

// Text of HTML whose special characters details templates escape.
std::string Unescape(std::string_view html) {
  constexpr std::pair<std::string_view, char> kEntities[] = {{"&amp;", '&'},  {"&lt;", '<'},  {"&gt;", '>'},   {"&#34;", '"'},
                                                             {"&quot;", '"'}, {"&#39;", '\''}, {"&#43;", '+'}};
  std::string out;
  while (!html.empty()) {
    bool found = false;
    for (const auto &[entity, c] : kEntities) {
      if (!html.starts_with(entity)) continue;
      out += c;
      html.remove_prefix(entity.size());
      found = true;
      break;
    }
    if (found) continue;
    out += html.front();
    html.remove_prefix(1);
  }
  return out;
}

// Whether "tags,fields" has this word.
bool HasWord(const std::string &list, const char *word) { return ("," + list + ",").find("," + std::string(word) + ",") != std::string::npos; }

std::string TextOf(const Value &value) {
  if (TypeOf(value) == Type::String) return std::string(View(value.as.s));
  std::string out;
  AppendJsonValue(out, value);
  return out;
}

class BigPandaService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options, rendered: app-key, url, host, primary-property, secondary-property, attributes.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    WebCall call{.url = OptionText(options, "url", OptionText(*config, "url")),
                 .body = JsonObject(members(*config, options, event)),
                 .headers = {{"Authorization", "Bearer " + OptionText(*config, "token")}}};
    call.tls.insecure = OptionFlag(*config, "insecure-skip-verify");
    return SendWeb(world(), call, {.service = "BigPanda", .good = {201}, .error_key = "error"});
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    OptionTemplates templates;
    if (!templates.parse(order.options, {"host", "attributes"}, error)) {
      *error = HandlerError(order, "failed to create BigPanda handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<BigPandaService>>(*this, std::move(order), "failed to send event to BigPanda", std::move(templates));
  }

  Json test_options() const override {
    Json data = {{"Name", ""}, {"TaskName", ""}, {"Group", ""}, {"Tags", nullptr}, {"Fields", nullptr}, {"Result", {{"series", nullptr}, {"messages", nullptr}}}};
    return {{"app_key", "012345"}, {"message", "test bigpanda message"}, {"level", "CRITICAL"}, {"event_data", data}, {"timestamp", now_text()},
            {"host", "serverA"}, {"primary_property", ""}, {"secondary_property", ""}};
  }
  std::string test(const Json &options) override {
    AlertEvent event = TestEvent("", OptionText(options, "message"), OptionText(options, "level"));
    event.time = now();
    return alert({{"app-key", OptionText(options, "app_key")}, {"host", OptionText(options, "host")},
                  {"primary-property", OptionText(options, "primary_property")}, {"secondary-property", OptionText(options, "secondary_property")}},
                 event)
        .error;
  }

 private:
  static int64_t now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  static std::string now_text();

  // Later ones take the place of earlier ones of the same name.
  static JsonMembers members(const Json &config, const Json &options, const AlertEvent &event) {
    JsonMembers all = {{"app_key", JsonText(OptionText(options, "app-key", OptionText(config, "app-key")))},
                       {"check", JsonText(event.id)},
                       {"description", JsonText(event.message)},
                       {"status", JsonText(StatusOf(event.level))},
                       {"task", JsonText(event.task_name + ":" + event.name)},
                       {"timestamp", std::to_string(event.time / 1'000'000'000)}};
    std::string details = Unescape(event.details);
    if (!details.empty() && details.front() != '{') all["details"] = JsonText(details);
    for (auto [option, key] : {std::pair{"primary-property", "primary_property"}, {"secondary-property", "secondary_property"}})
      if (std::string text = OptionText(options, option); !text.empty()) all[key] = JsonText(text);
    std::string automatic = OptionText(config, "auto-attributes");
    if (HasWord(automatic, "tags"))
      for (const Tag &tag : event.tags) all[std::string(*tag.key)] = JsonText(tag.value);
    if (HasWord(automatic, "fields"))
      for (const Field &field : event.fields) all[std::string(*field.name)] = JsonText(TextOf(field.value));
    all["host"] = JsonText(OptionText(options, "host"));
    const Json &attributes = OptionObject(options, "attributes");
    for (auto item = attributes.begin(); item != attributes.end(); ++item)
      all[item.key()] = JsonText(item->is_string() ? item->get<std::string>() : JsonOf(*item));
    return all;
  }
};

std::string BigPandaService::now_text() {
  std::string text;
  JsonWriter writer(text);
  writer.time(now());
  return text.substr(1, text.size() - 2);
}

std::string Check(const std::vector<Json> &elements) {
  std::string error = CheckRequired(elements, {{"url", "must specify url"}, {"app-key", "must specify app-key"}, {"token", "must specify token"}});
  return error.empty() ? CheckUrls(elements, "url") : error;
}

}  // namespace

extern const ServiceSpec kBigPandaService;
const ServiceSpec kBigPandaService{"bigpanda", "bigPanda", "bigpanda", "bigpanda", "bigpanda.HandlerConfig",
                                   {{"app-key", OptionType::Text, "appKey"},
                                    {"url", OptionType::Text, ""},
                                    {"host", OptionType::Text, "host"},
                                    {"primary-property", OptionType::Text, "primaryProperty"},
                                    {"secondary-property", OptionType::Text, "secondaryProperty"},
                                    {"attributes", OptionType::AnyMap, "attribute"}},
                                   Check, MakeService<BigPandaService>};

}  // namespace tick
