// snmp_trap.h - SNMP v2c traps as bytes.
//
// In: community, object ids, typed values as texts. Out: the datagram, or an error in Kapacitor's words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tick {

struct SnmpDatum {
  std::string oid, type, value;  // type: c Counter64, i Integer32, n Null, s OctetString, t TimeTicks
};

// sysUpTime, snmpTrapOID and the data. "" with `error` set where an object id or a number does not hold.
std::string SnmpTrap(const std::string &community, int32_t request, const std::string &trap_oid, const std::vector<SnmpDatum> &data,
                     std::string *error);

}  // namespace tick
