// httppost.cpp - endpoints of the configuration, and the service test of httppost.
#include "runtime/services/httppost.h"

#include <strings.h>

#include <fstream>
#include <sstream>

#include "runtime/text/utf8.h"

namespace tick {
namespace {

// What an event without anything looks like; its time is before all times that fit an event.
constexpr std::string_view kEmptyEvent =
    R"({"id":"","message":"","details":"","time":"0001-01-01T00:00:00Z","duration":0,"level":"OK","data":{"series":null},"previousLevel":"OK","recoverable":false})";

// The text of `alert-template` or of the file `alert-template-file` names.
bool TemplateText(const Json &element, const std::string &option, std::string *text, std::string *error) {
  *text = OptionText(element, option);
  std::string path = OptionText(element, option + "-file");
  if (path.empty()) return true;
  std::ifstream file(path, std::ios::binary);
  if (!file) return *error = "failed to read template file " + GoQuote(path) + ": no such file or directory", false;
  std::ostringstream all;
  all << file.rdbuf();
  *text = all.str();
  return true;
}

std::string Check(const std::vector<Json> &elements) {
  for (const Json &element : elements) {
    if (OptionText(element, "endpoint").empty()) return "must specify endpoint name";
    if (OptionText(element, "url").empty()) return "must specify url";
    for (const char *option : {"alert-template", "row-template"}) {
      std::string file = OptionText(element, std::string(option) + "-file");
      if (!file.empty() && !OptionText(element, option).empty()) return std::string("must specify only one of ") + option + " and " + option + "-file";
      if (!file.empty() && file[0] != '/') return std::string("must use an absolute path for ") + option + "-file";
    }
  }
  return "";
}

}  // namespace

bool HeaderOrder::operator()(const std::string &a, const std::string &b) const { return strcasecmp(a.c_str(), b.c_str()) < 0; }

std::unique_ptr<RowText> RowText::Parse(std::string_view name, std::string_view text, std::string *error) {
  auto made = std::make_unique<RowText>();
  made->text_ = text;
  if (text.find("{{") == std::string_view::npos) return made;
  made->template_ = tmpl::Template::Parse(name, text, tmpl::Mode::TextJson, error);
  return made->template_ ? std::move(made) : nullptr;
}

bool RowText::render(const RowTemplateView &row, std::string *out, std::string *error) const {
  if (template_) return template_->execute(row.datum(), out, error);
  *out += text_;
  return true;
}

std::shared_ptr<const PostEndpoint> PostEndpoint::OfUrl(const std::string &url, std::string *error) {
  auto made = std::make_shared<PostEndpoint>();
  made->url = EventTemplate::Parse("url", url, TemplateView::AlertData, error);
  made->row_url = RowText::Parse("url", url, error);
  return made->url && made->row_url ? made : nullptr;
}

std::shared_ptr<const PostEndpoint> PostEndpoint::Of(const Json &element, std::string *error) {
  auto made = std::make_shared<PostEndpoint>();
  std::string name = GoQuote(OptionText(element, "endpoint")), url = OptionText(element, "url"), text, why;
  auto fail = [&](const char *what, const char *doing) {
    *error = std::string("failed to get ") + what + " for endpoint " + name + ": " + doing + why;
    return nullptr;
  };
  made->url = EventTemplate::Parse("url", url, TemplateView::AlertData, &why);
  made->row_url = RowText::Parse("url", url, &why);
  if (!made->url || !made->row_url) return fail("url-template", "failed to parse template: ");
  if (!TemplateText(element, "alert-template", &text, &why)) return fail("alert-template", "");
  if (!text.empty() && !(made->alert = EventTemplate::Parse("body", text, TemplateView::AlertData, &why)))
    return fail("alert-template", "failed to parse template: ");
  if (!TemplateText(element, "row-template", &text, &why)) return fail("row-template", "");
  if (!text.empty() && !(made->row = RowText::Parse("body", text, &why))) return fail("row-template", "failed to parse template: ");
  const Json &headers = OptionObject(element, "headers");
  for (auto item = headers.begin(); item != headers.end(); ++item) made->headers[item.key()] = OptionText(headers, item.key());
  const Json &login = OptionObject(element, "basic-auth");
  made->user = OptionText(login, "username");
  made->password = OptionText(login, "password");
  made->secret = true;
  return made;
}

HttpPostService::HttpPostService(const ServiceWorld &world) : SectionService(world) {}

std::string HttpPostService::configure(std::vector<Json> elements) {
  std::map<std::string, std::shared_ptr<const PostEndpoint>> endpoints;
  std::string error;
  for (const Json &element : elements) {
    std::shared_ptr<const PostEndpoint> endpoint = PostEndpoint::Of(element, &error);
    if (!endpoint) return error;
    endpoints[OptionText(element, "endpoint")] = std::move(endpoint);
  }
  {
    std::lock_guard lock(mutex_);
    endpoints_ = std::move(endpoints);
  }
  return SectionService::configure(std::move(elements));
}

std::shared_ptr<const PostEndpoint> HttpPostService::endpoint(const std::string &name) const {
  std::lock_guard lock(mutex_);
  auto found = endpoints_.find(name);
  return found == endpoints_.end() ? nullptr : found->second;
}

Json HttpPostService::test_options() const {
  Json headers = Json::object();
  headers["Auth"] = "secret";
  return {{"endpoint", "example"}, {"url", "http://localhost:3000/"}, {"headers", headers}, {"timeout", 0}};
}

std::string HttpPostService::test(const Json &options) {
  WebCall call{.url = OptionText(options, "url"), .body = std::string(kEmptyEvent) + "\n", .timeout_ns = OptionDuration(options, "timeout")};
  const Json &headers = OptionObject(options, "headers");
  for (auto item = headers.begin(); item != headers.end(); ++item) call.headers.emplace_back(item.key(), OptionText(headers, item.key()));
  HttpAnswer answer = PostWeb(world(), call);
  if (!answer.error.empty()) return answer.error;
  return answer.status / 100 == 2 ? "" : "POST returned non 2xx status code: " + std::to_string(answer.status);
}

extern const ServiceSpec kHttpPostService;
const ServiceSpec kHttpPostService{"httppost", "post", "post", "httppost", "httppost.HandlerConfig",
                                   {{"url", OptionType::Text, kOfCall},
                                    {"endpoint", OptionType::Text, "endpoint"},
                                    {"headers", OptionType::TextMap, "header"},
                                    {"capture-response", OptionType::Flag, "captureResponse"},
                                    {"timeout", OptionType::Duration, "timeout"},
                                    {"skip-ssl-verification", OptionType::Flag, ""}},
                                   Check, MakeService<HttpPostService>};

}  // namespace tick
