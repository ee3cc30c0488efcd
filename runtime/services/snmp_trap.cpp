// snmp_trap.cpp - the basic encoding rules, as far as a trap needs them.
#include "runtime/services/snmp_trap.h"

#include <charconv>
#include <cstdlib>

#include "runtime/text/go_float.h"
#include "runtime/text/utf8.h"

namespace tick {
namespace {

enum Tag : unsigned char {
  kInteger = 0x02,
  kOctets = 0x04,
  kNull = 0x05,
  kOid = 0x06,
  kSequence = 0x30,
  kTicks = 0x43,
  kCounter64 = 0x46,
  kTrap = 0xa7
};

std::string Element(unsigned char tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 0x80) {
    out += static_cast<char>(content.size());
  } else {
    std::string length;
    for (size_t rest = content.size(); rest > 0; rest >>= 8) length.insert(length.begin(), static_cast<char>(rest & 0xff));
    out += static_cast<char>(0x80 | length.size());
    out += length;
  }
  return out.append(content);
}

// Two's complement in as few bytes as hold it.
std::string Signed(unsigned char tag, int64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes.insert(bytes.begin(), static_cast<char>((value >> (8 * i)) & 0xff));
  auto spare = [&] {
    unsigned char first = static_cast<unsigned char>(bytes[0]), second = static_cast<unsigned char>(bytes[1]);
    return (first == 0 && second < 0x80) || (first == 0xff && second >= 0x80);
  };
  while (bytes.size() > 1 && spare()) bytes.erase(0, 1);
  return Element(tag, bytes);
}

std::string Unsigned(unsigned char tag, uint64_t value) {
  std::string bytes;
  do bytes.insert(bytes.begin(), static_cast<char>(value & 0xff));
  while (value >>= 8);
  if (static_cast<unsigned char>(bytes[0]) >= 0x80) bytes.insert(bytes.begin(), '\0');
  return Element(tag, bytes);
}

bool ParseOid(std::string_view text, std::vector<uint64_t> *numbers) {
  if (!text.empty() && text.front() == '.') text.remove_prefix(1);
  while (!text.empty()) {
    size_t dot = std::min(text.find('.'), text.size());
    uint64_t number = 0;
    auto [end, code] = std::from_chars(text.data(), text.data() + dot, number);
    if (code != std::errc() || end != text.data() + dot || number > 0xffffffff) return false;
    numbers->push_back(number);
    if (dot + 1 == text.size()) return false;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return numbers->size() >= 2 && (*numbers)[0] <= 2 && ((*numbers)[0] == 2 || (*numbers)[1] < 40);
}

std::string OidElement(const std::vector<uint64_t> &numbers) {
  std::string content;
  for (size_t i = 1; i < numbers.size(); ++i) {
    uint64_t number = i == 1 ? numbers[0] * 40 + numbers[1] : numbers[i];
    std::string septets(1, static_cast<char>(number & 0x7f));
    while (number >>= 7) septets.insert(septets.begin(), static_cast<char>(0x80 | (number & 0x7f)));
    content += septets;
  }
  return Element(kOid, content);
}

std::string BadOid(const char *what, const std::string &oid) {
  return std::string("invalid ") + what + " Oid " + GoQuote(oid) + ": The sub-identifiers is range 0..4294967295, value `" + oid + "`";
}

// A value of the datum's type; numbers are cut to its width as Kapacitor cuts them.
std::string ValueElement(const SnmpDatum &datum, std::string *error) {
  if (datum.type == "s") return Element(kOctets, datum.value);
  if (datum.type == "n") return Element(kNull, "");
  int64_t number = 0;
  NumberError wrong = ParseGoInt(datum.value, &number);
  if (wrong != NumberError::None) return *error = NumberErrorText("ParseInt", datum.value, wrong), "";
  if (datum.type == "c") return Unsigned(kCounter64, static_cast<uint64_t>(number));
  if (datum.type == "t") return Unsigned(kTicks, static_cast<uint32_t>(number));
  return Signed(kInteger, static_cast<int32_t>(number));
}

std::string Binding(const std::vector<uint64_t> &oid, const std::string &value) { return Element(kSequence, OidElement(oid) + value); }

}  // namespace

std::string SnmpTrap(const std::string &community, int32_t request, const std::string &trap_oid, const std::vector<SnmpDatum> &data,
                     std::string *error) {
  constexpr uint64_t kUpTime = 1000;
  std::vector<uint64_t> trap;
  if (!ParseOid(trap_oid, &trap)) return *error = BadOid("trap", trap_oid), "";
  std::string bindings = Binding({1, 3, 6, 1, 2, 1, 1, 3, 0}, Unsigned(kTicks, kUpTime)) +
                         Binding({1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0}, OidElement(trap));
  for (const SnmpDatum &datum : data) {
    std::vector<uint64_t> oid;
    if (!ParseOid(datum.oid, &oid)) return *error = BadOid("data", datum.oid), "";
    std::string value = ValueElement(datum, error);
    if (value.empty()) return "";
    bindings += Binding(oid, value);
  }
  std::string pdu = Signed(kInteger, request) + Signed(kInteger, 0) + Signed(kInteger, 0) + Element(kSequence, bindings);
  return Element(kSequence, Signed(kInteger, 1) + Element(kOctets, community) + Element(kTrap, pdu));
}

}  // namespace tick
