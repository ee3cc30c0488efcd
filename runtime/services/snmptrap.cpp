// snmptrap.cpp - an event as an SNMP v2c trap over UDP.
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "runtime/services/snmp_trap.h"
#include "runtime/services/web.h"

namespace tick {
namespace {

constexpr std::string_view kTypes = "cinst";

// Sends one datagram to "host:port".
Sent SendDatagram(const std::string &address, const std::string &bytes) {
  size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon), port = colon == std::string::npos ? "162" : address.substr(colon + 1);
  if (host.size() > 1 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_socktype = SOCK_DGRAM;
  if (int code = getaddrinfo(host.empty() ? "127.0.0.1" : host.c_str(), port.c_str(), &wanted, &found); code != 0)
    return {"dial udp: lookup " + host + ": " + gai_strerror(code), true};
  int to = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ssize_t sent = to < 0 ? -1 : sendto(to, bytes.data(), bytes.size(), MSG_NOSIGNAL, found->ai_addr, found->ai_addrlen);
  std::string why = sent < 0 ? ErrnoText(errno) : "";
  if (to >= 0) close(to);
  freeaddrinfo(found);
  return {why.empty() ? "" : "write udp " + address + ": " + why, !why.empty()};
}

class SnmpTrapService final : public SectionService {
 public:
  using SectionService::SectionService;

  // Options: trap-oid, data-list of oid, type, value (rendered).
  Sent alert(const Json &options, const AlertEvent &) const {
    auto config = element();
    if (!OptionFlag(*config, "enabled")) return {kNotEnabled};
    std::vector<SnmpDatum> data;
    for (const Json &datum : OptionObject(options, "data-list"))
      data.push_back({OptionText(datum, "oid"), OptionText(datum, "type"), OptionText(datum, "value")});
    std::string error;
    std::string bytes = SnmpTrap(OptionText(*config, "community"), ++request_, OptionText(options, "trap-oid"), data, &error);
    return bytes.empty() ? Sent{error} : SendDatagram(OptionText(*config, "addr"), bytes);
  }

  std::unique_ptr<AlertHandler> handler(HandlerOrder order, std::string *error) override {
    *error = wrong(order.options);
    if (!error->empty()) return nullptr;
    OptionTemplates templates;
    if (!templates.parse(order.options, {"data-list"}, error)) {
      *error = HandlerError(order, "failed to create SNMP handler: ", *error);
      return nullptr;
    }
    return std::make_unique<OptionsHandler<SnmpTrapService>>(*this, std::move(order), "failed to handle event", std::move(templates),
                                                             "failed to evaluate SNMP trap template");
  }

  Json test_options() const override {
    Json datum = {{"oid", "1.1.1.1.2"}, {"type", "s"}, {"value", "test snmptrap message"}};
    return {{"trap-oid", "1.1.1.1"}, {"data-list", Json::array({datum})}};
  }
  std::string test(const Json &options) override {
    std::string error = wrong(options);
    return error.empty() ? alert(options, AlertEvent()).error : error;
  }

 private:
  static std::string wrong(const Json &options) {
    std::string oid = OptionText(options, "trap-oid"), error = "invalid SNMP trap \"" + oid + "\": ";
    if (oid.empty()) return error + "you must supply a trap Oid";
    for (const Json &datum : OptionObject(options, "data-list")) {
      std::string type = OptionText(datum, "type");
      if (type.size() != 1 || kTypes.find(type) == std::string_view::npos)
        return error + "unsupported data type \"" + type + "\" for data entry \"" + OptionText(datum, "oid") + "\"";
    }
    return "";
  }
  mutable std::atomic<int32_t> request_{0};
};

std::string Check(const std::vector<Json> &elements) { return CheckRequired(elements, {{"addr", "must specify addr"}}); }

}  // namespace

extern const ServiceSpec kSnmpTrapService;
const ServiceSpec kSnmpTrapService{"snmptrap", "snmpTrap", "snmptrap", "snmp", "snmptrap.HandlerConfig",
                                   {{"trap-oid", OptionType::Text, kOfCall},
                                    {"data-list", OptionType::Records, "data", "oid type value"}},
                                   Check, MakeService<SnmpTrapService>};

}  // namespace tick
