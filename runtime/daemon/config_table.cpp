// config_table.cpp - every section of the configuration, its options and their defaults (daemon.md 3, http-api.md 12).
#include "runtime/daemon/config.h"

namespace tick {
namespace {

#define TICK_SSL R"("ssl-ca":"","ssl-cert":"","ssl-key":"","insecure-skip-verify":false)"

const std::vector<SectionSpec> kSections = {
    {"alert", "", false, true, "", R"({"persist-topics":true,"topic-buffer-length":5000,"retries":0,"retry-delay":"1s","dead-letters":""})"},
    {"auth", "", false, true, "",
     R"({"enabled":false,"cache-expiration":"10m0s","bcrypt-cost":10,"meta-addr":"","meta-username":"","meta-password":"","meta-internal-shared-secret":"","meta-use-tls":false,"meta-ca":"","meta-cert":"","meta-key":"","meta-insecure-skip-verify":false})"},
    {"http", "", false, true, "",
     R"({"bind-address":":9092","auth-enabled":false,"log-enabled":true,"write-tracing":false,"pprof-enabled":false,"https-enabled":false,"https-certificate":"/etc/ssl/kapacitor.pem","https-private-key":"","unix-socket-enabled":false,"bind-socket":"/var/run/kapacitor.sock","shutdown-timeout":"10s","shared-secret":"","whole-requests":false,"stall-timeout":"1m0s"})"},
    {"replay", "", false, true, "", R"({"dir":"./replay"})"},
    {"storage", "", false, true, "", R"({"boltdb":"./kapacitor.db"})"},
    {"task", "", false, true, "", R"({"dir":"./tasks","snapshot-interval":"1m0s","keep-state":"10s","state-over-restart":"stats"})"},
    {"fluxtask", "", false, true, "",
     R"({"enabled":false,"task-run-influxdb":"","task-run-bucket":"kapacitor_fluxtask_logs","task-run-org":"","task-run-orgid":"","task-run-measurement":"runs","secrets":null,"default-influxdb":""})"},
    {"load", "", false, true, "", R"({"enabled":false,"dir":"./load"})"},
    {"influxdb", "name", true, true, "password token",
     R"({"enabled":true,"name":"default","default":false,"urls":["http://localhost:8086"],"username":"","password":"","token":"","http-shared-secret":false,"ssl-ca":"","ssl-cert":"","ssl-key":"","insecure-skip-verify":false,"timeout":"0s","disable-subscriptions":false,"subscription-protocol":"http","subscription-mode":"cluster","subscriptions":null,"excluded-subscriptions":{"_kapacitor":["autogen"]},"kapacitor-hostname":"","http-port":0,"udp-bind":"","udp-buffer":1000,"udp-read-buffer":0,"startup-timeout":"5m0s","subscriptions-sync-interval":"1m0s","subscription-path":"","compression":"gzip"})"},
    {"logging", "", false, true, "", R"({"file":"STDERR","level":"DEBUG"})"},
    {"config-override", "", false, true, "", R"({"enabled":true})"},
    {"tls", "", false, true, "", R"({"ciphers":null,"min-version":"","max-version":""})"},
    {"graphite", "bind-address", false, false, "",
     R"({"enabled":false,"bind-address":":2003","protocol":"tcp","database":"graphite","retention-policy":"","batch-size":5000,"batch-pending":10,"batch-timeout":"1s","separator":".","tags":null,"templates":null,"udp-read-buffer":0,"consistency-level":""})"},
    {"collectd", "", false, true, "",
     R"({"enabled":false,"bind-address":":25826","database":"collectd","retention-policy":"","batch-size":5000,"batch-pending":10,"batch-timeout":"10s","read-buffer":0,"typesdb":"/usr/share/collectd/types.db","security-level":"none","auth-file":"/etc/collectd/auth_file","parse-multivalue-plugin":"split"})"},
    {"opentsdb", "", false, true, "",
     R"({"enabled":false,"bind-address":":4242","database":"opentsdb","retention-policy":"","consistency-level":"one","batch-size":1000,"batch-pending":5,"batch-timeout":"1s","tls-enabled":false,"certificate":"/etc/ssl/influxdb.pem","log-point-errors":true})"},
    {"udp", "bind-address", false, false, "",
     R"({"enabled":false,"bind-address":"","database":"","retention-policy":"","read-buffer":0,"buffer":1000})"},
    {"alerta", "", true, true, "token",
     R"({"enabled":false,"url":"","insecure-skip-verify":false,"token":"","token-prefix":"","environment":"","origin":"","timeout":"0s"})"},
    {"bigpanda", "", true, true, "token",
     R"({"enabled":false,"global":false,"app-key":"","token":"","state-changes-only":false,"insecure-skip-verify":false,"url":"https://api.bigpanda.io/data/v2/alerts","auto-attributes":"tags,fields"})"},
    {"discord", "workspace", true, true, "",
     R"({"enabled":false,"default":true,"workspace":"","url":"","timestamp":false,"username":"","avatar-url":"","embed-title":"","global":false,"state-changes-only":false,)" TICK_SSL "}"},
    {"hipchat", "", true, true, "token",
     R"({"enabled":false,"url":"","token":"","room":"","global":false,"state-changes-only":false})"},
    {"httppost", "endpoint", true, true, "basic-auth",
     R"({"endpoint":"example","url":"http://example.com","headers":null,"basic-auth":{"username":"","password":""},"alert-template":"","alert-template-file":"","row-template":"","row-template-file":""})"},
    {"kafka", "id", true, true, "",
     R"({"enabled":false,"id":"default","brokers":null,"timeout":"0s","batch-size":0,"batch-timeout":"0s","use-ssl":false,)" TICK_SSL
     R"(,"sasl-username":"","sasl-password":"","sasl-mechanism":"","sasl-version":"","sasl-gssapi":null,"sasl-access-token":"","sasl-oauth-service":"","sasl-oauth-client-id":"","sasl-oauth-client-secret":"","sasl-oauth-token-url":"","sasl-oauth-token-expiry-margin":"10s","sasl-oauth-parameters":null,"sasl-oauth-tenant-id":"","sasl-oauth-scopes":null})"},
    {"mqtt", "name", true, true, "password",
     R"({"enabled":false,"name":"default","default":false,"url":"",)" TICK_SSL R"(,"client-id":"","username":"","password":""})"},
    {"opsgenie", "", true, true, "api-key",
     R"({"enabled":false,"api-key":"","teams":null,"recipients":null,"url":"https://api.opsgenie.com/v1/json/alert","recovery_url":"https://api.opsgenie.com/v1/json/alert/note","global":false})"},
    {"opsgenie2", "", true, true, "api-key",
     R"({"enabled":false,"api-key":"","teams":null,"recipients":null,"url":"https://api.opsgenie.com/v2/alerts","recovery_action":"notes","global":false,"details":false})"},
    {"pagerduty", "", true, true, "service-key",
     R"({"enabled":false,"url":"https://events.pagerduty.com/generic/2010-04-15/create_event.json","service-key":"","global":false})"},
    {"pagerduty2", "", true, true, "routing-key",
     R"({"enabled":false,"url":"https://events.pagerduty.com/v2/enqueue","routing-key":"","global":false})"},
    {"pushover", "", true, true, "token user-key",
     R"({"enabled":false,"token":"","user-key":"","url":"https://api.pushover.net/1/messages.json"})"},
    {"sensu", "", true, true, "", R"({"enabled":false,"addr":"","source":"Kapacitor","handlers":null})"},
    {"servicenow", "", true, true, "password",
     R"({"enabled":false,"url":"https://instance.service-now.com/api/global/em/jsonv2","source":"","username":"","password":"","global":false,"state-changes-only":false})"},
    {"slack", "workspace", true, true, "url token",
     R"({"enabled":false,"default":true,"workspace":"","url":"","token":"","channel":"","username":"kapacitor","icon-emoji":"","global":false,"state-changes-only":false,)" TICK_SSL "}"},
    {"smtp", "", true, true, "password",
     R"({"enabled":false,"host":"localhost","port":25,"username":"","password":"","no-verify":false,"global":false,"state-changes-only":false,"from":"","to":null,"to-templates":null,"idle-timeout":"30s"})"},
    {"snmptrap", "", true, true, "community",
     R"({"enabled":false,"addr":"localhost:162","community":"kapacitor","retries":1})"},
    {"talk", "", true, true, "url", R"({"enabled":false,"url":"","author_name":""})"},
    {"teams", "", true, true, "", R"({"enabled":false,"channel-url":"","global":false,"state-changes-only":false})"},
    {"telegram", "", true, true, "token",
     R"({"enabled":false,"url":"https://api.telegram.org/bot","token":"","chat-id":"","parse-mode":"","disable-web-page-preview":false,"disable-notification":false,"global":false,"state-changes-only":false})"},
    {"victorops", "", true, true, "api-key",
     R"({"enabled":false,"api-key":"","routing-key":"","url":"https://alert.victorops.com/integrations/generic/20131114/alert","global":false,"json-data":false})"},
    {"zenoss", "", true, true, "password",
     R"({"enabled":false,"url":"https://tenant.zenoss.io:8080/zport/dmd/evconsole_router","username":"","password":"","action":"EventsRouter","method":"add_event","type":"rpc","tid":1,"collector":"Kapacitor","severity-map":{"ok":"Clear","info":"Info","warning":"Warning","critical":"Critical"},"global":false,"state-changes-only":false})"},
    {"kubernetes", "id", true, false, "token",
     R"({"enabled":false,"id":"","in-cluster":false,"api-servers":null,"token":"","ca-path":"","namespace":"","resource":""})"},
    {"swarm", "id", true, false, "",
     R"({"enabled":false,"id":"","servers":null,)" TICK_SSL "}"},
    {"ec2", "id", true, false, "access-key secret-key",
     R"({"enabled":false,"id":"","region":"","access-key":"","secret-key":"","profile":"","refresh-interval":"1m0s","port":80,"endpoint":""})"},
    {"scraper", "name", true, false, "password bearer-token",
     R"({"enabled":false,"name":"","type":"prometheus","db":"","rp":"","scheme":"http","metrics-path":"/metrics","params":null,"scrape-interval":"1m0s","scrape-timeout":"10s","username":"","password":"","ssl-ca":"","ssl-cert":"","ssl-key":"","ssl-server-name":"","insecure-skip-verify":false,"bearer-token":"","proxy-url":"","discoverer-id":"","discoverer-service":"","blacklist":null})"},
    {"static-discovery", "id", true, false, "", R"({"enabled":false,"id":"","targets":null,"labels":null})"},
    {"file-discovery", "id", true, false, "", R"({"enabled":false,"id":"","refresh-interval":"5m0s","files":null})"},
    {"reporting", "", false, true, "", R"({"enabled":true,"url":"https://usage.influxdata.com"})"},
    {"stats", "", false, true, "",
     R"({"enabled":true,"stats-interval":"10s","database":"_kapacitor","retention-policy":"autogen","timing-sample-rate":0.1,"timing-movavg-size":1000})"},
    {"deadman", "", false, true, "",
     R"({"interval":"10s","threshold":0.0,"id":"{{ .Group }}:NODE_NAME for task '{{ .TaskName }}'","message":"{{ .ID }} is {{ if eq .Level \"OK\" }}alive{{ else }}dead{{ end }}: {{ index .Fields \"emitted\" | printf \"%0.3f\" }} points/INTERVAL.","global":false})"},
};

#undef TICK_SSL

}  // namespace

const std::vector<SectionSpec> &ConfigSections() { return kSections; }

const SectionSpec *FindSection(std::string_view name) {
  for (const SectionSpec &section : kSections)
    if (section.name == name) return &section;
  return nullptr;
}

}  // namespace tick
