// go_time.h - points in time: dates, zones and text as Go has them.
//
// A time is nanoseconds since 1970 UTC. Dates follow the Gregorian calendar in both directions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tick {

struct Date {
  int64_t year;
  int month, day;              // from 1
  int hour, minute, second;
  int nanosecond;
  int weekday;                 // 0 Sunday
  int year_day;                // from 1
};

// The process's local zone: the one TZ names, else the machine's; a program may set another before it starts
// threads.
class Zone {
 public:
  // "UTC" or "" for UTC, "Local" for the process's, else a name of the zone database; false: no such zone.
  static bool SetLocal(std::string_view name);
  // Seconds east of UTC at this time, and the abbreviation used then ("CET").
  static int64_t LocalOffset(int64_t ns, std::string *abbreviation = nullptr);
};

// The date `offset` seconds east of UTC.
Date DateOf(int64_t ns, int64_t offset = 0);
Date LocalDateOf(int64_t ns);
// Days since 1970-01-01.
int64_t DaysOf(int64_t year, int month, int day);

// time.RFC3339Nano in UTC: "1971-01-01T00:00:01.002Z"; a fraction only as long as needed.
void AppendRfc3339(std::string &out, int64_t ns);
std::string Rfc3339(int64_t ns);
// What "%v" prints of a UTC time: "1970-01-01 00:00:01.5 +0000 UTC".
std::string GoTime(int64_t ns);
// Reads RFC 3339 with optional fraction and `Z` or an offset; false: it is not.
bool ParseRfc3339(std::string_view text, int64_t *ns);

}  // namespace tick
