// services_test.cpp - failures and their words, secrets, changes of configuration, tests, and what is not HTTP.
#include <chrono>
#include <thread>

#include "test/unit/services/bench.h"

namespace tick {
namespace {

class ServicesTest : public ServiceBench {
 protected:
  // What one event makes a handler complain of.
  Complaint complaint_of(std::string_view kind, const std::string &config, const std::string &options = "{}", Level level = Level::Critical) {
    configure(kind, config);
    std::unique_ptr<AlertHandler> sender = handler(kind, options);
    complaints_.clear();
    if (sender) sender->handle(Event(level));
    if (complaints_.size() != 1) {
      ADD_FAILURE() << complaints_.size() << " complaints of " << kind;
      return {};
    }
    return complaints_[0];
  }
};

TEST_F(ServicesTest, RefusalsAreReportedInTheServicesWords) {
  receiver_.answer(500, R"({"error":"played","message":"told"})");
  EXPECT_EQ(complaint_of("slack", R"({"enabled":true,"default":true,"url":"@"})").cause, "played");
  EXPECT_EQ(complaint_of("alerta", R"({"enabled":true,"url":"@"})").cause, "told");
  EXPECT_EQ(complaint_of("opsgenie2", R"({"enabled":true,"url":"@","api-key":"k"})").cause, "opsgenie error: told");
  EXPECT_EQ(complaint_of("pagerduty2", R"({"enabled":true,"url":"@"})").cause, "Status: , Message: told Errors: []");
  EXPECT_EQ(complaint_of("telegram", R"({"enabled":true,"url":"@/bot","token":"t"})").cause, "sendMessage error (0) description: ");
  receiver_.answer(404, "no JSON");
  EXPECT_EQ(complaint_of("victorops", R"({"enabled":true,"url":"@"})").cause, "URL or API key not found: 404");
  EXPECT_EQ(complaint_of("talk", R"({"enabled":true,"url":"@"})").cause, "failed to understand Talk response. code: 404 content: no JSON");
  Complaint duty = complaint_of("pagerduty", R"({"enabled":true,"url":"@"})", "{}", Level::Info);
  EXPECT_EQ(duty.message, "failed to send event to PagerDuty");
  EXPECT_EQ(duty.cause, "AlertLevel 'info' is currently ignored by the PagerDuty service");
}

TEST_F(ServicesTest, PostTellsTheStatusAndTheBodyIfAsked) {
  receiver_.answer(500, "why");
  Complaint plain = complaint_of("post", "[]", R"({"url":"@"})");
  EXPECT_EQ(plain.message, "POST returned non 2xx status code");
  EXPECT_EQ(plain.cause, "unknown error, use .captureResponse() to capture the HTTP response");
  ASSERT_EQ(plain.fields.size(), 1u);
  EXPECT_EQ(plain.fields[0], (std::pair<std::string, std::string>("code", "500")));
  EXPECT_EQ(complaint_of("post", "[]", R"({"url":"@","capture-response":true})").cause, "why");
}

TEST_F(ServicesTest, ATimeoutEndsTheCall) {
  receiver_.answer(-1);
  auto start = std::chrono::steady_clock::now();
  Complaint late = complaint_of("post", "[]", R"({"url":"@","timeout":200000000})");
  EXPECT_EQ(late.message, "failed to POST alert data");
  EXPECT_FALSE(late.cause.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST_F(ServicesTest, ErrorsHoldNoSecret) {
  for (auto [kind, config] : {std::pair{"slack", R"({"enabled":true,"default":true,"url":"http://127.0.0.1:1/SECRET","token":"SECRET"})"},
                              {"telegram", R"({"enabled":true,"url":"http://127.0.0.1:1/bot","token":"SECRET"})"},
                              {"hipchat", R"({"enabled":true,"url":"http://127.0.0.1:1","room":"r","token":"SECRET"})"},
                              {"victorops", R"({"enabled":true,"url":"http://127.0.0.1:1","api-key":"SECRET"})"},
                              {"discord", R"({"enabled":true,"default":true,"url":"http://127.0.0.1:1/SECRET"})"},
                              {"teams", R"({"enabled":true,"channel-url":"http://127.0.0.1:1/SECRET"})"},
                              {"servicenow", R"({"enabled":true,"url":"http://me:SECRET\u0040127.0.0.1:1/x","username":"me","password":"SECRET"})"},
                              {"pushover", R"({"enabled":true,"url":"http://127.0.0.1:1/p","token":"SECRET","user-key":"SECRET"})"}}) {
    Complaint told = complaint_of(kind, config);
    EXPECT_EQ(told.cause.find("SECRET"), std::string::npos) << told.cause;
    EXPECT_NE(told.cause.find("127.0.0.1:1"), std::string::npos) << told.cause;
    EXPECT_NE(told.cause.find("connection refused"), std::string::npos) << told.cause;
  }
}

TEST_F(ServicesTest, AHandlerUsesTheNewestConfiguration) {
  configure("talk", R"({"enabled":false,"url":"@/a"})");
  std::unique_ptr<AlertHandler> talk = handler("talk");
  talk->handle(Event());
  ASSERT_EQ(complaints_.size(), 1u);
  EXPECT_EQ(complaints_[0].cause, "service is not enabled");
  configure("talk", R"({"enabled":true,"url":"@/b"})");
  talk->handle(Event());
  EXPECT_EQ(sent().target, "/b");
  EXPECT_EQ(complaints_.size(), 1u);
}

TEST_F(ServicesTest, ConfigurationThatDoesNotHoldChangesNothing) {
  configure("talk", R"({"enabled":true,"url":"@/a"})");
  EXPECT_EQ(set_.configure("talk", {parse(R"({"enabled":true,"url":""})")}), "talk: must specify url");
  EXPECT_EQ(set_.configure("slack", {parse(R"({"enabled":true,"default":true,"url":"http://%zz"})")}),
            "slack: invalid url \"http://%zz\": parse \"http://%zz\": invalid URL escape \"%zz\"");
  EXPECT_EQ(set_.configure("slack", {parse(R"({"enabled":true,"url":"@"})")}), "slack: at least one Slack config must be set as default");
  EXPECT_EQ(set_.configure("slack", {parse(R"({"enabled":false,"url":""})")}), "");
  EXPECT_EQ(set_.configure("httppost", {parse(R"({"endpoint":"e","url":"@","alert-template":"{{ .ID"})")}),
            "httppost: failed to get alert-template for endpoint \"e\": failed to parse template: template: body:1: unclosed action");
  std::unique_ptr<AlertHandler> talk = handler("talk");
  talk->handle(Event());
  EXPECT_EQ(sent().target, "/a");
}

TEST_F(ServicesTest, TemplatesThatDoNotParseAreRefused) {
  std::string error;
  EXPECT_EQ(handler("alerta", R"({"resource":"{{ .Name"})", &error), nullptr);
  EXPECT_EQ(error, "template: resource:1: unclosed action");
  EXPECT_EQ(handler("sensu", R"({"source":"{{ .Name"})", &error), nullptr);
  EXPECT_EQ(error, "template: source:1: unclosed action");
  EXPECT_EQ(handler("post", "{}", &error), nullptr);
  EXPECT_EQ(error, "Either URL or endpoint must be non-empty");
  EXPECT_EQ(handler("aggregate", R"({"id":"a","interval":1,"topic":"t","message":"{{ .Nope }}"})", &error), nullptr);
  EXPECT_EQ(error, "failed to evaluate message template with aggregate message data: template: message:1:3: executing \"message\" at <.Nope>: "
                   "can't evaluate field Nope in type alert.aggregateMessageData");
}

TEST_F(ServicesTest, TemplatesThatFailOnAnEventAreReported) {
  Complaint told = complaint_of("alerta", R"({"enabled":true,"url":"@"})", R"({"resource":"{{ .Nope }}"})");
  EXPECT_EQ(told.message, "failed to evaluate Alerta template");
  EXPECT_EQ(told.cause, "template: resource:1:3: executing \"resource\" at <.Nope>: can't evaluate field Nope in type alert.TemplateData");
  ASSERT_EQ(told.fields.size(), 1u);
  EXPECT_EQ(told.fields[0].second, "{{ .Nope }}");
}

TEST_F(ServicesTest, SensuTakesOneDocumentAndAnswersOk) {
  receiver_.answer_raw("ok");
  configure("sensu", R"({"enabled":true,"addr":")" + receiver_.address() + R"(","source":"Kapacitor","handlers":["c"]})");
  std::unique_ptr<AlertHandler> sensu = handler("sensu", R"({"metadata":{"k":5,"name":"not mine"}})");
  AlertEvent event = Event();
  event.id = "cpu-a";
  sensu->handle(event);
  EXPECT_EQ(sent().body, R"({"handlers":["c"],"k":5,"name":"cpu-a","output":"a is CRITICAL \u0026 \u003c85.5\u003e","source":"Kapacitor","status":2})"
                         "\n");
  EXPECT_TRUE(complaints_.empty());
  sensu->handle(Event());
  ASSERT_EQ(complaints_.size(), 1u);
  EXPECT_EQ(complaints_[0].cause, "invalid name \"cpu:host=a\" for sensu alert. Must match ^[\\w\\.-]+$");
  receiver_.answer_raw("invalid");
  sensu->handle(event);
  ASSERT_EQ(complaints_.size(), 2u);
  EXPECT_EQ(complaints_[1].cause, "sensu socket error: invalid");
}

TEST_F(ServicesTest, GlobalServicesAreOfEveryAlertNode) {
  bool changes_only = true;
  EXPECT_TRUE(set_.global_properties(false, &changes_only).empty());
  EXPECT_FALSE(changes_only);
  configure("telegram", R"({"enabled":true,"url":"@","token":"t","global":true,"state-changes-only":true})");
  configure("hipchat", R"({"enabled":true,"url":"@","global":true})");
  configure("talk", R"({"enabled":true,"url":"@"})");
  EXPECT_EQ(set_.global_properties(false, &changes_only), (std::vector<std::string>{"hipChat", "telegram"}));
  EXPECT_TRUE(changes_only);
  EXPECT_EQ(set_.global_properties(true, &changes_only), std::vector<std::string>{"hipChat"});
  EXPECT_TRUE(changes_only);
}

TEST_F(ServicesTest, TheOldDialectHasItsOwnPayloads) {
  configure("slack", R"({"enabled":true,"default":true,"url":"@","channel":"#c"})");
  AlertEvent event = Event(Level::Info);
  event.dialect = 2;
  handler("slack")->handle(event);
  EXPECT_EQ(Json::parse(sent().body), Json::parse(R"({"attachments":[{"fallback":"a is INFO & <85.5>","color":"good","text":"a is INFO & <85.5>"}],"channel":"#c","text":"","username":"kapacitor"})"));
  configure("pagerduty", R"({"enabled":true,"url":"@","service-key":"k"})");
  handler("pagerduty")->handle(event);
  Json duty = Json::parse(sent().body);
  EXPECT_EQ(duty["event_type"], "trigger");
  EXPECT_FALSE(duty.contains("incident_key"));
  EXPECT_EQ(Json::parse(duty["details"].get<std::string>())["Err"], nullptr);
  configure("victorops", R"({"enabled":true,"url":"@/v","api-key":"k","routing-key":"r"})");
  handler("victorops")->handle(event);
  EXPECT_EQ(Json::parse(sent().body)["entity_display_name"], "a is INFO & <85.5>");
}

TEST_F(ServicesTest, TestsSendWhatTheirOptionsSay) {
  configure("telegram", R"({"enabled":true,"url":"@/bot","token":"t","chat-id":"7"})");
  Service &telegram = set_.of(Spec("telegram"));
  Json options = telegram.test_options();
  EXPECT_EQ(options.dump(), R"({"chat-id":"7","parse-mode":"","message":"test telegram message","disable-web-page-preview":false,"disable-notification":false})");
  options["message"] = "m";
  EXPECT_EQ(telegram.test(options), "");
  EXPECT_EQ(sent().body, "{\"chat_id\":\"7\",\"text\":\"m\"}\n");
  receiver_.answer(500, R"({"error":"played"})");
  configure("slack", R"({"enabled":true,"default":true,"url":"@","channel":"#c"})");
  Service &slack = set_.of(Spec("slack"));
  EXPECT_EQ(slack.test(slack.test_options()), "played");
  for (const ServiceSpec *spec : ServiceSpecs())
    if (spec->tested) {
      EXPECT_TRUE(set_.of(*spec).test_options().is_object()) << spec->section;
    }
}

TEST_F(ServicesTest, AggregateJoinsTheEventsOfAnInterval) {
  class Collected final : public AlertHandler {
   public:
    void handle(const AlertEvent &event) override {
      std::lock_guard lock(mutex);
      events.push_back(event);
      came.notify_all();
    }
    std::mutex mutex;
    std::condition_variable came;
    std::vector<AlertEvent> events;
  };
  auto collected = std::make_shared<Collected>();
  topics_.add_handler("sums", "c", collected);
  std::unique_ptr<AlertHandler> aggregate = handler("aggregate", R"({"id":"sum","interval":300000000,"topic":"sums"})");
  aggregate->handle(Event(Level::Critical));
  aggregate->handle(Event(Level::Ok));
  std::unique_lock lock(collected->mutex);
  ASSERT_TRUE(collected->came.wait_for(lock, std::chrono::seconds(20), [&] { return !collected->events.empty(); }));
  const AlertEvent &sum = collected->events[0];
  EXPECT_EQ(sum.id, "sum");
  EXPECT_EQ(sum.message, "Received 2 events in the last 300ms.");
  EXPECT_EQ(sum.details, "a is CRITICAL & <85.5>\na is OK & <85.5>");
  EXPECT_EQ(sum.level, Level::Critical);
  EXPECT_EQ(sum.data.size(), 2u);
  EXPECT_TRUE(sum.tags.empty());
}

}  // namespace
}  // namespace tick
