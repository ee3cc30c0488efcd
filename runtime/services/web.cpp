// web.cpp - calls of services that speak HTTP.
#include "runtime/services/web.h"

#include <algorithm>

#include "runtime/alert/event_json.h"
#include "runtime/daemon/json.h"
#include "runtime/text/go_json.h"

namespace tick {
namespace {

constexpr int64_t kLongest = 30'000'000'000;  // a receiver that never answers must not hold a thread for ever

// Only "scheme://host:port" of a URL.
std::string HostOf(const std::string &url) {
  size_t host = url.find("://");
  host = host == std::string::npos ? 0 : host + 3;
  std::string out = url.substr(0, url.find_first_of("/?", host));
  size_t at = out.rfind('@');
  return at == std::string::npos || at < host ? out : out.erase(host, at + 1 - host);
}

void Replace(std::string *text, const std::string &what, const std::string &with) {
  if (what.empty()) return;
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at + with.size()))
    text->replace(at, what.size(), with);
}

}  // namespace

bool MayTryAgain(const HttpAnswer &answer) {
  if (answer.status) return answer.status == 429 || answer.status == 503;
  return answer.error.find("dial tcp") != std::string::npos;
}

HttpAnswer PostWeb(const ServiceWorld &world, const WebCall &call) {
  HttpCall http;
  http.method = "POST";
  http.url = call.url;
  http.body = call.body;
  http.headers = call.headers;
  if (!call.content_type.empty()) http.headers.emplace_back("Content-Type", call.content_type);
  http.user = call.user;
  http.password = call.password;
  http.tls = call.tls;
  http.timeout_ns = call.timeout_ns > 0 ? call.timeout_ns : kLongest;
  http.cancelled = world.ending.get();
  HttpAnswer answer = HttpClient::Shared().send(http);
  if (call.secret_url) answer.error = HideUrl(std::move(answer.error), call.url);
  return answer;
}

std::string HideUrl(std::string error, const std::string &url) {
  std::string host = HostOf(url);
  if (error.empty() || host.size() == url.size()) return error;
  Replace(&error, RedactedUrl(url), host + "/...");
  Replace(&error, url, host + "/...");
  return error;
}

Sent SendWeb(const ServiceWorld &world, const WebCall &call, const WebRules &rules) {
  HttpAnswer answer = PostWeb(world, call);
  if (!answer.error.empty()) return {answer.error, MayTryAgain(answer)};
  if (std::find(rules.good.begin(), rules.good.end(), answer.status) != rules.good.end()) return {};
  bool again = MayTryAgain(answer);
  if (rules.refusal) return {rules.refusal(answer), again};
  Json body = Json::parse(answer.body, nullptr, false);
  std::string said = OptionText(body, rules.error_key);
  if (!said.empty()) return {said, again};
  return {"failed to understand " + std::string(rules.service) + " response. code: " + std::to_string(answer.status) +
              " content: " + answer.body,
          again};
}

TlsOptions TlsOf(const Json &element) {
  return {OptionText(element, "ssl-ca"), OptionText(element, "ssl-cert"), OptionText(element, "ssl-key"),
          OptionFlag(element, "insecure-skip-verify")};
}

// --- JSON ------------------------------------------------------------------------------------------

std::string JsonObject(const JsonMembers &members) {
  std::string out = "{";
  for (const auto &[name, value] : members) {
    if (out.size() > 1) out += ',';
    AppendJsonString(out, name);
    out += ':';
    out += value;
  }
  return out + "}";
}

std::string JsonText(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

std::string JsonTexts(const std::vector<std::string> &texts) {
  std::string out = "[";
  for (const std::string &text : texts) {
    if (out.size() > 1) out += ',';
    AppendJsonString(out, text);
  }
  return out + "]";
}

std::string JsonOf(const Json &value) { return CompactJson(value); }

std::string EventData(const AlertEvent &event, std::string *error) {
  std::string out;
  if (!AppendEventData(&out, event)) *error = NotFinite(event);
  return out;
}

// --- URLs ------------------------------------------------------------------------------------------

std::string PathEscape(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : text) {
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 std::string_view("-_.~$&+,/:;=@").find(static_cast<char>(c)) != std::string_view::npos;
    if (plain) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    }
  }
  return out;
}

std::string JoinUrl(const std::string &url, std::initializer_list<std::string_view> parts) {
  size_t query = std::min(url.find('?'), url.size());
  std::string out = url.substr(0, query);
  for (std::string_view part : parts) {
    while (!part.empty() && part.front() == '/') part.remove_prefix(1);
    while (!part.empty() && part.back() == '/') part.remove_suffix(1);
    if (part.empty()) continue;
    while (!out.empty() && out.back() == '/') out.pop_back();
    out += "/" + PathEscape(part);
  }
  return out + url.substr(query);
}

// --- options ---------------------------------------------------------------------------------------

bool OptionTemplates::parse(const Json &options, std::initializer_list<const char *> names, std::string *error) {
  for (const char *name : names)
    if (options.contains(name) && !add(Json::json_pointer() / name, name, options[name], error)) return false;
  return true;
}

bool OptionTemplates::add(const Json::json_pointer &place, const std::string &name, const Json &value, std::string *error) {
  if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i)
      if (!add(place / i, name, value[i], error)) return false;
  } else if (value.is_object()) {
    for (auto item = value.begin(); item != value.end(); ++item)
      if (!add(place / item.key(), item.key(), *item, error)) return false;
  } else if (value.is_string() && value.get_ref<const std::string &>().find("{{") != std::string::npos) {
    auto text = EventTemplate::Parse(name, value.get<std::string>(), TemplateView::Event, error);
    if (!text) return false;
    places_.push_back({place, name, std::move(text)});
  }
  return true;
}

std::optional<SendFailure> OptionTemplates::render(const AlertEvent &event, Json *options) const {
  for (const Place &place : places_) {
    std::string text, error;
    if (!place.text->render(event, &text, &error))
      return SendFailure{"", error, {{std::string_view(place.name), place.text->text()}}};
    (*options)[place.at] = std::move(text);
  }
  return std::nullopt;
}

// --- tests -----------------------------------------------------------------------------------------

Level AlertLevelOf(std::string_view word) {
  for (Level level : {Level::Ok, Level::Info, Level::Warning, Level::Critical}) {
    std::string_view name = LevelName(level);
    if (name.size() == word.size() &&
        std::equal(name.begin(), name.end(), word.begin(), [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 32 : b); }))
      return level;
  }
  return Level::Ok;
}

AlertEvent TestEvent(std::string id, std::string message, std::string_view level) {
  AlertEvent event;
  event.id = std::move(id);
  event.message = std::move(message);
  event.level = AlertLevelOf(level);
  return event;
}

}  // namespace tick
