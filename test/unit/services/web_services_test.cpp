// web_services_test.cpp - the request of each service: method, path, headers, body.
#include "test/unit/services/bench.h"

namespace tick {
namespace {

struct Expected {
  const char *name, *kind;
  const char *config;   // elements of the section; @ is the receiver
  const char *options;
  Level level;
  const char *target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;     // JSON is compared as such, other text as it is
};

std::string Quoted(const std::string &text) { return Json(text).dump(); }
const std::string kCritical = R"("a is CRITICAL & <85.5>")", kOk = R"("a is OK & <85.5>")";

const Expected kExpected[] = {
    {"slack", "slack", R"({"enabled":true,"default":true,"workspace":"w","url":"@/slack","token":"t","channel":"#ops","username":"bot"})",
     R"({"icon-emoji":":x:"})", Level::Critical, "/slack", {{"content-type", "application/json"}, {"authorization", "Bearer t"}},
     R"({"attachments":[{"fallback":)" + kCritical + R"(,"color":"danger","text":)" + kCritical +
         R"(,"mrkdwn_in":["text"]}],"channel":"#ops","icon_emoji":":x:","text":"","username":"bot"})"},
    {"slack_of_a_workspace", "slack",
     R"([{"enabled":true,"default":true,"workspace":"w","url":"@/w"},{"enabled":true,"workspace":"v","url":"@/v","channel":"#v"}])",
     R"({"workspace":"v","Username":"u"})", Level::Ok, "/v", {},
     R"({"attachments":[{"fallback":)" + kOk + R"(,"color":"good","text":)" + kOk +
         R"(,"mrkdwn_in":["text"]}],"channel":"#v","icon_emoji":"","text":"","username":"u"})"},
    {"hipchat", "hipchat", R"({"enabled":true,"url":"@/hip","room":"ops","token":"a b"})", R"({"room":"war room"})", Level::Warning,
     "/hip/war%20room/notification?auth_token=a+b", {}, R"({"color":"yellow","from":"kapacitor","message":"a is WARNING & <85.5>","notify":true})"},
    {"telegram", "telegram", R"({"enabled":true,"url":"@/bot","token":"1:x","chat-id":"7","disable-notification":true})",
     R"({"parse-mode":"HTML"})", Level::Critical, "/bot1:x/sendMessage", {},
     R"({"chat_id":"7","disable_notification":true,"parse_mode":"HTML","text":)" + kCritical + "}"},
    {"talk", "talk", R"({"enabled":true,"url":"@/talk","author_name":"K"})", "{}", Level::Ok, "/talk", {},
     R"({"authorName":"K","text":)" + kOk + R"(,"title":"cpu:host=a"})"},
    {"pushover", "pushover", R"({"enabled":true,"url":"@/push","token":"t","user-key":"u"})", R"({"sound":"siren","url":"http://x/?a=1&b"})",
     Level::Critical, "/push", {{"content-type", "application/x-www-form-urlencoded"}},
     "message=a+is+CRITICAL+%26+%3C85.5%3E&priority=1&sound=siren&token=t&url=http%3A%2F%2Fx%2F%3Fa%3D1%26b&user=u"},
    {"teams", "teams", R"({"enabled":true,"channel-url":"@/teams"})", "{}", Level::Critical, "/teams", {},
     R"({"@type":"MessageCard","@context":"http://schema.org/extensions","title":"CRITICAL: [cpu:host=a]","text":)" + kCritical +
         R"(,"summary":"CRITICAL: [cpu:host=a] - a is CRITICAL & <85.5>...","themeColor":"CC4A31"})"},
    {"discord", "discord", R"({"enabled":true,"default":true,"workspace":"w","url":"@/d","timestamp":true,"username":"bot"})",
     R"({"embed-title":"{{ .TaskName }} {{ index .Tags \"host\" }}"})", Level::Critical, "/d", {},
     R"({"avatar_url":"","embeds":[{"color":16342867,"title":"watch a","description":)" + kCritical +
         R"(,"timestamp":"2015-12-13T09:46:50Z"}],"username":"bot"})"},
    {"pagerduty", "pagerduty", R"({"enabled":true,"url":"@/pd","service-key":"k"})", "{}", Level::Ok, "/pd", {},
     R"({"client":"kapacitor","client_url":"http://kapacitor:9092/kapacitor/v1","description":)" + kOk +
         R"(,"details":"<b>a</b> is &lt;high&gt;","event_type":"resolve","incident_key":"cpu:host=a","service_key":"k"})"},
    {"pagerduty2", "pagerduty2", R"({"enabled":true,"url":"@/pd2","routing-key":"k"})",
     R"({"routing-key":"r","links":[{"href":"http://x/{{ index .Tags \"host\" }}"}]})", Level::Critical, "/pd2",
     {{"accept", "application/vnd.pagerduty+json;version=2"}},
     R"({"routing_key":"r","event_action":"trigger","dedup_key":"cpu:host=a","payload":{"summary":)" + kCritical +
         R"(,"source":"a","severity":"critical","timestamp":"2015-12-13T09:46:50.000000000Z","class":"watch","component":"","group":"","custom_details":{"result":)" +
         kEventData + R"(}},"images":null,"links":[{"href":"http://x/a","text":"http://x/a"}],"client":"kapacitor","client_url":"http://kapacitor:9092/kapacitor/v1"})"},
    {"victorops", "victorops", R"({"enabled":true,"url":"@/vo","api-key":"k","routing-key":"r"})", "{}", Level::Ok, "/vo/k/r", {},
     R"({"data":)" + Quoted(kEventData) + R"(,"entity_id":"cpu:host=a","message_type":"RECOVERY","monitoring_tool":"kapacitor","state_message":)" + kOk +
         R"(,"timestamp":1450000010})"},
    {"victorops_data_as_json", "victorops", R"({"enabled":true,"url":"@/vo","api-key":"k","json-data":true})", R"({"routing-key":"a b"})", Level::Critical,
     "/vo/k/a%20b", {},
     R"({"data":)" + std::string(kEventData) + R"(,"entity_id":"cpu:host=a","message_type":"CRITICAL","monitoring_tool":"kapacitor","state_message":)" + kCritical +
         R"(,"timestamp":1450000010})"},
    {"opsgenie", "opsgenie", R"({"enabled":true,"url":"@/og","recovery_url":"@/og/note","api-key":"k","teams":["t"],"recipients":["x"]})",
     R"({"teams-list":["u","v"]})", Level::Ok, "/og/note/", {},
     R"({"alias":"cpu:host=a","apiKey":"k","description":)" + Quoted(kEventData) +
         R"(,"details":{"Level":"RECOVERY","Monitoring Tool":"Kapacitor"},"entity":"cpu:host=a","message":)" + kOk +
         R"(,"monitoring_tool":"kapacitor","note":)" + kOk + R"(,"recipients":["x"],"teams":["u","v"]})"},
    {"opsgenie2", "opsgenie2", R"({"enabled":true,"url":"@/og2","api-key":"k","teams":["t"],"recipients":["x"],"details":true})", "{}", Level::Critical,
     "/og2", {{"authorization", "GenieKey k"}},
     R"({"alias":"Y3B1Omhvc3Q9YQ==","description":"<b>a</b> is &lt;high&gt;","details":{"Kapacitor Task Name":"cpu","Level":"CRITICAL","Monitoring Tool":"Kapacitor","host":"a"},"entity":"cpu:host=a","message":)" +
         kCritical + R"(,"note":"","priority":"P1","responders":[{"name":"t","type":"team"},{"type":"user","username":"x"}]})"},
    {"opsgenie2_recovery", "opsgenie2", R"({"enabled":true,"url":"@/og2","api-key":"k","recovery_action":"notes"})", R"({"recovery_action":"close"})",
     Level::Ok, "/og2/Y3B1Omhvc3Q9YQ==/close?identifierType=alias", {}, R"({"note":)" + kOk + "}"},
    {"alerta", "alerta", R"({"enabled":true,"url":"@/al","token":"t","environment":"Prod","origin":"o"})",
     R"({"value":"{{ index .Fields \"value\" }}","attributes":{"n":5,"task":"{{ .TaskName }}"},"timeout":60000000000})", Level::Critical, "/al/alert",
     {{"authorization", "Bearer t"}},
     R"({"attributes":{"n":5,"task":"watch"},"correlate":["cpu"],"environment":"Prod","event":"cpu:host=a","group":"host=a","origin":"o","rawData":)" +
         std::string(kEventData) + R"(,"resource":"cpu","service":["cpu"],"severity":"critical","tags":["host=a"],"text":)" + kCritical +
         R"(,"timeout":60,"value":"85.5"})"},
    {"servicenow", "servicenow", R"({"enabled":true,"url":"@/sn","source":"K","username":"me","password":"secret"})",
     R"({"Node":"{{ index .Tags \"host\" }}","additional_info":{"n":5,"task":"{{ .TaskName }}"}})", Level::Critical, "/sn",
     {{"authorization", "Basic bWU6c2VjcmV0"}},
     R"({"records":[{"source":"K","node":"a","message_key":"cpu:host=a","severity":"1","description":)" + kCritical +
         R"(,"additional_info":"{\"n\":\"5\",\"task\":\"watch\"}"}]})"},
    {"bigpanda", "bigpanda", R"({"enabled":true,"url":"@/bp","app-key":"k","token":"t","auto-attributes":"tags,fields"})",
     R"({"host":"h","primary-property":"p","attributes":{"value":"mine"}})", Level::Warning, "/bp", {{"authorization", "Bearer t"}},
     R"({"app_key":"k","check":"cpu:host=a","description":"a is WARNING & <85.5>","details":"<b>a</b> is <high>","host":"h","primary_property":"p","status":"warning","task":"watch:cpu","timestamp":1450000010,"value":"mine"})"},
    {"zenoss", "zenoss",
     R"({"enabled":true,"url":"@/z","username":"me","password":"secret","action":"A","method":"m","type":"rpc","tid":1,"collector":"C","severity-map":{"OK":"Clear","Critical":5}})",
     R"({"tid":7,"Device":"{{ .Name }}","customField":{"a":"{\"x\":1}","b":"[no"}})", Level::Critical, "/z", {{"authorization", "Basic bWU6c2VjcmV0"}},
     R"({"action":"A","method":"m","data":[{"a":{"x":1},"b":"[no","collector":"C","component":"","device":"cpu","evclass":"","evclasskey":"","severity":5,"summary":)" +
         kCritical + R"(}],"type":"rpc","tid":7})"},
    {"post", "post", R"({"endpoint":"e","url":"@/e/{{ .Level }}","headers":{"X-A":"1","X-B":"1"},"basic-auth":{"username":"me","password":"secret"}})",
     R"({"endpoint":"e","headers":{"x-b":"2"}})", Level::Critical, "/e/CRITICAL",
     {{"x-a", "1"}, {"x-b", "2"}, {"authorization", "Basic bWU6c2VjcmV0"}, {"content-type", "application/json"}},
     R"({"id":"cpu:host=a","message":)" + kCritical +
         R"(,"details":"<b>a</b> is &lt;high&gt;","time":"2015-12-13T09:46:50Z","duration":10000000000,"level":"CRITICAL","data":)" + kEventData +
         R"(,"previousLevel":"OK","recoverable":true})"},
    {"post_with_a_template", "post",
     R"({"endpoint":"e","url":"@/e","alert-template":"{{ .ID }} {{ .Level }} {{ range .Data.Series }}{{ .Tags.host }} {{ range .Values }}{{ . }}{{ end }}{{ end }} {{ json .PreviousLevel }}"})",
     R"({"endpoint":"e"})", Level::Warning, "/e", {}, "cpu:host=a WARNING a [2015-12-13 09:46:50 +0000 UTC 85.5] \"OK\"\n"},
    {"post_to_a_url", "post", R"([])", R"({"url":"@/u?id={{ .ID }}"})", Level::Ok, "/u?id=cpu:host=a", {{"content-type", "application/json"}},
     R"({"id":"cpu:host=a","message":)" + kOk +
         R"(,"details":"<b>a</b> is &lt;high&gt;","time":"2015-12-13T09:46:50Z","duration":10000000000,"level":"OK","data":)" + kEventData +
         R"(,"previousLevel":"OK","recoverable":true})"},
};

class WebServices : public ServiceBench, public testing::WithParamInterface<Expected> {};

TEST_P(WebServices, Request) {
  const Expected &expected = GetParam();
  configure(expected.kind, expected.config);
  std::unique_ptr<AlertHandler> sender = handler(expected.kind, expected.options);
  ASSERT_NE(sender, nullptr);
  receiver_.answer(std::string_view(expected.kind) == "opsgenie2" ? 202 : std::string_view(expected.kind) == "alerta" || std::string_view(expected.kind) == "bigpanda" ? 201 : 200);
  sender->handle(Event(expected.level));
  Received got = sent();
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.target, expected.target);
  for (const auto &[name, value] : expected.headers) EXPECT_EQ(got.headers[name], value) << name;
  Json want = Json::parse(expected.body, nullptr, false), have = Json::parse(got.body, nullptr, false);
  // Keys of maps have an order too.
  if (want.is_discarded()) EXPECT_EQ(got.body, expected.body);
  else EXPECT_EQ(have.dump(), want.dump());
  for (const Complaint &complaint : complaints_) ADD_FAILURE() << complaint.message << ": " << complaint.cause;
}

INSTANTIATE_TEST_SUITE_P(Each, WebServices, testing::ValuesIn(kExpected), [](const auto &info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tick
