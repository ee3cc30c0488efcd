// tcp_handler.cpp - `.tcp('host:port')`: a connection an event; JSON and an empty line, then it is closed.
#include "runtime/alert/event_json.h"
#include "runtime/alert/local_handlers.h"
#include "runtime/alert/tcp_connection.h"

namespace tick {
namespace {

class TcpHandler final : public SendingHandler {
 public:
  TcpHandler(TcpOptions options, HandlerReport report) : SendingHandler(std::move(report)), options_(std::move(options)) {}

  std::optional<SendFailure> send(const AlertEvent &event) override {
    std::string body;
    if (!AppendEventJson(&body, event)) return failure("failed to marshal alert data json", NotFinite(event), false);
    body += "\n\n";
    TcpConnection connection(options_.ending.get());
    std::string cause = connection.open(options_.address);
    if (!cause.empty()) return failure("tcp handler failed to connect", cause, true);
    cause = connection.send(body);
    if (!cause.empty()) return failure("failed to send alert data to tcp endpoint", cause, false);
    return std::nullopt;
  }

 private:
  SendFailure failure(const char *message, const std::string &cause, bool again) const {
    return {message, cause, {{"address", options_.address}}, again};
  }

  TcpOptions options_;
};

}  // namespace

std::unique_ptr<AlertHandler> MakeTcpHandler(TcpOptions options, HandlerReport report, std::string *error) {
  if (options.address.empty()) {
    *error = "failed to create tcp alert handler: address must not be empty";
    return nullptr;
  }
  return std::make_unique<TcpHandler>(std::move(options), std::move(report));
}

}  // namespace tick
