// cron.h - cron expressions as gorhill/cronexpr reads them: the schedule of batch queries by `.cron()`.
//
// In: "[sec] min hour dom month dow [year]" - five fields, six with a year, seven with seconds too - or @hourly and
// its like. Out: the next local time that matches. Fields take *, ?, lists, ranges, steps, names, and L, W and #.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tick {

class Cron {
 public:
  // An error text where the expression does not parse.
  static std::string Parse(std::string_view text, Cron *out);
  // The first matching second after `ns` (since 1970, UTC), in the process's zone; nothing where none comes any more.
  std::optional<int64_t> next(int64_t ns) const;

 private:
  struct Days {                      // of the month field
    std::bitset<32> days, workdays;  // 1 to 31; `15W`: the workday nearest to the 15th
    bool last = false, last_workday = false, any = true;
  };
  struct Weekdays {                     // 0 is Sunday
    std::bitset<7> days, last;          // `5L`: the month's last Friday
    std::array<std::bitset<6>, 7> nth;  // `5#3`: its third
    bool any = true;
  };
  static std::string ReadField(std::string_view text, int field, Cron *out);
  static std::string ReadItem(std::string_view item, int field, Cron *out);
  bool day_matches(int year, int month, int day) const;
  std::bitset<60> seconds_, minutes_;
  std::bitset<24> hours_;
  std::bitset<13> months_;
  std::bitset<2100> years_;
  Days days_;
  Weekdays weekdays_;
};

}  // namespace tick
