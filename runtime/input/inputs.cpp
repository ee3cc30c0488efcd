// inputs.cpp - sections of the configuration to listeners.
#include "runtime/input/inputs.h"

#include <boost/asio/post.hpp>

#include "runtime/daemon/tasks.h"
#include "runtime/input/opentsdb.h"

namespace tick {
namespace {

std::vector<std::string> Texts(const Json &section, const char *name) {
  std::vector<std::string> texts;
  if (section.contains(name) && section[name].is_array())
    for (const Json &text : section[name])
      if (text.is_string()) texts.push_back(text.get<std::string>());
  return texts;
}

std::string Text(const Json &section, const char *name) {
  return section.contains(name) && section[name].is_string() ? section[name].get<std::string>() : "";
}

int64_t Integer(const Json &section, const char *name) {
  return section.contains(name) && section[name].is_number() ? section[name].get<int64_t>() : 0;
}

bool Flag(const Json &section, const char *name) {
  return section.contains(name) && section[name].is_boolean() && section[name].get<bool>();
}

// Lines of a connection; the last one of a closed connection counts without its newline too.
class LineSession final : public TcpSession {
 public:
  LineSession(std::function<void(std::string_view)> line, std::function<void()> flush) : line_(std::move(line)), flush_(std::move(flush)) {}
  bool take(std::string &buffer, std::string *) override {
    size_t at = 0;
    for (size_t end; (end = buffer.find('\n', at)) != std::string::npos; at = end + 1)
      line_(std::string_view(buffer).substr(at, end - at));
    buffer.erase(0, at);
    flush_();
    return true;
  }
  void end(std::string &buffer) override {
    if (!buffer.empty()) line_(buffer);
    flush_();
  }

