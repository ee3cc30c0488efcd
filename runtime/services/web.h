// web.h - what services that speak HTTP have in common: one call, judged, with errors that hold no secret.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/net/http_client.h"
#include "runtime/services/event_template.h"
#include "runtime/services/section_service.h"

namespace tick {

// How sending went: "" or the error, and whether another try does no harm.
struct Sent {
  std::string error;
  bool again = false;
};

struct WebCall {
  std::string url = "";
  std::string body = "";
  std::string content_type = "application/json";  // "" for none
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string user = "", password = "";
  TlsOptions tls = {};
  int64_t timeout_ns = 0;
  bool secret_url = true;  // the path is a secret of its own: errors name only the host
};

// What a service calls success, and how it words refusals.
struct WebRules {
  std::string_view service;                           // "Slack": "failed to understand Slack response. …"
  std::initializer_list<int> good = {200};
  const char *error_key = "message";                  // of the answer's JSON
  std::string (*refusal)(const HttpAnswer &) = nullptr;  // instead of error_key
};

// Sends a POST and judges the answer.
Sent SendWeb(const ServiceWorld &world, const WebCall &call, const WebRules &rules);
// The answer itself; its error, if any, without secrets.
HttpAnswer PostWeb(const ServiceWorld &world, const WebCall &call);
// Whether a try that ended so may be made again: the receiver took nothing or asked to come later.
bool MayTryAgain(const HttpAnswer &answer);

// An error without the path of a URL that is a secret.
std::string HideUrl(std::string error, const std::string &url);

// Of ssl-ca, ssl-cert, ssl-key, insecure-skip-verify of an element.
TlsOptions TlsOf(const Json &element);

// JSON of a Go map: members by name, each a JSON text.
using JsonMembers = std::map<std::string, std::string>;
std::string JsonObject(const JsonMembers &members);
std::string JsonText(std::string_view text);              // quoted and escaped
std::string JsonTexts(const std::vector<std::string> &texts);
std::string JsonOf(const Json &value);
// The event's data; "" with `error` set where JSON cannot say it.
std::string EventData(const AlertEvent &event, std::string *error);

// Joins a path to a URL as Go's url.Parse and path.Join do: the path is percent-encoded where it must be.
std::string JoinUrl(const std::string &url, std::initializer_list<std::string_view> parts);
std::string PathEscape(std::string_view text);

// "CRITICAL" of service tests; unknown words are OK.
Level AlertLevelOf(std::string_view word);
// An event for service tests.
AlertEvent TestEvent(std::string id, std::string message, std::string_view level);

// The options whose texts are templates over the event, anywhere inside of them.
class OptionTemplates {
 public:
  // False: `error` says which text does not parse.
  bool parse(const Json &options, std::initializer_list<const char *> names, std::string *error);
  // Puts the texts of this event in place. A failure: what and of which option.
  std::optional<SendFailure> render(const AlertEvent &event, Json *options) const;

 private:
  bool add(const Json::json_pointer &place, const std::string &name, const Json &value, std::string *error);
  struct Place {
    Json::json_pointer at;
    std::string name;
    std::unique_ptr<EventTemplate> text;
  };
  std::vector<Place> places_;
};

// The handler of a service class S that has `Sent alert(const Json &options, const AlertEvent &event) const`.
template <class S>
class OptionsHandler final : public SendingHandler {
 public:
  OptionsHandler(const S &service, HandlerOrder order, std::string_view failure, OptionTemplates templates = {},
                 std::string_view template_failure = "")
      : SendingHandler(std::move(order.report)),
        service_(service),
        options_(std::move(order.options)),
        templates_(std::move(templates)),
        failure_(failure),
        template_failure_(template_failure) {}

  std::optional<SendFailure> send(const AlertEvent &event) override {
    Json options = options_;
    if (std::optional<SendFailure> failure = templates_.render(event, &options)) {
      failure->message = template_failure_.empty() ? failure_ : template_failure_;
      return failure;
    }
    Sent sent = service_.alert(options, event);
    if (sent.error.empty()) return std::nullopt;
    return SendFailure{std::string(failure_), std::move(sent.error), {}, sent.again};
  }

 private:
  const S &service_;
  Json options_;
  OptionTemplates templates_;
  std::string_view failure_, template_failure_;  // "failed to send event to Alerta", "failed to evaluate Alerta template"
};

}  // namespace tick
