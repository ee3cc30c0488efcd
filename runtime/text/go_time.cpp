// go_time.cpp - dates, the local zone, and RFC 3339.
#include "runtime/text/go_time.h"

#include <sys/stat.h>

#include <cstdlib>
#include <ctime>
#include <initializer_list>
#include <utility>

namespace tick {
namespace {

constexpr int64_t kSecond = 1000000000, kDay = 86400;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The process's zone. `version` counts changes, so that threads know when what they remember is old.
struct LocalZone {
  bool utc = false;  // no offset, ever: most servers, and then a date needs no look into the zone's table
  uint32_t version = 0;
  LocalZone() { read(); }
  void read() {
    ::tzset();
    utc = ::timezone == 0 && !::daylight;
    ++version;
  }
  static LocalZone &get() {
    static LocalZone zone;
    return zone;
  }
};

// Clocks change at full quarters of an hour since 1973; within one, a thread asks the C library (and its lock) once.
constexpr int64_t kQuarter = 900, kFullQuartersSince = 94694400;
struct KnownOffset {
  uint32_t version = 0;
  int64_t quarter = 0, offset = 0;
};

bool ZoneExists(const std::string &name) {
  if (name.empty() || name[0] == '/' || name.find("..") != std::string::npos) return false;
  struct stat info;
  return ::stat(("/usr/share/zoneinfo/" + name).c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

void AppendPadded(std::string &out, int64_t value, int width) {
  char digits[24];
  char *end = digits + sizeof digits, *at = end;
  uint64_t rest = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  for (; rest > 0 || end - at < width; rest /= 10) *--at = static_cast<char>('0' + rest % 10);
  if (value < 0) out += '-';
  out.append(at, end);
}

void AppendDateTime(std::string &out, const Date &date, char between) {
  AppendPadded(out, date.year, 4);
  char text[] = "-00-00 00:00:00";
  text[6] = between;
  int at = 1;
  for (int value : {date.month, date.day, date.hour, date.minute, date.second}) {
    text[at] = static_cast<char>('0' + value / 10);
    text[at + 1] = static_cast<char>('0' + value % 10);
    at += 3;
  }
  out.append(text, sizeof text - 1);
  if (!date.nanosecond) return;
  out += '.';
  AppendPadded(out, date.nanosecond, 9);
  out.erase(out.find_last_not_of('0') + 1);
}

// Takes `width` digits off the front of the text.
bool TakeNumber(std::string_view &text, size_t width, int *value) {
  if (text.size() < width) return false;
  *value = 0;
  for (size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    *value = *value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool Take(std::string_view &text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeFraction(std::string_view &text, int *nanosecond) {
  *nanosecond = 0;
  if (!Take(text, '.')) return true;
  int digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits)
    if (digits < 9) *nanosecond = *nanosecond * 10 + (text[0] - '0');
  for (int i = digits; i < 9; ++i) *nanosecond *= 10;
  return digits > 0;
}

// `Z` or `+hh:mm`, and nothing behind it.
bool TakeOffset(std::string_view &text, int64_t *offset) {
  *offset = 0;
  if (Take(text, 'Z')) return text.empty();
  bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return false;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!TakeNumber(text, 2, &hours) || !Take(text, ':') || !TakeNumber(text, 2, &minutes)) return false;
  if (hours > 24 || minutes > 59 || !text.empty()) return false;
  *offset = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
  return true;
}

int DaysInMonth(int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap);
}

}  // namespace

bool Zone::SetLocal(std::string_view name) {
  std::string zone(name.empty() ? "UTC" : name);
  if (zone != "Local") {
    if (zone != "UTC" && !ZoneExists(zone)) return false;
    ::setenv("TZ", zone.c_str(), 1);
  }
  LocalZone::get().read();
  return true;
}

int64_t Zone::LocalOffset(int64_t ns, std::string *abbreviation) {
  const LocalZone &zone = LocalZone::get();
  if (zone.utc) {
    if (abbreviation) *abbreviation = "UTC";
    return 0;
  }
  thread_local KnownOffset known;
  time_t seconds = FloorDiv(ns, kSecond);
  bool keep = seconds >= kFullQuartersSince;
  if (keep && !abbreviation && known.version == zone.version && known.quarter == seconds / kQuarter)
    return known.offset;
  struct tm local;
  ::localtime_r(&seconds, &local);
  if (abbreviation) *abbreviation = local.tm_zone;
  if (keep) known = {zone.version, seconds / kQuarter, local.tm_gmtoff};
  return local.tm_gmtoff;
}

int64_t DaysOf(int64_t year, int month, int day) {
  // Years from March, so that the leap day is the last of its year; eras of 400 years.
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t era = FloorDiv(y, 400);
  int64_t year_of_era = y - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

Date DateOf(int64_t ns, int64_t offset) {
  int64_t seconds = FloorDiv(ns, kSecond);
  Date date{};
  date.nanosecond = static_cast<int>(ns % kSecond + (ns % kSecond < 0 ? kSecond : 0));
  seconds += offset;
  int64_t days = FloorDiv(seconds, kDay);
  int in_day = static_cast<int>(seconds - days * kDay);
  date.hour = in_day / 3600;
  date.minute = in_day / 60 % 60;
  date.second = in_day % 60;
  date.weekday = static_cast<int>((days % 7 + 11) % 7);
  int64_t shifted = days + 719468;
  int64_t era = FloorDiv(shifted, 146097);
  int64_t day_of_era = shifted - era * 146097;
  int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month = (5 * day_of_year + 2) / 153;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = era * 400 + year_of_era + (date.month <= 2);
  date.year_day = static_cast<int>(days - DaysOf(date.year, 1, 1) + 1);
  return date;
}

Date LocalDateOf(int64_t ns) { return DateOf(ns, Zone::LocalOffset(ns)); }

void AppendRfc3339(std::string &out, int64_t ns) {
  AppendDateTime(out, DateOf(ns), 'T');
  out += 'Z';
}

std::string Rfc3339(int64_t ns) {
  std::string out;
  AppendRfc3339(out, ns);
  return out;
}

std::string GoTime(int64_t ns) {
  std::string out;
  AppendDateTime(out, DateOf(ns), ' ');
  return out + " +0000 UTC";
}

bool ParseRfc3339(std::string_view text, int64_t *ns) {
  int year, month, day, hour, minute, second, nanosecond;
  int64_t offset;
  if (!TakeNumber(text, 4, &year) || !Take(text, '-') || !TakeNumber(text, 2, &month) || !Take(text, '-') ||
      !TakeNumber(text, 2, &day) || !Take(text, 'T') || !TakeNumber(text, 2, &hour) || !Take(text, ':') ||
      !TakeNumber(text, 2, &minute) || !Take(text, ':') || !TakeNumber(text, 2, &second) ||
      !TakeFraction(text, &nanosecond) || !TakeOffset(text, &offset))
    return false;
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
    return false;
  int64_t seconds = DaysOf(year, month, day) * kDay + hour * 3600 + minute * 60 + second - offset;
  // Times outside what nanoseconds hold (1677 to 2262) wrap, as Go's UnixNano does.
  *ns = static_cast<int64_t>(static_cast<uint64_t>(seconds) * kSecond + static_cast<uint64_t>(nanosecond));
  return true;
}

}  // namespace tick
