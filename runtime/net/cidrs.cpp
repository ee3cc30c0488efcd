// cidrs.cpp - ranges of addresses.
#include "runtime/net/cidrs.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace tick {
namespace {

constexpr std::string_view kPrivate =
    "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,::1/128,fe80::/10,fc00::/7";
constexpr int kMapped = 96;  // bits before an IPv4 address in IPv6

std::array<unsigned char, 16> Mapped(const void *four) {
  std::array<unsigned char, 16> address{};
  address[10] = address[11] = 0xff;
  std::memcpy(address.data() + 12, four, 4);
  return address;
}

bool ParseCidr(const std::string &text, Cidr *range) {
  size_t slash = text.find('/');
  if (slash == std::string::npos) return false;
  const char *begin = text.data() + slash + 1, *end = text.data() + text.size();
  auto [rest, error] = std::from_chars(begin, end, range->bits);
  if (error != std::errc() || rest != end || range->bits < 0) return false;
  std::string address = text.substr(0, slash);
  in_addr four;
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) {
    if (range->bits > 32) return false;
    range->address = Mapped(&four);
    range->bits += kMapped;
    return true;
  }
  return range->bits <= 128 && inet_pton(AF_INET6, address.c_str(), range->address.data()) == 1;
}

bool Covers(const Cidr &range, const std::array<unsigned char, 16> &address) {
  auto whole = static_cast<size_t>(range.bits / 8);
  if (std::memcmp(range.address.data(), address.data(), whole) != 0) return false;
  int rest = range.bits % 8;
  return rest == 0 || ((range.address[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

}  // namespace

std::string ParseCidrs(std::string_view text, std::vector<Cidr> *ranges) {
  while (!text.empty()) {
    size_t comma = std::min(text.find(','), text.size());
    std::string one(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    one.erase(0, one.find_first_not_of(' '));
    one.erase(one.find_last_not_of(' ') + 1);
    if (one == "private") {
      ParseCidrs(kPrivate, ranges);
      continue;
    }
    Cidr range;
    if (!ParseCidr(one, &range)) return "invalid CIDR address: " + one;
    ranges->push_back(range);
  }
  return "";
}

bool InAny(const std::vector<Cidr> &ranges, const sockaddr *address) {
  std::array<unsigned char, 16> bytes{};
  if (address->sa_family == AF_INET) bytes = Mapped(&reinterpret_cast<const sockaddr_in *>(address)->sin_addr);
  else if (address->sa_family == AF_INET6) std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6 *>(address)->sin6_addr, 16);
  else return false;
  return std::any_of(ranges.begin(), ranges.end(), [&](const Cidr &range) { return Covers(range, bytes); });
}

}  // namespace tick
