// post_handler.cpp - `.post('url')`: an event as JSON, or as its endpoint's template makes it.
#include "runtime/alert/event_json.h"
#include "runtime/services/httppost.h"

namespace tick {
namespace {

constexpr const char *kNotCaptured = "unknown error, use .captureResponse() to capture the HTTP response";

class PostHandler final : public SendingHandler {
 public:
  PostHandler(const HttpPostService &service, HandlerOrder order, std::shared_ptr<const PostEndpoint> url)
      : SendingHandler(std::move(order.report)), service_(service), options_(std::move(order.options)), url_(std::move(url)) {}

  std::optional<SendFailure> send(const AlertEvent &event) override {
    // The configured endpoint of that name, else the URL.
    std::shared_ptr<const PostEndpoint> endpoint = service_.endpoint(OptionText(options_, "endpoint"));
    if (!endpoint) endpoint = url_;
    WebCall call{.content_type = "", .user = endpoint->user, .password = endpoint->password, .timeout_ns = OptionInt(options_, "timeout")};
    call.secret_url = endpoint->secret;
    call.tls.insecure = OptionFlag(options_, "skip-ssl-verification");
    if (std::optional<SendFailure> failure = compose(*endpoint, event, &call)) return failure;
    HttpAnswer answer = PostWeb(service_.world(), call);
    if (event.dialect == 2 && answer.error.empty()) return std::nullopt;  // Kapacitor 0.2 looks at no answer
    if (!answer.error.empty()) return SendFailure{"failed to POST alert data", answer.error, {}, MayTryAgain(answer)};
    if (answer.status / 100 == 2) return std::nullopt;
    return SendFailure{"POST returned non 2xx status code", OptionFlag(options_, "capture-response") ? answer.body : kNotCaptured,
                       {{"code", std::to_string(answer.status)}}, MayTryAgain(answer)};
  }

 private:
  std::optional<SendFailure> compose(const PostEndpoint &endpoint, const AlertEvent &event, WebCall *call) const {
    std::string error;
    if (!endpoint.url->render(event, &call->url, &error)) return SendFailure{"failed to evaluate URL template", error};
    Headers headers = endpoint.headers;
    const Json &given = OptionObject(options_, "headers");
    for (auto item = given.begin(); item != given.end(); ++item) headers[item.key()] = OptionText(given, item.key());
    if (endpoint.alert) {
      if (!endpoint.alert->render(event, &call->body, &error)) return SendFailure{"failed to execute alert template", error};
    } else {
      if (!AppendEventJson(&call->body, event)) return SendFailure{"failed to marshal alert data json", NotFinite(event)};
      if (event.dialect != 2) call->body += '\n';
      headers["Content-Type"] = "application/json";
    }
    call->headers.assign(headers.begin(), headers.end());
    return std::nullopt;
  }

  const HttpPostService &service_;
  Json options_;
  std::shared_ptr<const PostEndpoint> url_;
};

}  // namespace

std::unique_ptr<AlertHandler> HttpPostService::handler(HandlerOrder order, std::string *error) {
  std::string url = OptionText(order.options, "url");
  if (url.empty() && OptionText(order.options, "endpoint").empty()) {
    *error = HandlerError(order, "failed to create post handler: ", "Either URL or endpoint must be non-empty");
    return nullptr;
  }
  std::shared_ptr<const PostEndpoint> fallback = PostEndpoint::OfUrl(url, error);
  if (!fallback) {
    *error = HandlerError(order, "failed to create post handler: ", *error);
    return nullptr;
  }
  return std::make_unique<PostHandler>(*this, std::move(order), std::move(fallback));
}

}  // namespace tick