 private:
  std::function<void(std::string_view)> line_;
  std::function<void()> flush_;
};

}  // namespace

InputWriter &Inputs::writer(const char *service, const Json &section) {
  std::string policy = Text(section, "retention-policy");
  if (policy.empty()) policy = config_.text("", "default-retention-policy");
  writers_.push_back(
      std::make_unique<InputWriter>(engine_, log_, service, Text(section, "database"), policy, Integer(section, "batch-size")));
  return *writers_.back();
}

std::string Inputs::open() {
  struct Kind {
    const char *section;
    std::string (Inputs::*open)(const Json &);
  };
  for (const Kind &kind : {Kind{"collectd", &Inputs::open_collectd}, Kind{"udp", &Inputs::open_udp}, Kind{"opentsdb", &Inputs::open_opentsdb},
                           Kind{"graphite", &Inputs::open_graphite}})
    for (const Json &section : config_.elements(kind.section))
      if (Flag(section, "enabled"))
        if (std::string error = (this->*kind.open)(section); !error.empty()) {
          close();
          return "open service *" + std::string(kind.section) + ".Service: " + error;
        }
  if (packets_.empty() && connections_.empty()) return "";
  thread_ = std::thread([this] {
    auto work = boost::asio::make_work_guard(io_);
    io_.run();
  });
  return "";
}

void Inputs::close() {
  auto end = [this] {
    for (auto &input : packets_) input->close();
    for (auto &input : connections_) input->close();
    io_.stop();
  };
  if (thread_.joinable()) {
    boost::asio::post(io_, end);
    thread_.join();
  } else {
    end();
  }
}

// --- lines over UDP -----------------------------------------------------------------------------------------

std::string Inputs::open_udp(const Json &section) {
  std::string address = Text(section, "bind-address");
  if (address.empty()) return "bind address has to be specified in config";
  if (Text(section, "database").empty()) return "database has to be specified in config";
  InputWriter &to = writer("udp", section);
  counts_.push_back(std::make_unique<UdpCounts>());
  UdpCounts &counts = *counts_.back();
  counts.bind = address;
  auto input = std::make_unique<UdpInput>(io_, [this, &counts, &to](std::string_view packet) { take_packet(counts, to, packet); });
  if (std::string error = input->open(address, static_cast<int>(Integer(section, "read-buffer"))); !error.empty()) return error;
  packets_.push_back(std::move(input));
  log_.info("started listening on UDP", {{"service", "udp"}, {"address", address}});
  return "";
}

void Inputs::take_packet(UdpCounts &counts, InputWriter &writer, std::string_view packet) {
  std::string error;
  uint64_t before = writer.points();
  bool taken = writer.write(packet, &error);
  {
    std::lock_guard lock(counts_mutex_);
    counts.values["bytes_rx"] += static_cast<int64_t>(packet.size());
    if (taken) {
      counts.values["points_rx"] += static_cast<int64_t>(writer.points() - before);
      counts.values["points_tx"] += static_cast<int64_t>(writer.points() - before);
    } else {
      counts.values["points_parse_fail"] += 1;
    }
  }
  if (!taken) log_.error("failed to parse points", {{"service", "udp"}, {"bind", counts.bind}, {"err", error}});
}

std::vector<UdpCounts> Inputs::udp_counts() const {
  std::lock_guard lock(counts_mutex_);
  std::vector<UdpCounts> all;
  for (const auto &counts : counts_) all.push_back(*counts);
  return all;
}

// --- Graphite -----------------------------------------------------------------------------------------------

// Several sections have no defaults of the configuration: they are filled in here.
std::string Inputs::open_graphite(const Json &given) {
  Json section = given;
  for (const auto &[name, otherwise] :
       {std::pair("bind-address", ":2003"), std::pair("protocol", "tcp"), std::pair("database", "graphite"), std::pair("separator", ".")})
    if (Text(section, name).empty()) section[name] = otherwise;
  graphite_.push_back(std::make_unique<GraphiteRules>());
  GraphiteRules &rules = *graphite_.back();
  if (std::string error = GraphiteRules::Make(Texts(section, "templates"), Texts(section, "tags"), Text(section, "separator"), &rules);
      !error.empty())
    return error;
  InputWriter &to = writer("graphite", section);
  std::string address = Text(section, "bind-address"), protocol = Text(section, "protocol");
  auto line = [this, &rules, &to](std::string_view text) { take_graphite(rules, to, text); };
  auto flush = [&to] { to.flush(); };
  std::string error;
  if (protocol == "udp") {
    auto input = std::make_unique<UdpInput>(io_, [line, flush](std::string_view packet) {
      for (size_t at = 0; at < packet.size();) {
        size_t end = std::min(packet.find('\n', at), packet.size());
        line(packet.substr(at, end - at));
        at = end + 1;
      }
      flush();
    });
    error = input->open(address, static_cast<int>(Integer(section, "udp-read-buffer")));
    packets_.push_back(std::move(input));
  } else if (protocol == "tcp") {
    auto input = std::make_unique<TcpInput>(io_, [line, flush] { return std::make_unique<LineSession>(line, flush); });
    error = input->open(address);
    connections_.push_back(std::move(input));
  } else {
    return "unrecognized Graphite input protocol " + protocol;
  }
  if (error.empty()) log_.info("listening", {{"service", "graphite"}, {"protocol", protocol}, {"address", address}});
  return error;
}

void Inputs::take_graphite(const GraphiteRules &rules, InputWriter &writer, std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  GraphitePoint point;
  std::string error = rules.parse(line, WallClock(), &point);
  if (error.empty()) writer.add(point.measurement, std::move(point.tags), point.field, point.value, point.time);
  else log_.error("unable to parse line", {{"service", "graphite"}, {"line", std::string(line.substr(0, 500))}, {"err", error}});
}

// --- collectd -----------------------------------------------------------------------------------------------

std::string Inputs::open_collectd(const Json &section) {
  if (std::string error = collectd_.read_types(Text(section, "typesdb")); !error.empty()) return "unable to parse typesdb: " + error;
  std::string security = Text(section, "security-level");
  if (security == "sign") collectd_.set_security(CollectdReader::Security::Sign);
  else if (security == "encrypt") collectd_.set_security(CollectdReader::Security::Encrypt);
  else if (security != "none" && !security.empty()) return "invalid collectd security level " + security + ", use none, sign or encrypt";
  if (security == "sign" || security == "encrypt")
    if (std::string error = collectd_.read_users(Text(section, "auth-file")); !error.empty()) return error;
  collectd_.set_join(Text(section, "parse-multivalue-plugin") == "join");
  InputWriter &to = writer("collectd", section);
  std::string address = Text(section, "bind-address");
  auto input = std::make_unique<UdpInput>(io_, [this, &to](std::string_view packet) {
    std::vector<CollectdPoint> points;
    std::string error = collectd_.parse(packet, WallClock(), &points);
    for (CollectdPoint &point : points) to.add(point.measurement, std::move(point.tags), point.fields, point.time);
    to.flush();
    if (!error.empty()) log_.error("failed to parse packet", {{"service", "collectd"}, {"err", error}});
  });
  if (std::string error = input->open(address, static_cast<int>(Integer(section, "read-buffer"))); !error.empty()) return error;
  packets_.push_back(std::move(input));
  log_.info("listening on UDP", {{"service", "collectd"}, {"address", address}});
  return "";
}

// --- OpenTSDB -----------------------------------------------------------------------------------------------

std::string Inputs::open_opentsdb(const Json &section) {
  if (Flag(section, "tls-enabled")) return "tls-enabled is not supported: put a TLS proxy before the port";
  InputWriter &to = writer("opentsdb", section);
  std::string address = Text(section, "bind-address");
  bool tells = Flag(section, "log-point-errors");
  auto refused = [this, tells](std::string_view line, const std::string &why) {
    if (tells) log_.error("malformed line", {{"service", "opentsdb"}, {"line", std::string(line.substr(0, 500))}, {"err", why}});
  };
  auto input = std::make_unique<TcpInput>(io_, [&to, refused] { return MakeOpenTsdbSession(to, refused); });
  if (std::string error = input->open(address); !error.empty()) return error;
  connections_.push_back(std::move(input));
  log_.info("listening", {{"service", "opentsdb"}, {"protocol", "tcp"}, {"address", address}});
  return "";
}

}  // namespace tick
