// cidrs_test.cpp - ranges of addresses, and what lies in them.
#include "runtime/net/cidrs.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace tick {
namespace {

bool In(const char *ranges, const char *address) {
  std::vector<Cidr> parsed;
  EXPECT_EQ(ParseCidrs(ranges, &parsed), "");
  sockaddr_in four{};
  four.sin_family = AF_INET;
  if (inet_pton(AF_INET, address, &four.sin_addr) == 1) return InAny(parsed, reinterpret_cast<sockaddr *>(&four));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, address, &six.sin6_addr), 1) << address;
  return InAny(parsed, reinterpret_cast<sockaddr *>(&six));
}

TEST(Cidrs, HoldWhatTheirBitsSay) {
  EXPECT_TRUE(In("10.1.0.0/16", "10.1.255.255"));
  EXPECT_FALSE(In("10.1.0.0/16", "10.2.0.0"));
  EXPECT_TRUE(In("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(In("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(In("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(In("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(In("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(In("2001:db8::/32", "2001:db9::1"));
  EXPECT_TRUE(In("198.51.100.7/32, 10.0.0.0/8", "10.9.9.9"));
  EXPECT_FALSE(In("", "10.0.0.1"));
}

TEST(Cidrs, AnIpv4AddressInIpv6FormIsTheSame) { EXPECT_TRUE(In("10.0.0.0/8", "::ffff:10.0.0.1")); }

TEST(Cidrs, PrivateIsAllThatDoesNotLeaveASite) {
  for (const char *address : {"127.0.0.1", "10.0.0.1", "172.31.0.1", "192.168.9.9", "169.254.169.254", "::1", "fe80::1", "fd00::1"})
    EXPECT_TRUE(In("private", address)) << address;
  for (const char *address : {"172.32.0.1", "8.8.8.8", "2001:db8::1"}) EXPECT_FALSE(In("private", address)) << address;
}

TEST(Cidrs, OthersAreRefused) {
  for (const char *text : {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "host/8", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/8,,"}) {
    std::vector<Cidr> ranges;
    EXPECT_NE(ParseCidrs(text, &ranges), "") << text;
  }
}

}  // namespace
}  // namespace tick
