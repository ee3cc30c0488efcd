// time_format.cpp - a layout is read left to right; what is no part of a date stands for itself.
#include "runtime/alert/template/time_format.h"

#include <cstdio>
#include <cstdlib>

#include "runtime/text/go_time.h"

namespace tick::tmpl {
namespace {

enum class Part : uint8_t {
  LongMonth,
  Month,
  NumMonth,
  ZeroMonth,
  LongWeekday,
  Weekday,
  Day,
  UnderDay,
  ZeroDay,
  UnderYearDay,
  ZeroYearDay,
  Hour,
  Hour12,
  ZeroHour12,
  Minute,
  ZeroMinute,
  Second,
  ZeroSecond,
  LongYear,
  Year,
  UpperPm,
  LowerPm,
  Zone,
  OffsetZ,
  Offset
};
struct Pattern {
  std::string_view text;
  Part part;
};
// The first that fits is taken: longer ones stand before their beginnings.
constexpr Pattern kPatterns[] = {{"January", Part::LongMonth},
                                 {"Jan", Part::Month},
                                 {"Monday", Part::LongWeekday},
                                 {"Mon", Part::Weekday},
                                 {"MST", Part::Zone},
                                 {"01", Part::ZeroMonth},
                                 {"02", Part::ZeroDay},
                                 {"03", Part::ZeroHour12},
                                 {"04", Part::ZeroMinute},
                                 {"05", Part::ZeroSecond},
                                 {"06", Part::Year},
                                 {"002", Part::ZeroYearDay},
                                 {"15", Part::Hour},
                                 {"1", Part::NumMonth},
                                 {"2006", Part::LongYear},
                                 {"2", Part::Day},
                                 {"_2", Part::UnderDay},
                                 {"__2", Part::UnderYearDay},
                                 {"3", Part::Hour12},
                                 {"4", Part::Minute},
                                 {"5", Part::Second},
                                 {"PM", Part::UpperPm},
                                 {"pm", Part::LowerPm},
                                 {"-070000", Part::Offset},
                                 {"-07:00:00", Part::Offset},
                                 {"-0700", Part::Offset},
                                 {"-07:00", Part::Offset},
                                 {"-07", Part::Offset},
                                 {"Z070000", Part::OffsetZ},
                                 {"Z07:00:00", Part::OffsetZ},
                                 {"Z0700", Part::OffsetZ},
                                 {"Z07:00", Part::OffsetZ},
                                 {"Z07", Part::OffsetZ}};
constexpr const char *kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};
constexpr const char *kWeekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

struct Moment {
  Date date;
  int64_t offset;
  std::string zone;
};

void Number(std::string &out, int64_t value, int width, char fill) {
  std::string digits = std::to_string(std::llabs(value));
  if (value < 0) out += '-';
  if (static_cast<int>(digits.size()) < width) out.append(static_cast<size_t>(width) - digits.size(), fill);
  out += digits;
}

// "-07", "-0700", "-07:00" and with seconds; the pattern's length and colon say which.
void AppendOffset(std::string &out, std::string_view pattern, int64_t offset) {
  out += offset < 0 ? '-' : '+';
  int64_t size = std::llabs(offset);
  bool colon = pattern.find(':') != pattern.npos;
  Number(out, size / 3600, 2, '0');
  if (pattern.size() <= 3) return;
  if (colon) out += ':';
  Number(out, size / 60 % 60, 2, '0');
  if (pattern.size() < 7) return;
  if (colon) out += ':';
  Number(out, size % 60, 2, '0');
}

void AppendPart(std::string &out, const Pattern &pattern, const Moment &at) {
  const Date &date = at.date;
  int hour12 = date.hour % 12 ? date.hour % 12 : 12;
  switch (pattern.part) {
    case Part::LongMonth:
      out += kMonths[date.month - 1];
      break;
    case Part::Month:
      out.append(kMonths[date.month - 1], 3);
      break;
    case Part::NumMonth:
      Number(out, date.month, 0, '0');
      break;
    case Part::ZeroMonth:
      Number(out, date.month, 2, '0');
      break;
    case Part::LongWeekday:
      out += kWeekdays[date.weekday];
      break;
    case Part::Weekday:
      out.append(kWeekdays[date.weekday], 3);
      break;
    case Part::Day:
      Number(out, date.day, 0, '0');
      break;
    case Part::UnderDay:
      Number(out, date.day, 2, ' ');
      break;
    case Part::ZeroDay:
      Number(out, date.day, 2, '0');
      break;
    case Part::UnderYearDay:
      Number(out, date.year_day, 3, ' ');
      break;
    case Part::ZeroYearDay:
      Number(out, date.year_day, 3, '0');
      break;
    case Part::Hour:
      Number(out, date.hour, 2, '0');
      break;
    case Part::Hour12:
      Number(out, hour12, 0, '0');
      break;
    case Part::ZeroHour12:
      Number(out, hour12, 2, '0');
      break;
    case Part::Minute:
      Number(out, date.minute, 0, '0');
      break;
    case Part::ZeroMinute:
      Number(out, date.minute, 2, '0');
      break;
    case Part::Second:
      Number(out, date.second, 0, '0');
      break;
    case Part::ZeroSecond:
      Number(out, date.second, 2, '0');
      break;
    case Part::LongYear:
      Number(out, date.year, 4, '0');
      break;
    case Part::Year:
      Number(out, date.year % 100, 2, '0');
      break;
    case Part::UpperPm:
      out += date.hour >= 12 ? "PM" : "AM";
      break;
    case Part::LowerPm:
      out += date.hour >= 12 ? "pm" : "am";
      break;
    case Part::Zone:
      out += at.zone;
      break;
    case Part::OffsetZ:
      if (at.offset == 0) {
        out += 'Z';
        break;
      }
      [[fallthrough]];
    case Part::Offset:
      AppendOffset(out, pattern.text, at.offset);
      break;
  }
}

// Length of a fraction of seconds at the start of `layout` (".000", ",999"), or 0.
size_t FractionLength(std::string_view layout) {
  if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',') || (layout[1] != '0' && layout[1] != '9')) return 0;
  size_t end = layout.find_first_not_of(layout[1], 1);
  if (end == layout.npos) return layout.size();
  return layout[end] >= '0' && layout[end] <= '9' ? 0 : end;
}

