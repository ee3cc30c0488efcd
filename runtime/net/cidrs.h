// cidrs.h - ranges of addresses ("10.0.0.0/8", "fc00::/7"), and whether an address lies in one.
#pragma once

#include <sys/socket.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace tick {

struct Cidr {
  std::array<unsigned char, 16> address{};  // of IPv6; IPv4 is mapped into it
  int bits = 0;                             // of the 128
};

// Separated by commas; `private` stands for all ranges that do not leave a site or a machine. An error text in Go's
// words where one is none.
std::string ParseCidrs(std::string_view text, std::vector<Cidr> *ranges);
bool InAny(const std::vector<Cidr> &ranges, const sockaddr *address);

}  // namespace tick
