// tcp_handler.cpp - `.tcp('host:port')`: a connection an event; JSON and an empty line, then it is closed.
#include "runtime/alert/event_json.h"
#include "runtime/alert/local_handlers.h"
#include "runtime/alert/tcp_connection.h"

namespace tick {
namespace {

class TcpHandler final : public AlertHandler {
 public:
  TcpHandler(TcpOptions options, HandlerReport report) : options_(std::move(options)), report_(std::move(report)) {}

  void handle(const AlertEvent &event) override {
    std::string body;
    if (!AppendEventJson(&body, event))
      return report_("failed to marshal alert data json", NotFinite(event), {{"address", options_.address}});
    body += "\n\n";
    TcpConnection connection;
    std::string cause = connection.open(options_.address);
    if (!cause.empty()) return report_("tcp handler failed to connect", cause, {{"address", options_.address}});
    cause = connection.send(body);
    if (!cause.empty()) report_("failed to send alert data to tcp endpoint", cause, {{"address", options_.address}});
  }

 private:
  TcpOptions options_;
  HandlerReport report_;
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
