// snmp_trap_test.cpp - traps byte by byte.
#include "runtime/services/snmp_trap.h"

#include <gtest/gtest.h>

namespace tick {
namespace {

std::string Hex(const std::string &bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (unsigned char c : bytes) {
    out += kDigits[c >> 4];
    out += kDigits[c & 15];
  }
  return out;
}

TEST(SnmpTrapTest, EveryTypeByteByByte) {
  std::string error;
  std::string trap = SnmpTrap("public", 1, "1.3.6.1.4.1.9", {{"1.3.1", "i", "-129"}, {"1.3.2", "c", "255"}, {"1.3.3", "n", ""}, {"1.3.4", "s", "hi"}, {"1.3.5", "t", "1000"}}, &error);
  EXPECT_EQ(error, "");
  EXPECT_EQ(Hex(trap),
            "306e"                                      // message
            "020101" "04067075626c6963"                 // version 2c, community
            "a761" "020101" "020100" "020100" "3056"    // trap: request, error, index, bindings
            "300e" "06082b06010201010300" "430203e8"    // sysUpTime.0 = 1000
            "3014" "060a2b060106030101040100" "06062b0601040109"
            "3008" "06022b01" "0202ff7f"
            "3008" "06022b02" "460200ff"
            "3006" "06022b03" "0500"
            "3008" "06022b04" "04026869"
            "3008" "06022b05" "430203e8");
}

TEST(SnmpTrapTest, LargeNumbersAreCutToTheirWidth) {
  std::string error;
  std::string trap = SnmpTrap("p", 1, "2.40.16384", {{"1.3.9", "c", "-1"}, {"1.3.10", "i", "2147483648"}, {"1.3.11", "t", "4294967296"}}, &error);
  EXPECT_NE(Hex(trap).find("460900ffffffffffffffff"), std::string::npos);
  EXPECT_NE(Hex(trap).find("020480000000"), std::string::npos);
  EXPECT_NE(Hex(trap).find("430100"), std::string::npos);
  EXPECT_NE(Hex(trap).find("060478818000"), std::string::npos);
}

TEST(SnmpTrapTest, WhatDoesNotHoldIsNamed) {
  std::string error;
  EXPECT_EQ(SnmpTrap("p", 1, "not.an.oid", {}, &error), "");
  EXPECT_EQ(error, "invalid trap Oid \"not.an.oid\": The sub-identifiers is range 0..4294967295, value `not.an.oid`");
  EXPECT_EQ(SnmpTrap("p", 1, "1.3", {{"1.3.1", "i", "INFO"}}, &error), "");
  EXPECT_EQ(error, "strconv.ParseInt: parsing \"INFO\": invalid syntax");
  for (const char *bad : {"", "1", "1.40", "3.1", "1.3.", "1..3", "1.3.4294967296"}) EXPECT_EQ(SnmpTrap("p", 1, bad, {}, &error), "") << bad;
}

}  // namespace
}  // namespace tick
