// sensu.cpp - check results to a Sensu client's socket: one JSON document over TCP, answered with `ok`.
#include "runtime/alert/tcp_connection.h"
#include "runtime/services/web.h"
#include "runtime/text/utf8.h"

#include <algorithm>
#include <cctype>

namespace tick {
namespace {

bool IsName(const std::string &name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.' || c == '-'; });
}

int StatusOf(Level level) { return level == Level::Critical ? 2 : level == Level::Warning ? 1 : 0; }

class SensuService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: source (rendered), handlers, metadata, whose keys give way to the check's own.
  Sent alert(const Json &options, const AlertEvent &event) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    if (!IsName(event.id)) return {"invalid name " + GoQuote(event.id) + " for sensu alert. Must match ^[\\w\\.-]+$"};
    JsonMembers members;
    const Json &metadata = OptionObject(options, "metadata");
    for (auto item = metadata.begin(); item != metadata.end(); ++item) members[item.key()] = JsonOf(*item);
    std::vector<std::string> handlers = OptionTexts(options, "handlers");
    if (handlers.empty()) handlers = OptionTexts(*config, "handlers");
    members["handlers"] = JsonTexts(handlers);
    members["name"] = JsonText(event.id);
    members["output"] = JsonText(event.message);
    members["source"] = JsonText(OptionText(options, "source", OptionText(*config, "source")));
    members["status"] = std::to_string(StatusOf(event.level));
    return hand_over(OptionText(*config, "addr"), JsonObject(members) + "\n");
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    OptionTemplates templates;
    if (!templates.parse(order.options, {"source"}, error)) {
      *error = HandlerError(order, "failed to create sensu alert handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<SensuService>>(*this, std::move(order), "failed to send event to Sensu", std::move(templates),
                                                          "failed to evaluate Sensu source template");
  }

  Json test_options() const override {
    return {{"name", "testName"}, {"source", "Kapacitor"}, {"output", "testOutput"}, {"handlers", Json::array()}, {"metadata", Json::object()}, {"level", "CRITICAL"}};
  }
  std::string test(const Json &options) override {
    return alert(options, TestEvent(OptionText(options, "name"), OptionText(options, "output"), OptionText(options, "level"))).error;
  }

 private:
  Sent hand_over(const std::string &address, const std::string &document) const {
    TcpConnection connection(world().ending.get());
    std::string error = connection.open(address);
    if (!error.empty()) return {error, true};
    error = connection.send(document);
    std::string answer;
    if (error.empty()) error = connection.receive_all(&answer);
    if (!error.empty()) return {error};
    return {answer == "ok" ? "" : "sensu socket error: " + answer};
  }
};

std::string Check(const std::vector<Json> &elements) { return CheckRequired(elements, {{"addr", "must specify client address"}}); }

}  // namespace

extern const ServiceSpec kSensuService;
const ServiceSpec kSensuService{"sensu", "sensu", "sensu", "sensu", "sensu.HandlerConfig",
                                {{"source", OptionType::Text, "source"},
                                 {"handlers", OptionType::Texts, "handlers"},
                                 {"metadata", OptionType::AnyMap, "metadata"}},
                                Check, MakeService<SensuService>};

}  // namespace tick