void AppendFraction(std::string &out, std::string_view pattern, int nanosecond) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%09d", nanosecond);
  std::string_view fraction(digits, pattern.size() - 1 < 9 ? pattern.size() - 1 : 9);
  if (pattern[1] == '9') {
    while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
    if (fraction.empty()) return;
  }
  out += pattern[0];
  out += fraction;
}

const Pattern *Match(std::string_view layout) {
  for (const Pattern &pattern : kPatterns) {
    if (!layout.starts_with(pattern.text)) continue;
    bool word = pattern.part == Part::Month || pattern.part == Part::Weekday;
    if (word && layout.size() > 3 && layout[3] >= 'a' && layout[3] <= 'z') continue;  // "Month" is no month
    if (pattern.part == Part::UnderDay && layout.starts_with("_2006")) continue;
    return &pattern;
  }
  return nullptr;
}

}  // namespace

void AppendTime(std::string &out, std::string_view layout, int64_t ns, bool local) {
  Moment at{{}, 0, "UTC"};
  if (local) at.offset = Zone::LocalOffset(ns, &at.zone);
  at.date = DateOf(ns, at.offset);
  while (!layout.empty()) {
    if (size_t length = FractionLength(layout)) {
      AppendFraction(out, layout.substr(0, length), at.date.nanosecond);
      layout.remove_prefix(length);
    } else if (const Pattern *pattern = Match(layout)) {
      AppendPart(out, *pattern, at);
      layout.remove_prefix(pattern->text.size());
    } else {
      out += layout.front();
      layout.remove_prefix(1);
    }
  }
}

std::string TimeText(int64_t ns, bool local) {
  std::string out;
  AppendTime(out, "2006-01-02 15:04:05.999999999 -0700 MST", ns, local);
  return out;
}

}  // namespace tick::tmpl
