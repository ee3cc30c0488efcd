// topic_handlers.cpp - makes and keeps the handlers of topics.
#include "runtime/daemon/topic_handlers.h"

#include "runtime/daemon/match.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

// Tells the inner handler of the events that match.
class MatchingHandler final : public AlertHandler {
 public:
  MatchingHandler(std::unique_ptr<Match> match, std::unique_ptr<AlertHandler> inner, HandlerReport report)
      : match_(std::move(match)), inner_(std::move(inner)), report_(std::move(report)) {}
  void handle(const AlertEvent &event) override {
    std::string error;
    if (match_->accepts(event, &error)) inner_->handle(event);
    else if (!error.empty()) report_("failed to evaluate match expression", error, {});
  }
  void flush() override { inner_->flush(); }

 private:
  std::unique_ptr<Match> match_;
  std::unique_ptr<AlertHandler> inner_;
  HandlerReport report_;
};

std::string KeyOf(const std::string &topic, const std::string &id) { return topic + "\n" + id; }

Json StoredJson(const HandlerSpec &spec) {
  return {{"id", spec.id}, {"topic", spec.topic}, {"kind", spec.kind}, {"options", spec.options}, {"match", spec.match}};
}

}  // namespace

Refusal ReadHandlerSpec(const std::string &topic, const Json &body, HandlerSpec *spec) {
  auto text = [&](const char *key) {
    const Json *value = Member(body, key);
    return value && value->is_string() ? value->get<std::string>() : "";
  };
  spec->topic = topic;
  spec->id = text("id");
  spec->kind = text("kind");
  spec->match = text("match");
  const Json *options = Member(body, "options");
  spec->options = options ? *options : Json(nullptr);
  std::string plain_topic = topic;
  std::erase(plain_topic, ':');
  const std::string only = " must contain only letters, numbers, '-', '.' and '_'. " + GoQuote(spec->id);
  if (!ValidId(plain_topic)) return {400, "invalid handler spec: handler topic" + only, nullptr};
  if (!ValidId(spec->id)) return {400, "invalid handler spec: handler ID" + only, nullptr};
  if (spec->kind.empty()) return {400, "invalid handler spec: handler Kind must not be empty", nullptr};
  return {};
}

TopicHandlers::TopicHandlers(Store &store, Topics &topics, DaemonServices &services, CodeSource &code, Log &log)
    : store_(store), topics_(topics), services_(services), code_(code), log_(log) {}

std::shared_ptr<AlertHandler> TopicHandlers::make(const HandlerSpec &spec, std::string *error) {
  std::unique_ptr<AlertHandler> handler = services_.alerts().of_topic(spec.topic, spec.id, spec.kind, spec.options, error);
  if (!handler || spec.match.empty()) return handler;
  std::unique_ptr<Match> match = Match::Make(spec.match, code_, error);
  if (!match) return *error = "invalid match expression: " + *error, nullptr;
  return std::make_shared<MatchingHandler>(std::move(match), std::move(handler), services_.alerts().topic_report("alert", spec.topic, spec.id));
}

// Makes the handler and puts it in the place of one of the same id.
Refusal TopicHandlers::install(const HandlerSpec &spec, const char *doing) {
  std::string error;
  std::shared_ptr<AlertHandler> handler = make(spec, &error);
  if (!handler) return {500, std::string(doing) + error, nullptr};
  error = store_.put("handler", KeyOf(spec.topic, spec.id), CompactJson(StoredJson(spec)));
  if (!error.empty()) return {500, std::string(doing) + error, nullptr};
  std::lock_guard lock(mutex_);
  topics_.open(spec.topic);
  topics_.remove_handler(spec.topic, spec.id);
  topics_.add_handler(spec.topic, spec.id, std::move(handler));
  specs_[{spec.topic, spec.id}] = spec;
  return {};
}

void TopicHandlers::open() {
  for (const auto &[key, text] : store_.list("handler")) {
    Json stored = Json::parse(text, nullptr, false);
    HandlerSpec spec;
    if (!stored.is_object() || ReadHandlerSpec(stored.value("topic", ""), stored, &spec)) continue;
    if (Refusal refusal = install(spec, ""))
      log_.error("failed to start handler", {{"service", "alert"}, {"topic", spec.topic}, {"handler", spec.id}, {"err", refusal.text}});
  }
}

Refusal TopicHandlers::create(HandlerSpec spec) {
  constexpr const char *kDoing = "failed to create handler: ";
  if (find(spec.topic, spec.id))
    return {500, std::string(kDoing) + "cannot register handler, handler with ID \"" + spec.id + "\" already exists", nullptr};
  return install(spec, kDoing);
}

Refusal TopicHandlers::replace(const std::string &topic, const std::string &id, HandlerSpec spec) {
  if (!find(topic, id)) return {404, "unknown handler: \"" + id + "\"", nullptr};
  if (Refusal refusal = install(spec, "failed to update handler: ")) return refusal;
  if (spec.id != id) remove(topic, id);
  return {};
}

Refusal TopicHandlers::patch(const std::string &topic, const std::string &id, const std::string &patch, HandlerSpec *changed) {
  std::optional<HandlerSpec> stored = find(topic, id);
  if (!stored) return {404, "unknown handler: \"" + id + "\"", nullptr};
  nlohmann::json list = nlohmann::json::parse(patch, nullptr, false), object = StoredJson(*stored);
  if (list.is_discarded() || !list.is_array()) return {400, "invalid patch json: it must be a list of operations", nullptr};
  try {
    object = object.patch(list);
  } catch (const nlohmann::json::exception &error) {
    return {400, "failed to apply patch: " + std::string(error.what()), nullptr};
  }
  if (object.value("topic", "") != topic) return {500, "failed to update handler: cannot change topic in update", nullptr};
  if (Refusal refusal = ReadHandlerSpec(topic, Json(object), changed)) return refusal;
  return replace(topic, id, *changed);
}

void TopicHandlers::remove(const std::string &topic, const std::string &id) {
  store_.erase("handler", KeyOf(topic, id));
  std::lock_guard lock(mutex_);
  topics_.remove_handler(topic, id);
  specs_.erase({topic, id});
}

std::optional<HandlerSpec> TopicHandlers::find(const std::string &topic, const std::string &id) const {
  std::lock_guard lock(mutex_);
  auto found = specs_.find({topic, id});
  if (found == specs_.end()) return std::nullopt;
  return found->second;
}

std::vector<HandlerSpec> TopicHandlers::list(const std::string &topic) const {
  std::lock_guard lock(mutex_);
  std::vector<HandlerSpec> all;
  for (const auto &[key, spec] : specs_)
    if (key.first == topic) all.push_back(spec);
  return all;
}

}  // namespace tick
