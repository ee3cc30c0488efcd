// alert_services.cpp - makes handlers of services and puts them behind queues.
#include "runtime/daemon/alert_services.h"

namespace tick {
namespace {

constexpr std::chrono::milliseconds kDrain{500};
constexpr int64_t kLeastQueue = 1000;  // a smaller [alert] topic-buffer-length means the default
constexpr int64_t kDefaultQueue = 5000;

DeliveryOptions DeliveryOf(const Config &config, const ServiceWorld &world) {
  DeliveryOptions options;
  int64_t bound = config.integer("alert", "topic-buffer-length");
  options.bound = static_cast<size_t>(bound < kLeastQueue ? kDefaultQueue : bound);
  options.retries = config.integer("alert", "retries");
  options.retry_delay_ns = config.duration_ns("alert", "retry-delay");
  options.dead_letters = config.text("alert", "dead-letters");
  if (options.dead_letters.empty()) options.dead_letters = config.text("", "data_dir") + "/dead-letters.log";
  options.ending = world.ending;
  return options;
}

ServiceWorld WorldOf(const Config &config, const Identity &identity, Log &log, Topics &topics) {
  std::string address = config.text("http", "bind-address");
  ServiceWorld world;
  world.hostname = identity.hostname;
  world.url = (config.flag("http", "https-enabled") ? "https://" : "http://") + identity.hostname + address.substr(std::min(address.rfind(':'), address.size()));
  world.topics = &topics;
  world.complain = [&log](std::string_view service, std::string_view message, std::string_view cause) {
    log.error(message, {{"service", std::string(service)}, {"err", std::string(cause)}});
  };
  return world;
}

HandlerReport Reporting(Log &log, Log::Pairs whose) {
  return [&log, whose](std::string_view message, std::string_view cause, std::vector<std::pair<std::string_view, std::string>> fields) {
    Log::Pairs pairs = whose;
    pairs.emplace_back("err", std::string(cause));
    for (auto &[key, value] : fields) pairs.emplace_back(std::string(key), std::move(value));
    log.error(message, pairs);
  };
}

}  // namespace

AlertServices::AlertServices(const Config &config, const Identity &identity, Log &log, Topics &topics, DeliveryJournal *journal)
    : log_(log), world_(WorldOf(config, identity, log, topics)), services_(world_),
      delivery_(Delivery::Make(DeliveryOf(config, world_), journal)) {
  services_.disable(config.text("", "disable-handlers"));
}

void AlertServices::close() { delivery_->close(kDrain); }

std::string AlertServices::configure(const Config &config) {
  for (const ServiceSpec *spec : ServiceSpecs()) {
    if (spec->section.empty()) continue;
    std::string error = services_.configure(spec->section, config.elements(spec->section));
    if (!error.empty()) return error;
  }
  return "";
}

// What Kapacitor does itself complains with all that names the node, services with the task only.
HandlerReport AlertServices::script_report(std::string_view service, std::string_view task, std::string_view node) const {
  Log::Pairs whose = {{"service", std::string(service)}};
  if (service == "kapacitor") whose.emplace_back("task_master", "main");
  whose.emplace_back("task", std::string(task));
  if (service == "kapacitor") whose.emplace_back("node", std::string(node));
  return Reporting(log_, std::move(whose));
}

HandlerReport AlertServices::topic_report(std::string_view service, const std::string &topic, const std::string &id) const {
  return Reporting(log_, {{"service", std::string(service)}, {"handler", id}, {"topic", topic}});
}

// The log handler writes at once, so that an event is in its file when the push returns; others may wait for a
// peer and get a queue.
std::unique_ptr<AlertHandler> AlertServices::of_script(std::string_view task, std::string_view node, const tick_property &call,
                                                       std::string *error) {
  const ServiceSpec *spec = FindServiceProperty(call.name);
  if (!spec) return *error = "alert handler " + std::string(call.name) + " is not built into this kapacitord", nullptr;
  if (services_.disabled(*spec, error)) return nullptr;
  HandlerOrder order;
  order.options = ScriptOptions(*spec, call);
  order.report = script_report(spec->log_name, task, node);
  HandlerReport report = order.report;
  std::string options = CompactJson(order.options);
  std::unique_ptr<AlertHandler> handler = services_.of(*spec).handler(std::move(order), error);
  if (!handler || spec->property == "log") return handler;
  Recipient whose = MakeRecipient("main:" + std::string(task) + ":" + std::string(node), call.name, options);
  return delivery_->queued(std::move(handler), std::move(whose), std::move(report));
}

std::unique_ptr<AlertHandler> AlertServices::of_topic(const std::string &topic, const std::string &id, const std::string &kind,
                                                      const Json &options, std::string *error) {
  const ServiceSpec *spec = FindServiceKind(kind);
  if (!spec) return *error = "unsupported action kind \"" + kind + "\"", nullptr;
  if (services_.disabled(*spec, error)) return nullptr;
  HandlerOrder order;
  if (!DecodeOptions(*spec, options, &order.options, error)) return nullptr;
  order.report = topic_report(spec->log_name, topic, id);
  order.topic = topic;
  order.id = id;
  HandlerReport report = order.report;
  std::unique_ptr<AlertHandler> handler = services_.of(*spec).handler(std::move(order), error);
  if (!handler) return nullptr;
  return delivery_->queued(std::move(handler), MakeRecipient(topic, id, kind + CompactJson(options)), std::move(report));
}

}  // namespace tick
