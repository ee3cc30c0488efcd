// email.cpp - mail to people: the message is the subject, the details are the body.
#include "runtime/net/smtp_client.h"

#include "runtime/alert/event_json.h"
#include "runtime/services/web.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

constexpr const char *kFailure = "failed to send email";

class EmailService final : public SectionService {
 public:
  using SectionService::SectionService;

  std::string configure(std::vector<Json> elements) override {
    Json config = elements.empty() ? Json::object() : elements.front();
    SmtpServer server{OptionText(config, "host"),     OptionInt(config, "port"),          OptionText(config, "username"),
                      OptionText(config, "password"), !OptionFlag(config, "no-verify"), OptionDuration(config, "idle-timeout")};
    auto client = std::make_shared<SmtpClient>(std::move(server), world().ending);
    {
      std::lock_guard lock(client_mutex_);
      client_ = std::move(client);
    }
    return SectionService::configure(std::move(elements));
  }

  // Options: to; to-field are further addresses, rendered, of which empty ones do not count.
  MailResult mail(const Json &options, MailMessage message) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    message.from = OptionText(*config, "from");
    message.to = OptionTexts(options, "to");
    for (std::string &address : OptionTexts(options, "to-field"))
      if (!address.empty()) message.to.push_back(std::move(address));
    if (message.to.empty()) message.to = OptionTexts(*config, "to");
    if (message.to.empty()) return {"not sending email, no recipients defined"};
    for (const std::string &address : message.to)
      if (MailAddress(address).empty()) return {"invalid to email address: " + GoQuote(address)};
    return client()->send(message);
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override;

  Json test_options() const override {
    auto config = element();
    const Json &to = OptionObject(*config, "to");
    return {{"to", to.empty() ? Json(nullptr) : to}, {"subject", "test subject"}, {"body", "test body"}};
  }
  std::string test(const Json &options) override {
    MailMessage message;
    message.subject = OptionText(options, "subject");
    message.body = OptionText(options, "body");
    return mail(options, std::move(message)).error;
  }

 private:
  std::shared_ptr<SmtpClient> client() const {
    std::lock_guard lock(client_mutex_);
    return client_;
  }
  mutable std::mutex client_mutex_;
  std::shared_ptr<SmtpClient> client_;
};

class EmailHandler final : public SendingHandler {
 public:
  EmailHandler(const EmailService &service, HandlerOrder order, OptionTemplates templates)
      : SendingHandler(std::move(order.report)), service_(service), options_(std::move(order.options)), templates_(std::move(templates)) {}

  std::optional<SendFailure> send(const AlertEvent &event) override {
    Json options = options_;
    if (std::optional<SendFailure> failure = templates_.render(event, &options)) {
      failure->message = "failed to evaluate email template";
      return failure;
    }
    MailMessage message;
    message.subject = event.message;
    message.body = event.details;
    if (event.dialect == 2) {
      message.content_type = "text/plain";
      message.body.clear();
      if (!AppendEventJson(&message.body, event)) return SendFailure{"failed to marshal alert data json", NotFinite(event)};
    }
    MailResult result = service_.mail(options, std::move(message));
    if (result.error.empty()) return std::nullopt;
    return SendFailure{result.error.starts_with("gomail") ? "error sending" : kFailure, std::move(result.error), {}, result.again};
  }

 private:
  const EmailService &service_;
  Json options_;
  OptionTemplates templates_;
};

std::unique_ptr<AlertHandler> EmailService::handler(HandlerOrder order, std::string *error) {
  OptionTemplates templates;
  // The section's templates hold where neither addresses nor templates are given.
  if (OptionTexts(order.options, "to").empty() && OptionTexts(order.options, "to-field").empty())
    if (auto config = element(); !OptionTexts(*config, "to-templates").empty()) order.options["to-field"] = (*config)["to-templates"];
  if (!templates.parse(order.options, {"to-field"}, error)) {
    *error = HandlerError(order, "failed to create email handler: ", *error);
    return nullptr;
  }
  return std::make_unique<EmailHandler>(*this, std::move(order), std::move(templates));
}

std::string CheckOne(const Json &element) {
  if (OptionText(element, "host").empty()) return "host cannot be empty";
  if (int64_t port = OptionInt(element, "port"); port <= 0 || port > 65535) return "invalid port " + std::to_string(port);
  if (OptionDuration(element, "idle-timeout") < 0) return "idle timeout must be positive";
  std::string from = OptionText(element, "from");
  if (from.empty()) return "must provide a 'from' address";
  if (MailAddress(from).empty()) return "invalid from email address: " + GoQuote(from);
  for (const std::string &to : OptionTexts(element, "to"))
    if (MailAddress(to).empty()) return "invalid to email address: " + GoQuote(to);
  return "";
}

std::string Check(const std::vector<Json> &elements) {
  for (const Json &element : elements)
    if (OptionFlag(element, "enabled"))
      if (std::string error = CheckOne(element); !error.empty()) return error;
  return "";
}

}  // namespace

extern const ServiceSpec kEmailService;
const ServiceSpec kEmailService{"smtp", "email", "smtp", "smtp", "smtp.HandlerConfig",
                                {{"to", OptionType::Texts, kOfCall},
                                 {"to", OptionType::Texts, "to"},
                                 {"to-field", OptionType::Texts, "toTemplates"}},
                                Check, MakeService<EmailService>};

}  // namespace tick
